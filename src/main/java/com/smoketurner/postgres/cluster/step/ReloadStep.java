package com.smoketurner.postgres.cluster.step;

import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Step;
import com.smoketurner.postgres.kube.Announcement;
import com.smoketurner.postgres.kube.EventRecorder;
import com.smoketurner.postgres.patroni.PatroniClient;
import io.fabric8.kubernetes.api.model.Secret;
import io.quarkus.logging.Log;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Puts a renewed certificate in force. The kubelet writes it into the pod some time after the Secret changed; from then on
 * a reload makes the member show it. So a member that shows another certificate than the Secret's is told to reload until
 * it does. What members have shown is remembered only to spare them the question.
 */
@Singleton
public final class ReloadStep implements Step {

    private static final Duration RETRY = Duration.ofSeconds(10);

    private final PatroniClient patroni;
    private final EventRecorder events;
    private final Map<String, Shown> shown = new ConcurrentHashMap<>();

    ReloadStep(PatroniClient patroni, EventRecorder events) {
        this.patroni = patroni;
        this.events = events;
    }

    /**
     * What a member answered.
     *
     * @param current it shows the certificate of that version of the Secret
     * @param renewed it had shown another one before
     */
    private record Shown(String secretVersion, boolean current, boolean renewed, Instant asked) {
        boolean stands(String version, Instant now) {
            return current ? secretVersion.equals(version) : now.isBefore(asked.plus(RETRY));
        }
    }

    @Override
    public Outcome run(ClusterRun run) {
        if (!run.spec().tlsEnabled() || run.observed().tls().isEmpty()) {
            return Outcome.DONE;
        }
        Secret secret = run.observed().tls().get();
        boolean waiting = run.observed().members().stream()
                .filter(Member::ready)
                .map(member -> check(run, member, secret))
                .anyMatch(answer -> !answer.current());
        return waiting
                ? new Outcome.Waiting("ReloadingCertificate", "members still show the former certificate", RETRY)
                : Outcome.DONE;
    }

    private Shown check(ClusterRun run, Member member, Secret secret) {
        String version = secret.getMetadata().getResourceVersion();
        return shown.compute(
                member.uid() + member.incarnation(),
                (key, known) -> known != null && known.stands(version, run.now())
                        ? known
                        : ask(run, member, version, known != null && !known.current()));
    }

    private Shown ask(ClusterRun run, Member member, String version, boolean wasOther) {
        try {
            PatroniClient.Member door = run.patroni(member);
            if (patroni.showsOwnCertificate(door)) {
                if (wasOther) {
                    events.send(
                            run.cluster(),
                            Announcement.normal(
                                    "CertificateRotated", "%s uses the renewed certificate".formatted(member.name())),
                            run.now());
                }
                return new Shown(version, true, wasOther, run.now());
            }
            patroni.reload(door);
        } catch (IOException | GeneralSecurityException e) {
            Log.debugf("the certificate of %s is not known: %s", member.name(), e.getMessage());
        }
        return new Shown(version, false, wasOther, run.now());
    }
}
