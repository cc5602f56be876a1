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
import java.io.EOFException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Puts a renewed certificate in force. The kubelet writes it into the pod some time after the Secret changed; from then on
 * a reload makes the member show it. So a member that shows another certificate than the Secret's is told to reload until
 * it does. What members have shown is remembered only to spare them the question.
 *
 * <p>A member that gives no answer is asked again later. That alone is no renewal under way: an operator that has just
 * started asks all members of all clusters, and some of them answer late.
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

    /** What a member shows. */
    private enum Certificate {
        CURRENT,
        OTHER,
        UNKNOWN
    }

    /**
     * What a member answered.
     *
     * @param secretVersion the version of the Secret that its certificate was compared with
     */
    private record Shown(String secretVersion, Certificate certificate, Instant asked) {
        boolean stands(String version, Instant now) {
            return certificate == Certificate.CURRENT ? secretVersion.equals(version) : now.isBefore(asked.plus(RETRY));
        }

        /** What it is taken to show when it does not answer: a certificate that it showed before is not the Secret's now. */
        Certificate silent() {
            return certificate == Certificate.UNKNOWN ? Certificate.UNKNOWN : Certificate.OTHER;
        }
    }

    @Override
    public Outcome run(ClusterRun run) {
        if (!run.spec().tlsEnabled() || run.observed().tls().isEmpty()) {
            return Outcome.DONE;
        }
        Secret secret = run.observed().tls().get();
        for (Member member : run.observed().members()) {
            Certificate certificate =
                    member.ready() ? check(run, member, secret).certificate() : Certificate.CURRENT;
            if (certificate == Certificate.OTHER) {
                return new Outcome.Waiting("ReloadingCertificate", "members still show the former certificate", RETRY);
            }
            if (certificate == Certificate.UNKNOWN) {
                return Outcome.DONE; // Each that does not answer costs seconds: the others are asked another time.
            }
        }
        return Outcome.DONE;
    }

    private Shown check(ClusterRun run, Member member, Secret secret) {
        String version = secret.getMetadata().getResourceVersion();
        return shown.compute(
                member.uid() + member.incarnation(),
                (key, known) -> known != null && known.stands(version, run.now())
                        ? known
                        : new Shown(version, ask(run, member, known), run.now()));
    }

    private Certificate ask(ClusterRun run, Member member, @Nullable Shown known) {
        try {
            PatroniClient.Member door = run.patroni(member);
            if (patroni.showsOwnCertificate(door)) {
                if (known != null && known.certificate() == Certificate.OTHER) {
                    events.send(
                            run.cluster(),
                            Announcement.normal(
                                    "CertificateRotated", "%s uses the renewed certificate".formatted(member.name())),
                            run.now());
                }
                return Certificate.CURRENT;
            }
            patroni.reload(door);
            return Certificate.OTHER;
        } catch (IOException | GeneralSecurityException e) {
            Log.debugf("the certificate of %s is not known: %s", member.name(), e.getMessage());
            return refused(e) ? Certificate.OTHER : known == null ? Certificate.UNKNOWN : known.silent();
        }
    }

    /** Whether the two do not trust each other's certificate; a handshake that was cut off tells nothing. */
    private static boolean refused(Exception failure) {
        return failure instanceof SSLException
                && Stream.iterate((Throwable) failure, Objects::nonNull, Throwable::getCause)
                        .noneMatch(EOFException.class::isInstance);
    }
}
