package com.smoketurner.postgres.backup;

import com.smoketurner.postgres.api.BackupDestinationSpec;
import com.smoketurner.postgres.api.DestinationType;
import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.api.RestoreSourceSpec;
import com.smoketurner.postgres.naming.Names;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where in which object store the backups of one cluster are. The repositories of the major versions are below, in folders
 * named by the version.
 *
 * @param field of the spec that says so, for messages: {@code backup.destination} or {@code restore.source}
 * @param type kind of object store
 * @param bucket name of the bucket, or of the container of Azure
 * @param path prefix in the bucket, without a slash at either end
 * @param pathGiven whether the spec names the path; if not, it is the one that the cluster itself would write to
 * @param region of the bucket; S3 only
 * @param endpoint URL of a store compatible with S3; null for that of the provider
 * @param pathStyle whether the bucket is addressed by path instead of by host name
 * @param storageAccount of the container; Azure only
 */
public record StoreLocation(
        String field,
        DestinationType type,
        String bucket,
        String path,
        boolean pathGiven,
        @Nullable String region,
        @Nullable String endpoint,
        boolean pathStyle,
        @Nullable String storageAccount) {

    /** What {@link #url()} begins with. */
    private static String scheme(DestinationType type) {
        return switch (type) {
            case S3 -> "s3";
            case GCS -> "gs";
            case AZURE -> "azure";
        };
    }

    /** Where the cluster of those names writes its backups; refused when the spec names no bucket. */
    public static Checked<StoreLocation> of(BackupDestinationSpec spec, Names cluster) {
        var flat = spec.flat();
        var type = Objects.requireNonNullElse(flat.type(), DestinationType.S3);
        return located(new StoreLocation(
                "backup.destination",
                type,
                bucket(type, flat.bucket(), flat.container()),
                normal(flat.path() != null ? flat.path() : path(cluster)),
                flat.path() != null,
                flat.region(),
                flat.endpoint(),
                flat.forcePathStyleOrDefault(),
                flat.storageAccount()));
    }

    /**
     * Where the cluster of those names is restored from: the spec's {@code prefix}, else its {@code path}, else the path of the
     * cluster it names, else that of the cluster itself.
     */
    public static Checked<StoreLocation> of(RestoreSourceSpec spec, Names cluster) {
        var flat = spec.flat();
        var type = flat.typeOrDefault();
        var bucket = bucket(type, flat.bucket(), flat.container());
        var path = flat.path() != null ? flat.path() : path(source(flat, cluster));
        if (flat.prefix() != null) {
            String start = scheme(type) + "://";
            if (!flat.prefix().startsWith(start)) {
                return Checked.refused(
                        Reason.INVALID_BACKUP_DESTINATION,
                        "restore.source.prefix must start with %s for type %s".formatted(start, type.label()));
            }
            String[] parts = flat.prefix().substring(start.length()).split("/", 2);
            bucket = parts[0];
            path = parts.length > 1 ? parts[1] : "";
        }
        return located(new StoreLocation(
                "restore.source",
                type,
                bucket,
                normal(path),
                flat.prefix() != null || flat.path() != null || flat.clusterName() != null,
                flat.region(),
                flat.endpoint(),
                flat.forcePathStyleOrDefault(),
                flat.storageAccount()));
    }

    /** The location as a URL, for example {@code s3://bucket/path}. */
    public String url() {
        return scheme(type) + "://"
                + Stream.of(bucket, path).filter(part -> !part.isEmpty()).collect(Collectors.joining("/"));
    }

    /** A location below this one. */
    public StoreLocation below(String folder) {
        return at(path.isEmpty() ? folder : path + "/" + folder);
    }

    /** Another path in the same bucket. */
    public StoreLocation at(String otherPath) {
        return new StoreLocation(
                field, type, bucket, normal(otherPath), true, region, endpoint, pathStyle, storageAccount);
    }

    /** Whether both are the same place, however it is written: same store, same bucket, same path. */
    public boolean samePlace(StoreLocation other) {
        return type == other.type
                && bucket.equals(other.bucket)
                && path.equals(other.path)
                && Objects.equals(storageAccount, other.storageAccount)
                && store().equals(other.store());
    }

    /** The host of the store, without what makes no difference. */
    private String store() {
        return endpoint == null
                ? ""
                : endpoint.toLowerCase(Locale.ROOT).replaceFirst("/+$", "").replaceFirst("^(https://.*):443$", "$1");
    }

    private static Checked<StoreLocation> located(StoreLocation location) {
        if (location.bucket.isEmpty()) {
            return Checked.refused(
                    Reason.INVALID_BACKUP_DESTINATION,
                    "%s names no %s"
                            .formatted(
                                    location.field, location.type == DestinationType.AZURE ? "container" : "bucket"));
        }
        if (Arrays.asList(location.path.split("/")).contains("..")) {
            return Checked.refused(
                    Reason.INVALID_BACKUP_DESTINATION, "%s must not contain ..".formatted(location.field));
        }
        if (location.endpoint != null && location.type != DestinationType.S3) {
            return Checked.refused(
                    Reason.INVALID_BACKUP_DESTINATION,
                    "%s.endpoint is for S3 only; remove it for type %s"
                            .formatted(location.field, location.type.label()));
        }
        return Checked.accepted(location);
    }

    private static String bucket(DestinationType type, @Nullable String bucket, @Nullable String container) {
        String name = type == DestinationType.AZURE && container != null ? container : bucket;
        return name == null ? "" : name;
    }

    private static Names source(RestoreSourceSpec spec, Names cluster) {
        return new Names(
                Objects.requireNonNullElse(spec.clusterNamespace(), cluster.namespace()),
                Objects.requireNonNullElse(spec.clusterName(), cluster.cluster()));
    }

    private static String path(Names cluster) {
        return cluster.namespace() + "/" + cluster.cluster();
    }

    /** Without empty parts: {@code /a//b/} and {@code a/b} are the same folder to the engines. */
    private static String normal(String path) {
        return Arrays.stream(path.split("/")).filter(part -> !part.isEmpty()).collect(Collectors.joining("/"));
    }
}
