package com.smoketurner.postgres.testing.user;

import com.smoketurner.postgres.testing.Command;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.lab.Images;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An application's pod: it has psql and python3, and the certificate authority of a cluster when it is given one. */
public record ClientPod(Namespace namespace, String name) {
    private static final String CONTAINER = "client";

    private static final long UID = 101;

    public static ClientPod start(Namespace namespace, String name) {
        return start(namespace, name, null);
    }

    /** Mounts this Secret at {@code /tls}, if one is named. */
    public static ClientPod start(Namespace namespace, String name, @Nullable String tlsSecret) {
        var builder = new PodBuilder()
                .withNewMetadata()
                .withNamespace(namespace.name())
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .withTerminationGracePeriodSeconds(0L)
                .withAutomountServiceAccountToken(false)
                .withNewSecurityContext()
                .withRunAsUser(UID)
                .withRunAsNonRoot(true)
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .endSecurityContext()
                .addNewContainer()
                .withName(CONTAINER)
                .withImage(Images.postgres())
                .withCommand("sleep", "infinity")
                .withNewSecurityContext()
                .withAllowPrivilegeEscalation(false)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .endSecurityContext()
                .endContainer()
                .endSpec();
        if (tlsSecret != null) {
            builder = builder.editSpec()
                    .editFirstContainer()
                    .addNewVolumeMount()
                    .withName("tls")
                    .withMountPath("/tls")
                    .endVolumeMount()
                    .endContainer()
                    .addNewVolume()
                    .withName("tls")
                    .withNewSecret()
                    .withSecretName(tlsSecret)
                    .withDefaultMode(0444)
                    .endSecret()
                    .endVolume()
                    .endSpec();
        }
        namespace.client().resource(builder.build()).create();
        namespace
                .client()
                .pods()
                .inNamespace(namespace.name())
                .withName(name)
                .waitUntilReady(Waiting.SHORT.toSeconds(), TimeUnit.SECONDS);
        return new ClientPod(namespace, name);
    }

    public Command.Result exec(String... argv) {
        return execIn(CONTAINER, argv);
    }

    /** In a container of another pod than a client's. */
    public Command.Result execIn(String container, String... argv) {
        return Exec.run(namespace.client(), namespace.name(), name, container, argv);
    }

    /** psql with a connection string and a password; columns separated by |, no header. */
    public Command.Result psql(String connection, String password, String sql) {
        return exec(
                "env",
                "PGPASSWORD=" + password,
                "PGCONNECT_TIMEOUT=30",
                "psql",
                connection,
                "-XAtq",
                "-v",
                "ON_ERROR_STOP=1",
                "-c",
                sql);
    }

    /** Waits until a server answers so: a Service reaches its members a moment after they are Ready. */
    public void awaitAnswer(String connection, String password, String sql, String answer) {
        Waiting.until(
                "'%s' over '%s' gives %s".formatted(sql, connection, answer),
                Waiting.SHORT,
                () -> {
                    Command.Result result = psql(connection, password, sql);
                    return (result.ok() ? result.out() : result.err()).strip();
                },
                answer::equals);
    }
}
