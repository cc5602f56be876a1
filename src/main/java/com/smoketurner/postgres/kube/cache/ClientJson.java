package com.smoketurner.postgres.kube.cache;

import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.BeanDeserializerBuilder;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.deser.SettableBeanProperty;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.WatchEvent;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;

/**
 * How the operator's client reads JSON. Patroni renews a record of each member every few seconds, so hundreds of clusters send
 * hundreds of objects a second; the client's own way, a tree of all that was sent before the object is made of it, takes
 * twice the time and four times the memory.
 */
public final class ClientJson {

    private ClientJson() {}

    /**
     * The JSON of a client.
     *
     * @param mapper taken over and configured
     * @param kinds what is watched; other types are added by {@link OwnedCaches#watch(Class)}. What is not registered is read as a
     *     {@code GenericKubernetesResource}
     */
    public static KubernetesSerialization of(ObjectMapper mapper, List<Class<? extends KubernetesResource>> kinds) {
        // Without a search: the model knows five hundred kinds, and a search loads each.
        var json = new KubernetesSerialization(mapper, false);
        json.registerKubernetesResource(Status.class);
        kinds.forEach(json::registerKubernetesResource);
        mapper.registerModule(new SimpleModule("watches")
                .addDeserializer(String.class, new InterningDeserializer())
                .setDeserializerModifier(new Replacements(json)));
        return json;
    }

    private static final class Replacements extends BeanDeserializerModifier {
        private static final long serialVersionUID = 1;

        private final transient KubernetesSerialization json;

        Replacements(KubernetesSerialization json) {
            this.json = json;
        }

        @Override
        public BeanDeserializerBuilder updateBuilder(
                DeserializationConfig config, BeanDescription description, BeanDeserializerBuilder builder) {
            if (description.getBeanClass() == WatchEvent.class) {
                replace(builder, "object", new WatchedObject(json));
            }
            if (description.getBeanClass() == ObjectMeta.class) {
                replace(builder, "managedFields", new OwnFields());
            }
            return builder;
        }

        private static void replace(BeanDeserializerBuilder builder, String name, JsonDeserializer<?> reader) {
            SettableBeanProperty property =
                    builder.findProperty(com.fasterxml.jackson.databind.PropertyName.construct(name));
            builder.addOrReplaceProperty(property.withValueDeserializer(reader), true);
        }
    }
}
