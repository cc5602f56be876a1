package com.smoketurner.postgres.cluster.upgrade;

/** What is done next for a change to another major version. */
sealed interface UpgradeAction {

    /** Nothing: something is waited for, or all is done. */
    record Wait() implements UpgradeAction {}

    /** It is found out whether the data of a member can be converted. */
    record Check(String member) implements UpgradeAction {}

    /** Patroni is told to leave the servers alone. */
    record Pause() implements UpgradeAction {}

    /** The server of a member stops. */
    record Stop(String member) implements UpgradeAction {}

    /**
     * The data of a member whose server is stopped is converted.
     *
     * @param lsn the end of its WAL, which replicas need to have for it to be replaceable
     */
    record Convert(String member, String lsn) implements UpgradeAction {}

    /** The new server becomes the cluster's: all members follow what is written here. */
    record Open(String systemId) implements UpgradeAction {}

    /** What is not in use yet is taken back. */
    record Abort(String member) implements UpgradeAction {}

    /** Patroni goes on as before. */
    record Resume() implements UpgradeAction {}

    /** The data of a member that is not the cluster's is removed, and Patroni copies the primary's. */
    record Discard(String member, String major) implements UpgradeAction {}

    /** The rest of the statistics is collected. */
    record Analyze(String member) implements UpgradeAction {}

    /** What the upgrade has left behind is removed. */
    record CleanUp(String member) implements UpgradeAction {}

    UpgradeAction WAIT = new Wait();
}
