package com.smoketurner.postgres.cluster.parameters;

import com.smoketurner.postgres.cluster.parameters.JudgeAnswers.Answer;
import com.smoketurner.postgres.kube.exec.ExecFailed;
import com.smoketurner.postgres.patroni.ParameterLimits;
import com.smoketurner.postgres.postgres.Parameters;
import com.smoketurner.postgres.postgres.ServerMessages;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What comes of a judgement. A start that fails counts against the proposal only where it fails for another reason than one with the
 * present parameters: what is broken anyway never keeps a correction out.
 *
 * @param byName of each parameter that was to be judged and that the program knows
 * @param refusal why the proposal cannot be put in force; absent if it can
 */
public record ParameterVerdicts(SortedMap<String, Verdict> byName, Optional<String> refusal) {

    private static final long MIB = 1024L * 1024;
    private static final long BLOCK = 8192;

    /** A library that is not there or not for this server; whether it likes to be loaded this way does not count here. */
    private static final Pattern LIBRARY =
            Pattern.compile("could not access file|could not load library|incompatible library|is not allowed");

    /** A copy that was made while the server wrote; and a check that the container has no room for. */
    private static final Pattern NO_JUDGEMENT =
            Pattern.compile("control file|pg_control|could not write|No space left");

    /**
     * What the server says of a value.
     *
     * @param value it in the server's own unit; absent if it is refused
     * @param refusal what is wrong with it; absent if it comes into force
     */
    public record Verdict(@Nullable String value, @Nullable String refusal) {}

    public ParameterVerdicts {
        byName = Collections.unmodifiableSortedMap(new TreeMap<>(byName));
    }

    static ParameterVerdicts of(ParameterProposal proposal, String pod, JudgeAnswers answers) {
        List<Answer> all = answers.answers();
        int values = proposal.asked().size();
        if (all.size() < values + 2) {
            throw new ExecFailed("the parameters could not be checked in pod %s: no answer".formatted(pod), null);
        }
        var verdicts = new TreeMap<String, Verdict>();
        int next = 0;
        for (Map.Entry<String, String> entry : proposal.asked().entrySet()) {
            verdicts.put(entry.getKey(), verdict(entry.getKey(), entry.getValue(), all.get(next++)));
        }
        Verdict buffers = verdicts.get(ParameterProposal.SHARED_BUFFERS);
        verdicts.keySet().retainAll(proposal.values().keySet());
        Optional<String> refusal = verdicts.values().stream()
                .flatMap(verdict -> Optional.ofNullable(verdict.refusal()).stream())
                .findFirst()
                .or(() -> lists(proposal))
                .or(() -> start(proposal, all.get(values), all.get(values + 1)))
                .or(() -> connections(proposal, all.subList(values + 2, all.size())))
                .or(() -> memory(proposal, pod, buffers, all.get(values), answers.memory()));
        return new ParameterVerdicts(verdicts, refusal);
    }

    /** Whether the proposal is accepted so far and has a WAL level without logical decoding. */
    boolean lowersWalLevel() {
        Verdict level = byName.get(Parameters.WAL_LEVEL);
        return refusal.isEmpty() && level != null && !"logical".equals(level.value());
    }

    /**
     * The same for a server with these logical replication slots, which it keeps on disk and does not start without logical decoding.
     *
     * @param slots their names; empty if there is none
     */
    ParameterVerdicts withLogicalSlots(String slots) {
        Verdict level = byName.get(Parameters.WAL_LEVEL);
        if (slots.isEmpty() || level == null) {
            return this;
        }
        String why = Parameters.refusal(
                Parameters.WAL_LEVEL,
                Objects.requireNonNullElse(level.value(), ""),
                "a server with logical replication slots starts with logical only; drop the slots first: " + slots);
        var verdicts = new TreeMap<>(byName);
        verdicts.put(Parameters.WAL_LEVEL, new Verdict(null, why));
        return new ParameterVerdicts(verdicts, Optional.of(why));
    }

    private static Verdict verdict(String name, String value, Answer answer) {
        Optional<String> why = answer.succeeded()
                ? ParameterLimits.objection(name, value, answer.output()).or(() -> hugePages(name, answer.output()))
                : Optional.of(reason(answer));
        return why.map(reason -> new Verdict(null, Parameters.refusal(name, value, reason)))
                .orElseGet(() -> new Verdict(answer.output(), null));
    }

    /** Kubernetes gives huge pages to containers alone that have them among their resources. */
    private static Optional<String> hugePages(String name, String meant) {
        return name.equals("huge_pages") && meant.equals("on")
                ? Optional.of("members have no huge pages, so no server would start; set it to try or off")
                : Optional.empty();
    }

    private static String reason(Answer answer) {
        String reason = ServerMessages.failure(answer.errors())
                .orElseGet(() -> "postgres ended: " + String.join(" ", answer.errors()));
        if (NO_JUDGEMENT.matcher(reason).find()) {
            throw new ExecFailed("the parameters could not be checked: " + reason, null);
        }
        return reason;
    }

    private static Optional<String> lists(ParameterProposal proposal) {
        return proposal.unreadableList()
                .map(name -> Parameters.refusal(
                        name,
                        proposal.value(name),
                        "the list of names has a syntax error; the server would load none"));
    }

    private static Optional<String> start(ParameterProposal proposal, Answer wanted, Answer present) {
        if (wanted.succeeded()) {
            return Optional.empty();
        }
        String reason = reason(wanted);
        boolean anyway = !present.succeeded() && reason(present).equals(reason);
        return anyway
                ? Optional.empty()
                : Optional.of(
                        refusal(proposal, reason, LIBRARY.matcher(reason).find() ? ParameterProposal.SHARED : ""));
    }

    private static Optional<String> connections(ParameterProposal proposal, List<Answer> answers) {
        return answers.stream()
                .filter(answer -> !answer.succeeded())
                .map(ParameterVerdicts::reason)
                .filter(reason -> LIBRARY.matcher(reason).find())
                .findFirst()
                .map(reason -> refusal(
                        proposal,
                        reason,
                        proposal.values().containsKey(ParameterProposal.SESSION)
                                ? ParameterProposal.SESSION
                                : ParameterProposal.LOCAL));
    }

    /** Says it of the parameter that the reason names, of the one that is behind a reason without a name, or of the only one. */
    private static String refusal(ParameterProposal proposal, String reason, String nameless) {
        Set<String> names = proposal.values().keySet();
        return names.stream()
                .filter(name -> Pattern.compile("\\b" + Pattern.quote(name) + "\\b")
                        .matcher(reason)
                        .find())
                .findFirst()
                .or(() -> names.stream().filter(nameless::equals).findFirst())
                .or(() -> names.stream().filter(name -> names.size() == 1).findFirst())
                .map(name -> Parameters.refusal(name, proposal.value(name), reason))
                .orElseGet(() -> "the server does not start with the parameters of the spec (%s)".formatted(reason));
    }

    /**
     * Shared memory that the node does not have, or of which a start alone writes more than the container may use. Less than that
     * runs for a time, and is left to the user.
     */
    private static Optional<String> memory(
            ParameterProposal proposal, String pod, @Nullable Verdict buffers, Answer wanted, long node) {
        if (!wanted.succeeded() || !wanted.output().matches("\\d{1,15}") || buffers == null) {
            return Optional.empty();
        }
        long shared = Long.parseLong(wanted.output()) * MIB;
        long cache = buffers.value() == null ? 0 : Long.parseLong(buffers.value()) * BLOCK;
        Long limit = proposal.memory();
        if (node > 0 && shared > node) {
            return Optional.of(refusal(
                    proposal,
                    "the server needs %d MB of shared memory, and the node of %s has %d MB"
                            .formatted(shared / MIB, pod, node / MIB),
                    ParameterProposal.SHARED_BUFFERS));
        }
        return limit != null && shared - cache > limit
                ? Optional.of(refusal(
                        proposal,
                        "a start needs %d MB of shared memory besides its cache, and spec.resources.limits.memory is %d MB"
                                .formatted((shared - cache) / MIB, limit / MIB),
                        ParameterProposal.SHARED_BUFFERS))
                : Optional.empty();
    }
}
