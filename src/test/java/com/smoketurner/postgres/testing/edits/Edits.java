package com.smoketurner.postgres.testing.edits;

import static com.smoketurner.postgres.testing.edits.Edit.Cost.CONTAINERS;
import static com.smoketurner.postgres.testing.edits.Edit.Cost.HANDED_OVER;
import static com.smoketurner.postgres.testing.edits.Edit.Cost.NOTHING;
import static com.smoketurner.postgres.testing.edits.Edit.Cost.PODS;
import static com.smoketurner.postgres.testing.edits.Edit.Cost.REFUSED;
import static com.smoketurner.postgres.testing.edits.Edit.Cost.SERVERS;
import static com.smoketurner.postgres.testing.edits.Edit.Cost.SERVERS_IN_PLACE;
import static com.smoketurner.postgres.testing.edits.Edit.Cost.SWITCHOVER;

import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.lab.Images;
import java.util.List;
import java.util.Map;

/** The edits of the table in {@code docs/operations.md}, in the order in which one cluster goes through them. */
public final class Edits {

    private static final String TLS_ON =
            "{\"tls\":{\"enabled\":true,\"issuerRef\":{\"name\":\"%s\",\"kind\":\"ClusterIssuer\"}}}"
                    .formatted(Manifest.ISSUER);

    private Edits() {}

    /** What they start from: three members with requests and limits. */
    public static Manifest start(String name) {
        return Manifest.cluster(name)
                .replicas(3)
                .spec(
                        "resources",
                        Map.of(
                                "requests",
                                Map.of("cpu", "50m", "memory", "128Mi"),
                                "limits",
                                Map.of("cpu", "1", "memory", "512Mi")));
    }

    public static List<Edit> all() {
        return List.of(
                Edit.parameters("parameter of a session (`work_mem`)", NOTHING, "{\"work_mem\":\"8MB\"}"),
                Edit.parameters(
                        "parameter of the server, by reload (`checkpoint_timeout`)",
                        NOTHING,
                        "{\"checkpoint_timeout\":\"10min\"}"),
                Edit.parameters(
                        "parameter of new connections (`log_connections`)", NOTHING, "{\"log_connections\":\"on\"}"),
                Edit.parameters(
                        "parameter of an extension (`auto_explain.log_min_duration`)",
                        NOTHING,
                        "{\"auto_explain.log_min_duration\":\"1000\"}"),
                Edit.parameters("parameter taken away, by reload", NOTHING, "{\"work_mem\":null}"),
                Edit.parameters("parameter with a restart (`shared_buffers`)", SERVERS, "{\"shared_buffers\":\"64MB\"}")
                        .andOften(),
                Edit.parameters("the same value in other words", NOTHING, "{\"shared_buffers\":\"65536kB\"}"),
                Edit.parameters("parameter taken away, with a restart", SERVERS, "{\"shared_buffers\":null}"),
                Edit.parameters("`max_connections` up", SERVERS, "{\"max_connections\":\"150\"}"),
                Edit.parameters("`max_connections` down", SERVERS_IN_PLACE, "{\"max_connections\":\"60\"}"),
                Edit.parameters("value that the server does not take", REFUSED, "{\"work_mem\":\"lots\"}")
                        .andOften(),
                Edit.parameters("parameter of the operator (`port`)", REFUSED, "{\"port\":\"5433\"}"),
                Edit.spec("CPU request up", NOTHING, "{\"resources\":{\"requests\":{\"cpu\":\"60m\"}}}")
                        .onOlderKubernetes(PODS)
                        .andOften(),
                Edit.spec("CPU limit down", NOTHING, "{\"resources\":{\"limits\":{\"cpu\":\"900m\"}}}")
                        .onOlderKubernetes(PODS),
                Edit.spec("memory limit up", CONTAINERS, "{\"resources\":{\"limits\":{\"memory\":\"640Mi\"}}}")
                        .onOlderKubernetes(PODS)
                        .andOften(),
                Edit.spec("memory limit down", CONTAINERS, "{\"resources\":{\"limits\":{\"memory\":\"512Mi\"}}}")
                        .onOlderKubernetes(PODS),
                Edit.spec("`restartOnResize` on", PODS, "{\"resources\":{\"restartOnResize\":true}}"),
                Edit.spec(
                                "CPU request up with `restartOnResize`",
                                CONTAINERS,
                                "{\"resources\":{\"requests\":{\"cpu\":\"70m\"}}}")
                        .onOlderKubernetes(PODS),
                Edit.spec(
                        "limits equal to requests (QoS)",
                        PODS,
                        "{\"resources\":{\"restartOnResize\":null,\"requests\":{\"cpu\":\"100m\",\"memory\":\"512Mi\"},\"limits\":{\"cpu\":\"100m\"}}}"),
                Edit.spec(
                        "limits taken away (QoS)",
                        PODS,
                        "{\"resources\":{\"requests\":{\"cpu\":\"50m\",\"memory\":\"128Mi\"},\"limits\":null}}"),
                Edit.spec("label added", NOTHING, "{\"labels\":{\"team\":\"payments\"}}"),
                Edit.spec("label taken away", NOTHING, "{\"labels\":null}"),
                Edit.spec("pull secret named", PODS, "{\"imagePullSecrets\":[{\"name\":\"registry\"}]}"),
                Edit.spec(
                        "toleration added",
                        PODS,
                        "{\"placement\":{\"tolerations\":[{\"key\":\"db\",\"operator\":\"Exists\"}]}}"),
                Edit.spec("other image", PODS, "{\"image\":\"%s\"}".formatted(Images.postgresPrevious())),
                Edit.spec("image as by default again", PODS, "{\"image\":null}"),
                Edit.spec(
                        "DNS name added to the certificate",
                        NOTHING,
                        "{\"tls\":{\"additionalDnsNames\":[\"db.example.com\"]}}"),
                Edit.spec(
                        "TLS off",
                        PODS,
                        "{\"tls\":{\"enabled\":false,\"issuerRef\":null,\"additionalDnsNames\":null}}"),
                Edit.spec("TLS on", PODS, TLS_ON),
                Edit.spec("Services of type NodePort", NOTHING, "{\"service\":{\"type\":\"NodePort\"}}"),
                Edit.spec(
                        "annotation of the Services",
                        NOTHING,
                        "{\"service\":{\"annotations\":{\"example.com/lb\":\"internal\"}}}"),
                Edit.spec("Services of type ClusterIP again", NOTHING, "{\"service\":null}"),
                Edit.spec("failover timing", NOTHING, "{\"failover\":{\"ttl\":30}}"),
                Edit.spec("failover timing as by default", NOTHING, "{\"failover\":null}"),
                Edit.spec("volumes deleted with the cluster", NOTHING, "{\"storage\":{\"whenDeleted\":\"Delete\"}}"),
                Edit.spec("storage 1Gi to 2Gi", NOTHING, "{\"storage\":{\"size\":\"2Gi\"}}"),
                Edit.spec("storage smaller", REFUSED, "{\"storage\":{\"size\":\"512Mi\"}}"),
                Edit.spec("other storage class", REFUSED, "{\"storage\":{\"storageClass\":\"other\"}}"),
                Edit.spec("lower major version", REFUSED, "{\"version\":\"15\"}"),
                Edit.spec("3 to 5 members", NOTHING, "{\"replicas\":5}").andOften(),
                Edit.spec("5 to 3 members, primary 0", NOTHING, "{\"replicas\":3}")
                        .withPrimaryAt(0),
                Edit.spec("3 to 2 members, primary 1", NOTHING, "{\"replicas\":2}")
                        .withPrimaryAt(1),
                Edit.spec("2 to 3 members", NOTHING, "{\"replicas\":3}"),
                Edit.spec("3 to 2 members, primary 2", HANDED_OVER, "{\"replicas\":2}")
                        .withPrimaryAt(2),
                Edit.spec("2 to 3 members again", NOTHING, "{\"replicas\":3}"),
                Edit.annotation("annotation `restart`", PODS, "restart", "1"),
                Edit.annotation("annotation `switchover`", SWITCHOVER, "switchover", "auto")
                        .thatPasses(),
                Edit.typed("`kubectl rollout restart sts`", PODS, "rollout", "restart", "sts", "CLUSTER"),
                Edit.typed(
                        "`patronictl switchover`",
                        SWITCHOVER,
                        "exec",
                        "PRIMARY",
                        "-c",
                        "postgres",
                        "--",
                        "patronictl",
                        "switchover",
                        "--force"));
    }
}
