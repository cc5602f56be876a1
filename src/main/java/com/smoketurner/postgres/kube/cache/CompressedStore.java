package com.smoketurner.postgres.kube.cache;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the objects of a cache as compressed JSON: a tenth of the memory of the client's model, in which every part of an
 * object has a map for fields that it does not know. For objects that change seldom; each read decodes one.
 *
 * <p>The first object that came serves the compression as the pattern of all others: objects of one kind are much alike, most
 * of all the scripts in the ConfigMaps.
 *
 * @param <R> the type of the objects
 */
final class CompressedStore<R extends HasMetadata> implements ItemStore<R> {

    /** An object, and the fingerprint of the desired object that it was found to match. */
    private static final class Packed {
        private final byte[] bytes;
        private final String version;
        private volatile @Nullable String matched;

        Packed(byte[] bytes, String version) {
            this.bytes = bytes;
            this.version = version;
        }
    }

    private final Map<String, Packed> objects = new ConcurrentHashMap<>();
    private final AtomicReference<byte @Nullable []> pattern;
    private final Class<R> type;
    private final KubernetesSerialization json;

    /** @param pattern what the objects are much alike, shared by the stores of one kind; the first object sets it */
    CompressedStore(Class<R> type, KubernetesSerialization json, AtomicReference<byte @Nullable []> pattern) {
        this.type = type;
        this.json = json;
        this.pattern = pattern;
    }

    @Override
    public String getKey(R object) {
        return Cache.metaNamespaceKeyFunc(object);
    }

    /** Empties the object that is given, except for its metadata: it waits for the event handlers. */
    @Override
    public @Nullable R put(String key, R object) {
        var packed =
                new Packed(pack(CachePruner.keep(object)), object.getMetadata().getResourceVersion());
        CachePruner.empty(object);
        return unpack(objects.put(key, packed));
    }

    @Override
    public @Nullable R remove(String key) {
        return unpack(objects.remove(key));
    }

    @Override
    public Stream<String> keySet() {
        return objects.keySet().stream();
    }

    /**
     * Only the metadata of each object. The client asks for all of them when it has listed a kind, to see whose
     * they are and which have gone, and holds them at the same time: whole ones of all kinds are more than all else that a
     * start with hundreds of clusters needs.
     */
    @Override
    public Stream<R> values() {
        return objects.values().stream()
                .flatMap(packed -> Optional.ofNullable(unpack(packed)).stream())
                .peek(CachePruner::empty);
    }

    @Override
    public int size() {
        return objects.size();
    }

    @Override
    public @Nullable R get(String key) {
        return unpack(objects.get(key));
    }

    /** Notes that this version of an object matches the desired one. A newer version clears the note. */
    void noteMatch(String key, String version, String fingerprint) {
        Packed packed = objects.get(key);
        if (packed != null && packed.version.equals(version)) {
            packed.matched = fingerprint;
        }
    }

    /** Compares the object again the next time: a newer version than this one is on its way. */
    void forgetMatch(String key) {
        Packed packed = objects.get(key);
        if (packed != null) {
            packed.matched = null;
        }
    }

    /** Whether the current version of the object has been found to match the desired one of this fingerprint. */
    boolean matched(String key, String fingerprint) {
        Packed packed = objects.get(key);
        return packed != null && fingerprint.equals(packed.matched);
    }

    /** What was left out by {@link CachePruner} is not to be had again. */
    @Override
    public boolean isFullState() {
        return false;
    }

    private byte[] pack(R object) {
        byte[] text = json.asJson(object).getBytes(StandardCharsets.UTF_8);
        pattern.compareAndSet(null, text);
        var packed = new ByteArrayOutputStream();
        var deflater = new Deflater(Deflater.BEST_SPEED, true);
        deflater.setDictionary(Objects.requireNonNull(pattern.get()));
        try (var out = new DeflaterOutputStream(packed, deflater)) {
            out.write(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            deflater.end();
        }
        return packed.toByteArray();
    }

    private @Nullable R unpack(@Nullable Packed packed) {
        if (packed == null) {
            return null;
        }
        var inflater = new Inflater(true);
        inflater.setDictionary(Objects.requireNonNull(pattern.get()));
        try (var in = new InflaterInputStream(new ByteArrayInputStream(packed.bytes), inflater)) {
            return json.unmarshal(in, type);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            inflater.end();
        }
    }
}
