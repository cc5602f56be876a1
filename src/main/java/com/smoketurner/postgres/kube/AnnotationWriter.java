package com.smoketurner.postgres.kube;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import jakarta.inject.Singleton;
import java.net.HttpURLConnection;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Single annotations of objects that are otherwise left alone: wishes of users, and what has to outlive the operator. */
@Singleton
public final class AnnotationWriter {

    private static final PatchContext JSON = PatchContext.of(PatchType.JSON);
    private static final String ANNOTATIONS = "/metadata/annotations";
    private static final int UNPROCESSABLE = 422;
    private static final Set<Integer> OUTDATED = Set.of(HttpURLConnection.HTTP_CONFLICT, UNPROCESSABLE);

    private final KubernetesClient client;

    AnnotationWriter(KubernetesClient client) {
        this.client = client;
    }

    /**
     * Changes annotations of an object, unless one of those has changed since it was seen: then somebody wishes something
     * new, and nothing is written.
     *
     * @param changes the new values; null removes the annotation
     * @return whether they are written
     */
    public boolean change(HasMetadata seen, Map<String, ? extends @Nullable String> changes) {
        Map<String, String> present =
                Objects.requireNonNullElse(seen.getMetadata().getAnnotations(), Map.of());
        ArrayNode patch = JsonNodeFactory.instance.arrayNode();
        changes.forEach((key, value) -> {
            String path = ANNOTATIONS + "/" + key.replace("~", "~0").replace("/", "~1");
            String was = present.get(key);
            if (!present.isEmpty() && (was != null || value != null)) {
                test(patch.addObject(), path, was);
            }
            if (value != null) {
                patch.addObject().put("op", "add").put("path", path).put("value", value);
            } else if (was != null) {
                patch.addObject().put("op", "remove").put("path", path);
            }
        });
        if (patch.isEmpty()) {
            return true;
        }
        if (present.isEmpty()) {
            patch.insertObject(0).put("op", "add").put("path", ANNOTATIONS).putObject("value");
            patch.insert(0, test(JsonNodeFactory.instance.objectNode(), ANNOTATIONS, null));
        }
        return send(seen, patch.toString());
    }

    /** To the API server null is what is not there (the library that it applies patches with; RFC 6902 says nothing of it). */
    private static ObjectNode test(ObjectNode operation, String path, @Nullable String value) {
        return operation.put("op", "test").put("path", path).put("value", value);
    }

    private boolean send(HasMetadata object, String patch) {
        try {
            client.resource(object).patch(JSON, patch);
            return true;
        } catch (KubernetesClientException e) {
            if (OUTDATED.contains(e.getCode()) || e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }
}
