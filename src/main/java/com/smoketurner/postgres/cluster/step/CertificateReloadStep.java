package com.smoketurner.postgres.cluster.step;

import com.smoketurner.postgres.api.EventReason;
import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.cluster.desired.Authorities;
import com.smoketurner.postgres.cluster.desired.CaBundle;
import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.MemberMemory;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Part;
import com.smoketurner.postgres.cluster.run.Remembers;
import com.smoketurner.postgres.cluster.run.Step;
import com.smoketurner.postgres.kube.EventMessage;
import com.smoketurner.postgres.kube.EventRecorder;
import com.smoketurner.postgres.kube.MemberPods;
import com.smoketurner.postgres.kube.exec.PodExec;
import com.smoketurner.postgres.naming.Annotations;
import com.smoketurner.postgres.naming.Fingerprint;
import com.smoketurner.postgres.patroni.PatroniClient;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.quarkus.logging.Log;
import jakarta.inject.Singleton;
import java.io.EOFException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Puts a renewed certificate in force. The kubelet writes it into the pod, which is changed so that it does so at once; from then
 * on a reload makes the member show it. So a member that shows another certificate than the Secret's is told to reload until
 * it does. What members have shown is remembered only to spare them the question.
 *
 * <p>With another authority, as each renewal of a self-signed certificate has, a member that shows the former certificate and
 * the operator do not trust each other, so it is told by a signal. Members do not trust each other then either.
 *
 * <p>A member that gives no answer is asked again later. That alone is no renewal under way: an operator that has just
 * started asks all members of all clusters, and some of them answer late.
 */
@Singleton
public final class CertificateReloadStep implements Step, Remembers {

    private static final Duration RETRY = Duration.ofSeconds(10);

    private static final Duration SOON = Duration.ofSeconds(2);

    private static final Duration SIGNAL_TIMEOUT = Duration.ofSeconds(5);

    private final PatroniClient patroni;
    private final PodExec exec;
    private final EventRecorder events;
    private final MemberPods pods;
    private final DeliveredAuthorities delivered;
    private final MemberMemory<Shown> shown = new MemberMemory<>(member -> member.uid() + member.incarnation());

    CertificateReloadStep(
            PatroniClient patroni,
            PodExec exec,
            MemberPods pods,
            EventRecorder events,
            DeliveredAuthorities delivered) {
        this.delivered = delivered;
        this.patroni = patroni;
        this.pods = pods;
        this.exec = exec;
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
    public Part part() {
        return Part.CERTIFICATE_RELOAD;
    }

    @Override
    public Outcome run(ClusterRun run) {
        if (!run.spec().tlsEnabled() || run.observed().tls().isEmpty()) {
            return Outcome.DONE;
        }
        Authorities authorities = CaBundle.read(run.observed().caBundle());
        if (!delivered.everywhere(run, authorities)) {
            return new Outcome.Waiting(
                    Reason.RELOADING_CERTIFICATE,
                    "members and poolers are told to trust the new certificate authority besides the former one",
                    SOON);
        }
        Optional<Instant> anew = authorities.several() ? AuthorityChange.issueAnew(run) : Optional.empty();
        Secret secret = run.observed().tls().get();
        boolean former = false;
        boolean silent = false;
        for (Member member : run.observed().members()) {
            Certificate certificate =
                    member.ready() ? check(run, member, secret).certificate() : Certificate.CURRENT;
            former |= certificate == Certificate.OTHER;
            if (certificate == Certificate.UNKNOWN) {
                silent = true; // Each costs seconds: the others are asked another time.
                break;
            }
        }
        if (former) {
            return new Outcome.Waiting(
                    Reason.RELOADING_CERTIFICATE, "members still serve the previous certificate", RETRY);
        }
        if (anew.isPresent()) {
            return new Outcome.Waiting(
                    Reason.RELOADING_CERTIFICATE,
                    "certificates by the new authority are issued at %s, when applications have it as well"
                            .formatted(anew.get()),
                    Duration.between(run.now(), anew.get()));
        }
        return silent ? Outcome.UNDECIDED : Outcome.DONE;
    }

    private Shown check(ClusterRun run, Member member, Secret secret) {
        String version = secret.getMetadata().getResourceVersion();
        Shown answer = Objects.requireNonNull(shown.update(
                run.view(),
                member,
                known -> known != null && known.stands(version, run.now())
                        ? known
                        : new Shown(version, ask(run, member, known), run.now())));
        if (answer.certificate() == Certificate.OTHER) {
            deliver(run, member, secret);
        }
        return answer;
    }

    /** Otherwise the kubelet takes a minute or two. */
    private void deliver(ClusterRun run, Member member, Secret secret) {
        Optional.ofNullable(secret.getData())
                .map(data -> data.get("tls.crt"))
                .map(certificate -> Map.of(Annotations.CERTIFICATE, Fingerprint.of(certificate)))
                .ifPresent(note -> pods.mark(run.applier(), run.namespace(), member.name(), Map.of(), note));
    }

    @Override
    public void forget(PostgresCluster cluster) {
        shown.forget(cluster);
    }

    private Certificate ask(ClusterRun run, Member member, @Nullable Shown known) {
        try {
            PatroniClient.Member endpoint = run.view().patroni(member);
            if (patroni.showsOwnCertificate(endpoint)) {
                if (known != null && known.certificate() == Certificate.OTHER) {
                    events.record(
                            run.cluster(),
                            EventMessage.of(
                                    EventReason.CERTIFICATE_ROTATED,
                                    "%s now serves the renewed certificate".formatted(member.name())),
                            run.now());
                }
                return Certificate.CURRENT;
            }
            patroni.reload(endpoint);
            return Certificate.OTHER;
        } catch (IOException | GeneralSecurityException e) {
            Log.debugf("the certificate of %s is not known: %s", member.name(), e.getMessage());
            if (refused(e)) {
                signal(run, member);
                return Certificate.OTHER;
            }
            return known == null ? Certificate.UNKNOWN : known.silent();
        }
    }

    /**
     * The same as a request to reload, to the first process of the container, which is Patroni. By the shell, which every image has;
     * not every one has a program to send signals.
     */
    private void signal(ClusterRun run, Member member) {
        try {
            exec.run(run.namespace(), member.name(), Member.CONTAINER, "", SIGNAL_TIMEOUT, "sh", "-c", "kill -HUP 1");
        } catch (KubernetesClientException e) {
            Log.debugf("%s was not told to reload its certificate: %s", member.name(), e.getMessage());
        }
    }

    /** Whether the two do not trust each other's certificate; a handshake that was cut off tells nothing. */
    private static boolean refused(Exception failure) {
        return failure instanceof SSLException
                && Stream.iterate((Throwable) failure, Objects::nonNull, Throwable::getCause)
                        .noneMatch(EOFException.class::isInstance);
    }
}
