package com.smoketurner.postgres.cluster.parameters;

import com.smoketurner.postgres.api.ResourceAmounts;
import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.Member;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a spec proposes to the servers of a cluster. */
public final class ParameterProposals {

    private ParameterProposals() {}

    /**
     * A proposal that a member judges.
     *
     * @param view whose spec proposes it
     * @param values those whose values are to be judged one by one
     */
    public static ParameterProposal of(
            ClusterView view,
            Member judging,
            Map<String, String> values,
            Map<String, String> present,
            Map<String, String> wanted) {
        return new ParameterProposal(new TreeMap<>(values), present, wanted, own(view, judging), memory(view));
    }

    /** As the templates of Patroni's configuration have it; the pod says whether it has the files. */
    private static Map<String, String> own(ClusterView view, Member member) {
        if (member.patroni() == null || !member.patroni().secure()) {
            return Map.of();
        }
        var files = new TreeMap<String, String>();
        files.put("ssl", "on");
        files.put("ssl_cert_file", "/tls/tls.crt");
        files.put("ssl_key_file", "/tls/tls.key");
        if (view.podInputs().tlsCaPresent()) {
            files.put("ssl_ca_file", "/tls/ca.crt");
        }
        return files;
    }

    private static @Nullable Long memory(ClusterView view) {
        return Optional.ofNullable(view.spec().resourcesOrDefault().limits())
                .map(ResourceAmounts::memory)
                .map(memory -> memory.getNumericalAmount().longValue())
                .orElse(null);
    }
}
