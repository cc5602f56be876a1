package com.smoketurner.postgres.testing.user;

import com.smoketurner.postgres.testing.Command;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Resources;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.lab.Images;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The lab's S3 behind a proxy that fails as it is told: {@code e2e/faulty-store.py} says how. */
public record FaultyStore(Namespace namespace) {
    private static final String NAME = "store";

    /** Starts it in a namespace whose Secrets {@link ObjectStore#prepare(Namespace)} made. */
    public static FaultyStore start(Namespace ns) {
        ns.apply("""
                apiVersion: cert-manager.io/v1
                kind: Certificate
                metadata: {name: store-tls}
                spec:
                  secretName: store-tls
                  dnsNames: [store.%s.svc.cluster.local]
                  issuerRef: {name: lab-ca, kind: ClusterIssuer, group: cert-manager.io}
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: store}
                spec: {selector: {app: store}, ports: [{port: 443, targetPort: 8443}]}
                ---
                apiVersion: v1
                kind: Pod
                metadata: {name: store, labels: {app: store}}
                spec:
                  automountServiceAccountToken: false
                  terminationGracePeriodSeconds: 0
                  securityContext: {runAsNonRoot: true, runAsUser: 101, fsGroup: 101, seccompProfile: {type: RuntimeDefault}}
                  containers:
                  - name: store
                    image: %s
                    command: [python3, /scripts/faulty-store.py]
                    env: [{name: UPSTREAM, value: s3.s3.svc.cluster.local}]
                    ports: [{containerPort: 8443}]
                    readinessProbe: {tcpSocket: {port: 8443}, periodSeconds: 1}
                    securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
                    volumeMounts: [{name: scripts, mountPath: /scripts}, {name: tls, mountPath: /tls}]
                  volumes: [{name: scripts, configMap: {name: store}}, {name: tls, secret: {secretName: store-tls}}]
                """.formatted(ns.name(), Images.postgres()));
        ns.apply(Manifest.of("""
                        apiVersion: v1
                        kind: ConfigMap
                        metadata: {name: store}
                        """)
                .with(Map.of("faulty-store.py", Resources.text("/e2e/faulty-store.py")), "data")
                .text());
        Waiting.until(
                "the faulty store is ready",
                Waiting.SHORT,
                () -> ns.get("pod", NAME)
                        .at("/status/containerStatuses/0/ready")
                        .asBoolean(),
                ready -> ready);
        return new FaultyStore(ns);
    }

    public String endpoint() {
        return "https://store.%s.svc.cluster.local".formatted(namespace.name());
    }

    /** Fails by these rules from now on, and no longer by former ones. */
    public void fail(String... rules) {
        List<String> command = new ArrayList<>(
                List.of("sh", "-c", "rm -f /tmp/done; printf '%s\\n' \"$@\" >/tmp/new; mv /tmp/new /tmp/rules", "sh"));
        command.addAll(List.of(rules));
        exec(command.toArray(String[]::new)).orThrow();
    }

    /** Fails no more. */
    public void heal() {
        exec("rm", "-f", "/tmp/rules").orThrow();
    }

    /** The faults that happened since the rules were set, as {@code fault method path}. */
    public List<String> done() {
        return exec("sh", "-c", "cat /tmp/done 2>/dev/null || :")
                .orThrow()
                .lines()
                .toList();
    }

    /** Waits until a rule has failed something. */
    public void awaitFault() {
        Waiting.until("the store fails something", Waiting.SHORT, this::done, done -> !done.isEmpty());
    }

    private Command.Result exec(String... argv) {
        return Exec.run(namespace.client(), namespace.name(), NAME, NAME, argv);
    }
}
