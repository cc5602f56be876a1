package com.smoketurner.postgres.database;

/** A statement was refused, or the server was not reached. */
final class SqlFailed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean refused;
    private final int done;

    /**
     * @param words the server's, or those of who did not reach it; without secrets
     * @param refused whether the server has answered
     * @param done how many scripts were done before
     */
    SqlFailed(String words, boolean refused, int done) {
        super(words);
        this.refused = refused;
        this.done = done;
    }

    SqlFailed(String words, boolean refused) {
        this(words, refused, 0);
    }

    /** How many scripts were done before. */
    int done() {
        return done;
    }

    /** The reason in words. */
    String words() {
        return String.valueOf(getMessage());
    }

    /** Whether the server has answered. */
    boolean refused() {
        return refused;
    }
}
