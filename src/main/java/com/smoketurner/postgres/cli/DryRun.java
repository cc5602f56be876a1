package com.smoketurner.postgres.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.reconcile.ErrorText;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What {@code kubectl apply} of a manifest would store: the API server judges it, fills in the defaults and stores
 * nothing.
 */
final class DryRun {
    private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
    private static final Set<Integer> JUDGEMENTS =
            Set.of(HttpURLConnection.HTTP_BAD_REQUEST, HttpURLConnection.HTTP_FORBIDDEN, 422);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The API server does not take it. */
    static final class Denied extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Denied(String message) {
            super(message);
        }
    }

    private final Manifest manifest;
    private final KubernetesClient client;
    private final Resource<GenericKubernetesResource> resource;

    DryRun(KubernetesClient client, String namespace, Manifest manifest) {
        this.client = client;
        this.manifest = manifest;
        this.resource = client.genericKubernetesResources(
                        HasMetadata.getApiVersion(PostgresCluster.class), HasMetadata.getKind(PostgresCluster.class))
                .inNamespace(namespace)
                .withName(manifest.name());
    }

    /** The cluster as it is; nothing if there is none of that name. */
    @Nullable
    GenericKubernetesResource live() {
        GenericKubernetesResource live = resource.get();
        if (live == null && !client.supports(PostgresCluster.class)) {
            throw new PlanCommand.Failure(
                    "the API server at %s does not serve PostgresCluster: the operator is not installed"
                            .formatted(client.getMasterUrl()));
        }
        return live;
    }

    /** As it would be. */
    GenericKubernetesResource apply(@Nullable GenericKubernetesResource live) {
        String last = live == null || live.getMetadata().getAnnotations() == null
                ? null
                : live.getMetadata().getAnnotations().get(LAST_APPLIED);
        try {
            return Objects.requireNonNull(last == null ? serverSide() : merged(last));
        } catch (KubernetesClientException e) {
            if (JUDGEMENTS.contains(e.getCode()) && !isMissingPermission(e)) {
                throw new Denied(e.getStatus() != null ? e.getStatus().getMessage() : String.valueOf(e.getMessage()));
            }
            throw e;
        }
    }

    private GenericKubernetesResource serverSide() {
        return resource.patch(
                context(PatchType.SERVER_SIDE_APPLY)
                        .withFieldManager("kubectl")
                        .withForce(true)
                        .build(),
                manifest.json());
    }

    /** As kubectl does: what the manifest says, and without what the last one said and this one does not. */
    private GenericKubernetesResource merged(String last) {
        return resource.patch(context(PatchType.JSON_MERGE).build(), without(last, manifest.json()));
    }

    private static PatchContext.Builder context(PatchType type) {
        return new PatchContext.Builder()
                .withPatchType(type)
                .withDryRun(List.of("All"))
                .withFieldValidation("Strict");
    }

    static String without(String last, String now) {
        try {
            ObjectNode patch = (ObjectNode) JSON.readTree(now);
            forget((ObjectNode) JSON.readTree(last), patch);
            return JSON.writeValueAsString(patch);
        } catch (JsonProcessingException | ClassCastException e) {
            throw new PlanCommand.Failure(
                    "cannot read the annotation kubectl.kubernetes.io/last-applied-configuration: "
                            + ErrorText.summary(e));
        }
    }

    private static void forget(ObjectNode last, ObjectNode patch) {
        for (Map.Entry<String, JsonNode> before : last.properties()) {
            JsonNode now = patch.get(before.getKey());
            if (now == null) {
                patch.putNull(before.getKey());
            } else if (now instanceof ObjectNode inner && before.getValue() instanceof ObjectNode old) {
                forget(old, inner);
            }
        }
    }

    /** A missing permission names the user; a policy names itself. */
    private static boolean isMissingPermission(KubernetesClientException e) {
        return e.getCode() == HttpURLConnection.HTTP_FORBIDDEN
                && e.getStatus() != null
                && e.getStatus().getMessage() != null
                && e.getStatus().getMessage().contains(" cannot patch resource ");
    }
}
