package com.smoketurner.postgres.cluster.run;

import com.smoketurner.postgres.naming.Annotations;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The restore test that runs or ran last, as its Job and the Job's pod tell.
 *
 * @param request what was requested
 * @param started when the Job was made
 * @param ended when the Job ended; null while it runs or while the end of its pod is not known yet
 * @param succeeded whether it ended well
 * @param jobReason why Kubernetes ended the Job, such as {@code DeadlineExceeded}; null without a failure
 * @param podReason why the container ended, such as {@code OOMKilled}; null where it is not known
 * @param result what the program in the pod wrote down; null where it could write nothing
 */
public record Verification(
        Request request,
        Instant started,
        @Nullable Instant ended,
        boolean succeeded,
        @Nullable String jobReason,
        @Nullable String podReason,
        @Nullable Result result) {

    /** The target that is everything that was archived. */
    public static final String LATEST = "latest";

    /**
     * What a test restores.
     *
     * @param trigger value of the annotation that requested it; null for a scheduled one
     * @param backup name of the base backup
     * @param target {@link #LATEST} or a time
     * @param windowEnd end of the recovery window when it began; null where it was not known
     */
    public record Request(
            @Nullable String trigger,
            String backup,
            String target,
            @Nullable Instant windowEnd) {

        static @Nullable Request parse(@Nullable String annotation) {
            return PodReport.parse(annotation)
                    .flatMap(report -> {
                        String backup = report.text("backup");
                        String target = report.text("target");
                        return backup == null || target == null
                                ? Optional.empty()
                                : Optional.of(
                                        new Request(report.text("trigger"), backup, target, report.time("windowEnd")));
                    })
                    .orElse(null);
        }

        public boolean latest() {
            return target.equals(LATEST);
        }
    }

    /**
     * The verdict of the program.
     *
     * @param finished whether it says something about the backup; false where the test itself could not be finished
     * @param reason one word for the finding; null for a success
     * @param message the finding, with the name of the damaged object; null for a success
     * @param reached commit time of the last transaction that was recovered; null where there was none
     * @param recoverySeconds from the first byte to a server that accepts writes; null where it did not get so far
     */
    public record Result(
            boolean finished,
            @Nullable String reason,
            @Nullable String message,
            @Nullable Instant reached,
            @Nullable Long recoverySeconds) {

        static @Nullable Result parse(@Nullable String message) {
            return PodReport.parse(message)
                    .filter(report -> report.text("result") != null)
                    .map(report -> new Result(
                            !"incomplete".equals(report.text("result")),
                            report.text("reason"),
                            report.text("message"),
                            report.time("reached"),
                            report.whole("recoverySeconds")))
                    .orElse(null);
        }
    }

    /**
     * What a Job tells; nothing of one that is not a restore test.
     *
     * @param pods the cluster's, whatever they are for
     */
    public static Optional<Verification> of(Job job, List<Pod> pods) {
        Request request = Request.parse(annotations(job).get(Annotations.VERIFICATION));
        String created = job.getMetadata().getCreationTimestamp();
        if (request == null || created == null) {
            return Optional.empty();
        }
        Optional<Pod> pod = pods.stream()
                .filter(candidate -> candidate.getMetadata().getOwnerReferences().stream()
                        .anyMatch(
                                owner -> owner.getUid().equals(job.getMetadata().getUid())))
                .findFirst();
        Optional<ContainerStateTerminated> end = pod.flatMap(Verification::terminated);
        Optional<JobCondition> done = condition(job, "Complete").or(() -> condition(job, "Failed"));
        // The watches of Jobs and of pods tell of one end at different times; a pod that is gone tells nothing any
        // more.
        boolean over = done.isPresent() && (pod.isEmpty() || end.isPresent());
        Optional<JobCondition> failed = condition(job, "Failed");
        return Optional.of(new Verification(
                request,
                Instant.parse(created),
                over
                        ? done.map(JobCondition::getLastTransitionTime)
                                .map(Instant::parse)
                                .orElse(null)
                        : null,
                over && failed.isEmpty(),
                failed.map(JobCondition::getReason).orElse(null),
                end.map(ContainerStateTerminated::getReason).orElse(null),
                Result.parse(end.map(ContainerStateTerminated::getMessage).orElse(null))));
    }

    private static Optional<JobCondition> condition(Job job, String type) {
        return job.getStatus() == null
                ? Optional.empty()
                : job.getStatus().getConditions().stream()
                        .filter(condition -> type.equals(condition.getType()) && "True".equals(condition.getStatus()))
                        .findFirst();
    }

    private static Optional<ContainerStateTerminated> terminated(Pod pod) {
        return pod.getStatus() == null
                ? Optional.empty()
                : pod.getStatus().getContainerStatuses().stream()
                        .filter(status -> status.getState() != null)
                        .map(status -> Optional.ofNullable(status.getState().getTerminated()))
                        .flatMap(Optional::stream)
                        .findFirst();
    }

    private static Map<String, String> annotations(Job job) {
        return Objects.requireNonNullElse(job.getMetadata().getAnnotations(), Map.of());
    }

    /** Whether it goes on, as far as is known. */
    public boolean running() {
        return ended == null;
    }

    /** A value of the result. */
    public <T> Optional<T> result(Function<Result, @Nullable T> value) {
        return Optional.ofNullable(result).flatMap(present -> Optional.ofNullable(value.apply(present)));
    }
}
