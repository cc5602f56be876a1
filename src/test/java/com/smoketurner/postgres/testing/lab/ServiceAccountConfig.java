package com.smoketurner.postgres.testing.lab;

import com.smoketurner.postgres.testing.Project;
import io.fabric8.kubernetes.api.model.ConfigBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A kubeconfig that carries the token of one ServiceAccount and nothing else: no administrator's rights slip in. */
final class ServiceAccountConfig {
    private static final long VALID_SECONDS = 24L * 3600;

    private ServiceAccountConfig() {}

    /** Writes it for the operator's own account; {@code server} replaces the address, for a proxy in between. */
    static Path forOperator(KubernetesClient admin, Path file, @Nullable String server) {
        TokenRequest request = admin.serviceAccounts()
                .inNamespace(Project.OPERATOR_NAMESPACE)
                .withName(Project.OPERATOR)
                .tokenRequest(new TokenRequestBuilder()
                        .withNewSpec()
                        .withExpirationSeconds(VALID_SECONDS)
                        .endSpec()
                        .build());
        Config config = admin.getConfiguration();
        var cluster = new ConfigBuilder()
                .addNewCluster()
                .withName("api")
                .withNewCluster()
                .withServer(server == null ? config.getMasterUrl() : server)
                .withCertificateAuthorityData(server == null ? authority(config) : null)
                .withInsecureSkipTlsVerify(server == null ? null : Boolean.TRUE)
                .endCluster()
                .endCluster();
        var kubeconfig = cluster.addNewUser()
                .withName("operator")
                .withNewUser()
                .withToken(request.getStatus().getToken())
                .endUser()
                .endUser()
                .addNewContext()
                .withName("operator")
                .withNewContext()
                .withCluster("api")
                .withUser("operator")
                .withNamespace(Project.OPERATOR_NAMESPACE)
                .endContext()
                .endContext()
                .withCurrentContext("operator")
                .build();
        try {
            Files.writeString(file, Serialization.asYaml(kubeconfig));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    private static @Nullable String authority(Config config) {
        try {
            String path = config.getCaCertFile();
            return config.getCaCertData() != null || path == null
                    ? config.getCaCertData()
                    : java.util.Base64.getEncoder().encodeToString(Files.readAllBytes(Path.of(path)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
