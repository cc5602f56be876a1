package com.smoketurner.postgres.cluster.desired;

import com.smoketurner.postgres.api.BackupEngine;
import com.smoketurner.postgres.api.IssuerRef;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the operator's configuration contributes to the objects of every cluster.
 *
 * @param images PostgreSQL images by major version
 * @param exporterImage image of the exporter where a cluster names none
 * @param poolerImage image of PgBouncer where a cluster names none
 * @param imageUid id of the user {@code postgres} in the images
 * @param imageGid id of its group
 * @param clusterDomain DNS suffix of Services, for example {@code cluster.local}
 * @param defaultIssuer issuer of clusters that name none; null lets each have an authority of its own
 * @param backupEngine engine of clusters that name none
 * @param kubernetes UID of the namespace kube-system, which tells one Kubernetes from another; empty where it may not be read
 * @param inPlaceResize whether the API server can resize running pods (Kubernetes 1.35)
 */
public record Settings(
        SortedMap<String, String> images,
        String exporterImage,
        String poolerImage,
        long imageUid,
        long imageGid,
        String clusterDomain,
        @Nullable IssuerRef defaultIssuer,
        BackupEngine backupEngine,
        String kubernetes,
        boolean inPlaceResize) {
    public Settings {
        images = Collections.unmodifiableSortedMap(new TreeMap<>(images));
    }

    /** The image with the binaries of that major version. */
    public String image(String major) {
        var image = images.get(major);
        if (image == null) {
            throw new IllegalArgumentException("no image is configured for PostgreSQL " + major);
        }
        return image;
    }
}
