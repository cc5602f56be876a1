package com.smoketurner.postgres.database;

/** A statement was refused, or the server was not reached. */
final class SqlFailed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean refused;

    /**
     * @param words the server's, or those of who did not reach it; without secrets
     * @param refused whether the server has answered
     */
    SqlFailed(String words, boolean refused) {
        super(words);
        this.refused = refused;
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
