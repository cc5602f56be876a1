package com.smoketurner.postgres.cluster.run;

import java.time.Duration;

/**
 * How long things may take before they are called by another name, and how often a quiet cluster is looked at.
 *
 * @param creation members under construction, before the cause is looked for
 * @param primaryUnavailable no primary, before the cluster counts as failed
 * @param noPrimaryAfter no primary, before the cluster counts as recovering
 * @param degradedAfter members missing, before the cluster counts as degraded
 * @param stuckChange members missing during a change, before the change counts as stopped
 * @param deletion pods that do not go, before the deletion is forced
 * @param resync between two looks at a cluster that nothing wakes
 */
public record Timeouts(
        Duration creation,
        Duration primaryUnavailable,
        Duration noPrimaryAfter,
        Duration degradedAfter,
        Duration stuckChange,
        Duration deletion,
        Duration resync) {

    public static final Timeouts DEFAULT = new Timeouts(
            Duration.ofMinutes(10),
            Duration.ofMinutes(10),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofMinutes(10),
            Duration.ofMinutes(5),
            Duration.ofSeconds(30));
}
