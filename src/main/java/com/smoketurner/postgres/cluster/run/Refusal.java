package com.smoketurner.postgres.cluster.run;

/**
 * Why Kubernetes does not create what a member needs, such as a quota, a limit range or an admission policy.
 *
 * @param reason of the event that says so
 * @param message which object, and the words of whoever refuses it
 */
public record Refusal(String reason, String message) {}
