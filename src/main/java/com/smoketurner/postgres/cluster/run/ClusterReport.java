package com.smoketurner.postgres.cluster.run;

import com.smoketurner.postgres.backup.RepositoryListing;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a reconciliation came to: the facts it started from and what the steps answered. Everything a status says is
 * derived from this.
 *
 * @param view what was observed, and the spec
 * @param outcomes what the steps answered, by the part they own and in that order; a part that was not taken is absent
 * @param blocked why members cannot be built; absent when nothing is known to stand in the way
 * @param refusal why Kubernetes does not create a member's pod or volume; absent while none is missing for long
 * @param startFailure why the server of a member does not start, in its own words; absent while all run
 * @param serverVersion the release the primary reports, such as 16.4; absent while unknown
 * @param repository what the repository of the backups contains; absent before it was requested
 */
public record ClusterReport(
        ClusterView view,
        Map<Part, Outcome> outcomes,
        Optional<Outcome.Rejected> blocked,
        Optional<String> refusal,
        Optional<String> startFailure,
        Optional<String> serverVersion,
        Optional<RepositoryListing.Answer> repository) {

    /**
     * @param outcomes in any order
     */
    public ClusterReport {
        outcomes = Collections.unmodifiableMap(new TreeMap<>(outcomes));
    }

    /** What the step of a part answered; empty where it was not taken. */
    public Optional<Outcome> outcome(Part part) {
        return Optional.ofNullable(outcomes.get(part));
    }

    /** What the step of a part answered, if it is of this type. */
    public <T extends Outcome> Optional<T> outcome(Part part, Class<T> type) {
        return outcome(part).filter(type::isInstance).map(type::cast);
    }

    /** The parts that failed, a line each; empty where none did. */
    public Optional<String> failures() {
        String text = outcomes.entrySet().stream()
                .filter(entry -> entry.getValue() instanceof Outcome.Failed)
                .map(entry -> entry.getKey().label() + ": " + ((Outcome.Failed) entry.getValue()).message())
                .collect(Collectors.joining("; "));
        return Optional.of(text).filter(Predicate.not(String::isEmpty));
    }

    public Optional<Outcome.Rejected> rejected() {
        return first(Outcome.Rejected.class);
    }

    /** Whether the spec is reached, nothing is waited for, and no question is open. */
    public boolean calm() {
        return blocked.isEmpty()
                && serverVersion.isPresent()
                && !view.paused()
                && outcomes.values().stream().allMatch(Outcome.DONE::equals);
    }

    /** What stands in the way of the spec as a whole. */
    public Optional<Outcome.Rejected> failure() {
        return rejected().or(this::blocked);
    }

    public Optional<Outcome.PartlyRejected> partlyRejected() {
        return first(Outcome.PartlyRejected.class);
    }

    /** The part that keeps all later ones waiting. */
    public Optional<Outcome.Waiting> gate() {
        return outcomes.keySet().stream()
                .filter(Part::gates)
                .flatMap(part -> outcome(part, Outcome.Waiting.class).stream())
                .findFirst();
    }

    public Optional<Outcome.Waiting> waiting() {
        return first(Outcome.Waiting.class);
    }

    public Optional<Outcome.Working> working() {
        return first(Outcome.Working.class);
    }

    /** The change to another major version, while one is under way. */
    public Optional<Outcome.Working> upgrading() {
        return outcome(Part.UPGRADE, Outcome.Working.class);
    }

    public Optional<Outcome.Queued> queued() {
        return first(Outcome.Queued.class);
    }

    /** Whether every replica receives the primary's changes as they happen. */
    public boolean streaming() {
        return members().stream().allMatch(member -> member.primary() || member.streaming());
    }

    private <T extends Outcome> Optional<T> first(Class<T> type) {
        return outcomes.values().stream()
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst();
    }

    public Optional<Member> primary() {
        return view.observed().primary(view.now());
    }

    public List<Member> members() {
        return view.observed().members();
    }

    /** How many members there are to be; in a pause as many as there are, for no other number will be reached. */
    public int desired() {
        return view.observed()
                .statefulSet()
                .filter(set -> view.paused())
                .map(set -> set.getSpec().getReplicas())
                .orElseGet(view::desired);
    }

    /** Whether the objects that make up the cluster stand as the spec has them, or will without anybody's help. */
    public boolean applied() {
        return rejected().isEmpty()
                && (!view.paused() || view.observed().statefulSet().isPresent());
    }

    public int ready() {
        return view.observed().ready();
    }

    /** How many members are Ready, and what keeps others from it, for messages. */
    public String readiness() {
        return withCauses("%d/%d members ready".formatted(ready(), desired()));
    }

    /** The text, with what keeps a member from being created and a server from starting. */
    public String withCauses(String text) {
        return Stream.of(Optional.of(text), refusal, startFailure)
                .flatMap(Optional::stream)
                .collect(Collectors.joining("; "));
    }

    /** Why members do not get the resources of the spec; empty while they can. */
    public Optional<Outcome.Unsupported> refusedResize() {
        return outcome(Part.ROLLOUT, Outcome.Unsupported.class);
    }

    /** Whether every pod is as the spec asks: no change waits for its turn or is refused. */
    public boolean inSync() {
        return synced() && queued().isEmpty() && refusedResize().isEmpty();
    }

    /** Whether every pod runs the current template and its kubelet knows. */
    public boolean synced() {
        return members().size() == desired()
                && members().stream().allMatch(member -> member.specApplied() && !member.terminating())
                && working().isEmpty();
    }

    /** Whether a primary serves and all members are Ready and run the current spec. */
    public boolean complete() {
        return primary().isPresent() && ready() >= desired() && synced();
    }

    /** The members that are not Ready, with what keeps them. */
    public String notReady() {
        String names = members().stream()
                .filter(member -> !member.ready())
                .map(ClusterReport::withTrouble)
                .collect(Collectors.joining(", "));
        return withCauses(names.isEmpty() ? "members that have no pod yet" : names);
    }

    private static String withTrouble(Member member) {
        if (member.waitsWithFormerData()) {
            return member.name() + " (its data is not that of this cluster)";
        }
        String trouble = member.waiting() != null ? member.waiting().reason() : member.unschedulable();
        if (trouble == null && member.exporterWaiting() != null) {
            trouble = "container %s: %s"
                    .formatted(Member.EXPORTER, member.exporterWaiting().reason());
        }
        return trouble == null ? member.name() : "%s (%s)".formatted(member.name(), trouble);
    }
}
