package com.smoketurner.postgres.cluster.preview;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a changed spec would do to a running cluster.
 *
 * @param lines the impact of each changed field
 * @param refusal why the operator would not do it; absent if it would
 * @param unfinished what remains to be done for the present spec, included in the steps; absent if nothing does
 * @param steps what is done to members, in order
 * @param summary all steps together
 * @param overridden what keeps parameters of the spec from being in force; absent if nothing does
 */
public record Preview(
        List<Line> lines,
        @Nullable String refusal,
        @Nullable String unfinished,
        List<String> steps,
        ImpactSummary summary,
        @Nullable String overridden) {
    public Preview {
        lines = List.copyOf(lines);
        steps = List.copyOf(steps);
    }

    /**
     * One field.
     *
     * @param field its path
     * @param from its present value; absent if it has none
     * @param to its value to come; absent if it is taken away
     * @param text who is concerned, or why it is not possible
     */
    public record Line(
            String field, @Nullable String from, @Nullable String to, Impact impact, String text) {}

    /** The same where this stands in the way. */
    Preview refused(String why) {
        return new Preview(lines, why, unfinished, List.of(), summary, overridden);
    }

    /** The same with further steps. */
    Preview followedBy(List<String> more) {
        return new Preview(
                lines,
                refusal,
                unfinished,
                Stream.concat(steps.stream(), more.stream()).toList(),
                summary,
                overridden);
    }

    /** The same where this keeps parameters from being in force. */
    public Preview overridden(String text) {
        return new Preview(lines, refusal, unfinished, steps, summary, text);
    }
}
