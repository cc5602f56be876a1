package com.smoketurner.postgres.api;

/** A word of the API: what stands in a status or an event for a constant. */
public interface Labelled {

    /** The word, in CamelCase. */
    String label();
}
