package com.smoketurner.postgres.api;

/** What the user wants. */
public record PostgresClusterSpec(String version) {}
