package com.smoketurner.postgres.cluster.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.naming.Annotations;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class VerificationTest {
    private static final Instant STARTED = Instant.parse("2026-11-29T12:00:00Z");
    private static final Instant ENDED = STARTED.plusSeconds(60);

    private static Job job(@Nullable String condition, @Nullable String reason) {
        var job = new JobBuilder()
                .withNewMetadata()
                .withUid("job")
                .withCreationTimestamp(STARTED.toString())
                .addToAnnotations(Annotations.VERIFICATION, "{\"backup\":\"F1\",\"target\":\"latest\"}")
                .endMetadata()
                .withNewStatus()
                .endStatus()
                .build();
        return condition == null
                ? job
                : job.edit()
                        .editStatus()
                        .addNewCondition()
                        .withType("FailureTarget")
                        .withStatus("True")
                        .endCondition()
                        .addNewCondition()
                        .withType(condition)
                        .withStatus("True")
                        .withReason(reason)
                        .withLastTransitionTime(ENDED.toString())
                        .endCondition()
                        .endStatus()
                        .build();
    }

    private static Pod pod(String owner, @Nullable String message) {
        var pod = new PodBuilder()
                .withNewMetadata()
                .addNewOwnerReference()
                .withUid(owner)
                .endOwnerReference()
                .endMetadata()
                .withNewStatus()
                .addNewContainerStatus()
                .withNewState()
                .endState()
                .endContainerStatus()
                .endStatus()
                .build();
        if (message != null) {
            pod.getStatus()
                    .getContainerStatuses()
                    .getFirst()
                    .setState(new ContainerStateBuilder()
                            .withNewTerminated()
                            .withReason("Error")
                            .withMessage(message)
                            .endTerminated()
                            .build());
        }
        return pod;
    }

    private static Verification of(Job job, Pod... pods) {
        return Verification.of(job, List.of(pods)).orElseThrow();
    }

    @Test
    void aJobOfSomebodyElseIsNoTest() {
        var foreign = new JobBuilder().withNewMetadata().endMetadata().build();
        assertThat(Verification.of(foreign, List.of())).isEmpty();
    }

    @Test
    void itEndsWhenBothItsJobAndItsPodHave() {
        assertThat(of(job(null, null)).running()).isTrue();
        assertThat(of(job(null, null), pod("job", "{}")).running()).isTrue();
        assertThat(of(job("Complete", null), pod("job", null)).running()).isTrue();
        var ended = of(job("Complete", null), pod("job", "{\"result\":\"verified\",\"recoverySeconds\":7}"));
        assertThat(ended.ended()).isEqualTo(ENDED);
        assertThat(ended.succeeded()).isTrue();
        assertThat(ended.result(Verification.Result::recoverySeconds)).contains(7L);
    }

    @Test
    void aFailureHasItsVerdictOrTheReasonOfKubernetes() {
        var found = of(
                job("Failed", "BackoffLimitExceeded"),
                pod("other", "{\"result\":\"verified\"}"),
                pod(
                        "job",
                        "{\"result\":\"failed\",\"reason\":\"WalMissing\",\"message\":\"1\",\"reached\":\"2026-11-29T11:59:59.5Z\"}"));
        assertThat(found.succeeded()).isFalse();
        assertThat(found.result())
                .isEqualTo(new Verification.Result(
                        true, "WalMissing", "1", Instant.parse("2026-11-29T11:59:59.5Z"), null));
        var late = of(job("Failed", "DeadlineExceeded"));
        assertThat(late.running()).isFalse();
        assertThat(late.jobReason()).isEqualTo("DeadlineExceeded");
        assertThat(late.result()).isNull();
        assertThat(of(job("Failed", "x"), pod("job", "noise")).result()).isNull();
    }
}
