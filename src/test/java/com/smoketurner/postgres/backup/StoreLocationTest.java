package com.smoketurner.postgres.backup;

import static com.smoketurner.postgres.backup.Repositories.ORDERS;
import static com.smoketurner.postgres.backup.Repositories.accepted;
import static com.smoketurner.postgres.backup.Repositories.destination;
import static com.smoketurner.postgres.backup.Repositories.location;
import static com.smoketurner.postgres.backup.Repositories.refused;
import static com.smoketurner.postgres.backup.Repositories.source;
import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.api.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoreLocationTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            type: S3, bucket: b                     | s3://b/team-a/orders
            S3: {bucket: b, path: p}                | s3://b/p
            type: S3, bucket: b, path: p//q/        | s3://b/p/q
            type: GCS, bucket: b                    | gs://b/team-a/orders
            type: Azure, container: c               | azure://c/team-a/orders
            type: Azure, bucket: c                  | azure://c/team-a/orders
            """)
    void destinations(String fields, String url) {
        assertThat(location(fields).url()).isEqualTo(url);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            bucket: b                                               | s3://b/team-a/orders | false
            bucket: b, clusterName: old                             | s3://b/team-a/old    | true
            bucket: b, clusterName: old, clusterNamespace: x        | s3://b/x/old         | true
            bucket: b, clusterNamespace: x                          | s3://b/x/orders      | false
            bucket: b, path: p, clusterName: old                    | s3://b/p             | true
            prefix: "s3://b/p/q/"                                   | s3://b/p/q           | true
            prefix: "s3://b"                                        | s3://b               | true
            s3: {prefix: "s3://b/p"}                                | s3://b/p             | true
            type: GCS, prefix: "gs://b/p"                           | gs://b/p             | true
            type: Azure, prefix: "azure://c/p"                      | azure://c/p          | true
            """)
    void sources(String fields, String url, boolean given) {
        var location = accepted(StoreLocation.of(source(fields), ORDERS));
        assertThat(location.url()).isEqualTo(url);
        assertThat(location.pathGiven()).isEqualTo(given);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            type: GCS, prefix: "s3://b/p"           | restore.source.prefix must start with gs:// for type GCS
            prefix: "s3://b/../c"                   | restore.source must not contain ..
            prefix: "s3:///p"                       | restore.source names no bucket
            type: Azure, path: p                    | restore.source names no container
            type: GCS, bucket: b, endpoint: "https://x" | restore.source.endpoint is for S3 only; remove it for type GCS
            """)
    void refusals(String fields, String message) {
        var refused = refused(StoreLocation.of(source(fields), ORDERS));
        assertThat(refused.reason()).isEqualTo(Reason.INVALID_BACKUP_DESTINATION);
        assertThat(refused.message()).isEqualTo(message);
    }

    @Test
    void onePlaceInSeveralSpellings() {
        var plain = location("type: S3, bucket: b, region: r, endpoint: \"https://s3\", path: team-a/orders");
        assertThat(plain.samePlace(location("S3: {bucket: b, endpoint: \"https://S3:443/\"}")))
                .isTrue();
        assertThat(plain.samePlace(accepted(StoreLocation.of(
                        source("prefix: \"s3://b/team-a/orders/\", endpoint: \"https://s3\""), ORDERS))))
                .isTrue();
        assertThat(plain.samePlace(location("type: S3, bucket: b"))).isFalse();
        assertThat(plain.samePlace(plain.below("k-1a2b3c4d"))).isFalse();
        assertThat(plain.below("k-1a2b3c4d").url()).isEqualTo("s3://b/team-a/orders/k-1a2b3c4d");
    }

    @Test
    void aDestinationNeedsABucket() {
        assertThat(refused(StoreLocation.of(destination("type: S3"), ORDERS)).message())
                .isEqualTo("backup.destination names no bucket");
    }
}
