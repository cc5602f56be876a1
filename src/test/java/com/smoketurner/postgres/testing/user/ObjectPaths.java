package com.smoketurner.postgres.testing.user;

import com.smoketurner.postgres.testing.Project;
import java.util.Map;

/** Where the API server has the objects of a type, by the names that kubectl takes. */
final class ObjectPaths {
    private static final String APPS = "/apis/apps/v1";
    private static final String RBAC = "/apis/rbac.authorization.k8s.io/v1";
    private static final String OURS = "/apis/" + Project.GROUP + "/v1alpha1";
    private static final String CERT_MANAGER = "/apis/cert-manager.io/v1";

    private static final String KEDA = "/apis/keda.sh/v1alpha1";

    /** The names whose API and plural are not those of the core group with an s. */
    private static final Map<String, Place> PLACES = Map.ofEntries(
            Map.entry("pvc", new Place("/api/v1", "persistentvolumeclaims")),
            Map.entry("endpoints", new Place("/api/v1", "endpoints")),
            Map.entry("sts", new Place(APPS, "statefulsets")),
            Map.entry("statefulset", new Place(APPS, "statefulsets")),
            Map.entry("job", new Place("/apis/batch/v1", "jobs")),
            Map.entry("pdb", new Place("/apis/policy/v1", "poddisruptionbudgets")),
            Map.entry("networkpolicy", new Place("/apis/networking.k8s.io/v1", "networkpolicies")),
            Map.entry("role", new Place(RBAC, "roles")),
            Map.entry("rolebinding", new Place(RBAC, "rolebindings")),
            Map.entry("endpointslice", new Place("/apis/discovery.k8s.io/v1", "endpointslices")),
            Map.entry("certificate", new Place(CERT_MANAGER, "certificates")),
            Map.entry("issuer", new Place(CERT_MANAGER, "issuers")),
            Map.entry("scaledobject", new Place(KEDA, "scaledobjects")),
            Map.entry("triggerauthentication", new Place(KEDA, "triggerauthentications")),
            Map.entry("pgc", new Place(OURS, "postgresclusters")),
            Map.entry("postgresdatabase", new Place(OURS, "postgresdatabases")),
            Map.entry("postgresupgrade", new Place(OURS, "postgresupgrades")));

    private record Place(String api, String plural) {}

    private ObjectPaths() {}

    /** All objects of a type in a namespace. */
    static String of(String type, String namespace) {
        if (type.equals("storageclass")) {
            return "/apis/storage.k8s.io/v1/storageclasses";
        }
        Place place = PLACES.getOrDefault(type, new Place("/api/v1", type + "s"));
        return place.api() + "/namespaces/" + namespace + "/" + place.plural();
    }
}
