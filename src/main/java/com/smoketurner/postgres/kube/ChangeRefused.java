package com.smoketurner.postgres.kube;

/** The API server refuses a change that a quota, a limit range or an admission policy has to allow first. */
public final class ChangeRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ChangeRefused(String words) {
        super(words);
    }

    /** The words of whoever refuses it. */
    public String words() {
        return String.valueOf(getMessage());
    }
}
