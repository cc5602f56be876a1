package com.smoketurner.postgres.kube;

import java.time.Instant;

/**
 * What somebody has reported of an object.
 *
 * @param warning its type is Warning
 * @param reason machine-readable
 * @param note as a sentence
 * @param last when it happened for the last time
 */
public record ObjectEvent(boolean warning, String reason, String note, Instant last) {}
