package com.smoketurner.postgres.backup;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Why a call of a backup engine failed, found in what it wrote.
 *
 * @param cause what kind of failure it is
 * @param words of the engine or of the store that tell it, on one line; empty when there are none
 */
public record EngineFailure(Cause cause, String words) {
    private static final int LONGEST = 300;

    /** Told by nothing but the exit code of the shell. */
    private static final int NO_SUCH_PROGRAM = 127;

    /** PostgreSQL's and pgBackRest's prefixes, which say nothing to a reader. */
    private static final Pattern PREFIX = Pattern.compile(
            "^(\\d{4}-\\d\\d-\\d\\d \\S+ P\\d+ +)?(ERROR|WARN|FATAL): *(\\d{4}/\\d\\d/\\d\\d \\S+ +)?(\\[\\d+]: *)?(\\[[A-Za-z]+Error] *)?");

    /** Kinds of failures. The first whose words are found is taken, so the more telling ones come first. */
    public enum Cause {
        ENGINE_MISSING(
                "the image has no program of the backup engine",
                "choose an image that has it, or the other engine in backup.engine",
                "executable file not found|pgbackrest: not found|wal-g: not found"),
        HOST_NAME_UNKNOWN(
                "the host name of the object store cannot be resolved",
                "check endpoint, region and forcePathStyle, and DNS in the cluster",
                "unable to get address for|no such host|server misbehaving|Temporary failure in name resolution"),
        CERTIFICATE_UNTRUSTED(
                "the certificate of the object store is not signed by an authority that is trusted",
                "name the Secret with the authority's certificate in caSecret",
                "unable to verify certificate|certificate signed by unknown authority|certificate is not trusted"),
        CERTIFICATE_NAME(
                "the certificate of the object store is for another host name",
                "write the name that is in the certificate into endpoint, or set forcePathStyle",
                "unable to find hostname|certificate is valid for|certificate is not valid for any names|doesn't contain any IP SANs"),
        CERTIFICATE_EXPIRED(
                "the certificate of the object store is expired or not valid yet",
                "renew it, or correct the clocks",
                "certificate has expired|certificate is not yet valid"),
        CA_UNREADABLE(
                "the certificate of the authority in caSecret cannot be read",
                "write a certificate in PEM into key ca.crt of that Secret",
                "CA certificate location|unable to load CA file|AppendCertsFromPEM|no PEM"),
        NO_TLS(
                "the object store does not speak TLS at this endpoint",
                "write the port for https into endpoint; engine PgBackRest needs https, engine WalG takes http:// too",
                "expected protocol 'https'|wrong version number|first record does not look like a TLS handshake|server gave HTTP response to HTTPS client|packet length too long"),
        UNREACHABLE(
                "the object store cannot be reached",
                "check endpoint, network policies and whether the store runs",
                "unable to connect to|timeout connecting to|waiting for (read|write)|Connection refused|connection refused|i/o timeout|no route to host|No route to host|Network is unreachable|connection reset|Connection timed out|timeout awaiting response|context deadline exceeded"),
        SECRET_KEY_WRONG(
                "the object store does not accept the secret key",
                "correct the secret key in the Secret of credentialsSecret",
                "SignatureDoesNotMatch|AuthenticationFailed|invalid_grant|Invalid JWT Signature"),
        ACCESS_KEY_UNKNOWN(
                "the object store does not know the access key",
                "correct the access key in the Secret of credentialsSecret",
                "InvalidAccessKeyId|No user exists with the provided access key|XAdminUserNotFound|AccountNotFound|invalid_client"),
        TOKEN_EXPIRED(
                "the credentials of the object store have expired",
                "renew them in the Secret of credentialsSecret",
                "ExpiredToken|TokenRefreshRequired|InvalidToken"),
        REGION_WRONG(
                "the bucket is in another region",
                "correct region",
                "AuthorizationHeaderMalformed|PermanentRedirect|BucketRegionError|IllegalLocationConstraint|301 \\(Moved|region .* is wrong"),
        BUCKET_MISSING(
                "the bucket does not exist",
                "create it, or correct bucket (Azure: container)",
                "NoSuchBucket|ContainerNotFound|bucket does ?n[o']t exist|specified bucket does not exist|InvalidBucketName"),
        CLOCK_WRONG(
                "the clock of the node and that of the object store differ too much",
                "correct the clocks",
                "RequestTimeTooSkewed|RequestExpired"),
        ACCESS_DENIED(
                "the object store refuses access with these credentials",
                "grant them to list, read, write and delete objects below the path",
                "AccessDenied|AllAccessDisabled|AuthorizationPermissionMismatch|AuthorizationFailure|InsufficientAccountPermissions|Error 403|403 \\(Forbidden\\)|StatusCode=403|status code: 403"),
        STORE_FULL(
                "the object store accepts no more data",
                "raise its quota or free space",
                "QuotaExceeded|StorageFull|EntityTooLarge|507 \\(Insufficient|XMinioStorageFull|InsufficientCapacity"),
        KEY_WRONG(
                "the backups cannot be decrypted with this key",
                "name the Secret with the key that they were encrypted with",
                "this is not its key|is or was the repo encrypted|cipher header|unable to flush|bad decrypt|\\[CryptoError]|decryption failed|ecrypt(ion)? (error|failed)|message forged or wrong key|openpgp: |unable to decrypt|corrupted chunk|corrupted libsodium header"),
        INFO_MISSING(
                "files that describe the repository are missing: something other than the operator deletes objects, such as a"
                        + " life-cycle rule of the bucket",
                "remove the rule; then set another backup.destination.path, or restore the objects from their versions",
                "unable to load info file|missing stanza data|backup\\.info (cannot be|does not exist|exists but)|archive\\.info (cannot be|does not exist|exists but)|stanza-create.*(archive|backup)\\.info|repository corruption"),
        OTHER_DATABASE(
                "the repository belongs to another database or another major version",
                "set another backup.destination.path",
                "do not match the stanza|does not match the stanza|system-id .* do(es)? not match|ArchiveMismatchError|BackupMismatchError"),
        OTHER_HISTORY(
                "the archive has another WAL file of this name: two servers have written to it",
                "set another backup.destination.path; see which cluster writes to this one",
                "already exists in the .*different|ArchiveDuplicateError|WAL file .* already archived, contents differ"),
        ARCHIVING_STUCK(
                "the WAL of the backup was not archived in time",
                "see why archiving fails or is slow",
                "was not archived before|ArchiveTimeoutError|WAL segment .* was not archived"),
        ARCHIVING_OFF(
                "the server does not archive its WAL with the operator's command",
                "remove archive_mode and archive_command from ALTER SYSTEM",
                "archive_mode must be enabled|archive_command .* must contain"),
        BUSY(
                "another backup or deletion runs in this member",
                "wait; the operator tries again",
                "unable to acquire lock|is another pgBackRest process running"),
        ROLE_CHANGED(
                "the member changed its role during the backup",
                "wait; the operator tries again",
                "standby is no longer in recovery|primary has switched to recovery|standby is on timeline|does not match pg_control timeline|WAL timeline \\d+ does not match"),
        REPLICA_STUCK(
                "the replica has not replayed what the backup needs",
                "see why it lags; the backup is taken from the primary instead",
                "timeout before standby replayed|standby .* timeout|recovery is in progress"),
        BACKUP_MISSING(
                "the backup does not exist",
                "see the list of backups",
                "BackupSetInvalidError|backup set .* is not valid|No backups found|Backup .* does not exist"),
        DATA_DAMAGED(
                "what is stored is damaged",
                "restore from another backup",
                "ChecksumError|FormatError|checksum mismatch|invalid checksum|unexpected EOF|invalid header|bad magic"),
        STORE_ERROR(
                "the object store has an error of its own",
                "wait, or see the store; the operator tries again",
                "ServiceError|SlowDown|\\[5\\d\\d] |ServiceUnavailable|InternalError|5\\d\\d \\((Internal|Bad Gateway|Service|Gateway)|StatusCode=5\\d\\d|status code: 5\\d\\d|Error 5\\d\\d|http2: server sent GOAWAY"),
        OUT_OF_SPACE(
                "the volume of the member is full",
                "raise storage.size",
                "No space left on device|no space left on device"),
        STOPPED(
                "the engine was stopped",
                "wait; the operator tries again",
                "TermError|terminated on signal|signal: killed"),
        UNKNOWN("the backup engine failed", "see the log of the member's pod", "");

        private final String what;
        private final String advice;

        @SuppressWarnings("ImmutableEnumChecker") // a pattern never changes
        private final Pattern pattern;

        Cause(String what, String advice, String pattern) {
            this.what = what;
            this.advice = advice;
            this.pattern = Pattern.compile(pattern);
        }

        /** What is the case, as a clause. */
        public String what() {
            return what;
        }

        /** What to do about it, as a clause. */
        public String advice() {
            return advice;
        }
    }

    /**
     * The failure that an exit code and the words on standard error tell.
     *
     * @param error standard error of the engine or the script, or its last bytes
     */
    public static EngineFailure of(int exitCode, String error) {
        String text = error.replace("&#34;", "\"")
                .replace("&quot;", "\"")
                .replace("&#39;", "'")
                .replace("&amp;", "&");
        if (exitCode == NO_SUCH_PROGRAM) {
            return new EngineFailure(Cause.ENGINE_MISSING, line(text, 0));
        }
        return Arrays.stream(Cause.values())
                .filter(cause -> cause != Cause.UNKNOWN)
                .flatMap(cause -> found(cause, text).stream())
                .findFirst()
                .orElseGet(() -> new EngineFailure(Cause.UNKNOWN, complaint(exitCode, text)));
    }

    /** An answer that is no JSON, or other JSON than was requested. */
    static EngineFailure unreadable(String output) {
        return new EngineFailure(Cause.UNKNOWN, "unexpected answer: " + line(output, 0));
    }

    /** What is wrong, in the words of the engine, too, and what to do. */
    public String message() {
        return "%s%s; %s".formatted(cause.what, words.isEmpty() ? "" : " (" + words + ")", cause.advice);
    }

    private static Optional<EngineFailure> found(Cause cause, String text) {
        Matcher matcher = cause.pattern.matcher(text);
        return matcher.find() ? Optional.of(new EngineFailure(cause, line(text, matcher.start()))) : Optional.empty();
    }

    /** The first line that calls itself an error, else the last one. */
    private static String complaint(int exitCode, String text) {
        int error = text.indexOf("ERROR");
        String words = line(text, error >= 0 ? error : text.stripTrailing().lastIndexOf('\n') + 1);
        return words.isEmpty() ? "exit code " + exitCode : words;
    }

    /** The line with that place of the text; only from there on where the line is long. */
    private static String line(String text, int at) {
        int start = text.lastIndexOf('\n', at - 1) + 1;
        String words = firstLine(text.substring(start));
        if (words.length() > LONGEST) {
            words = firstLine(text.substring(at));
        }
        return words.length() <= LONGEST ? words : words.substring(0, LONGEST - 1) + "…";
    }

    private static String firstLine(String text) {
        return PREFIX.matcher(text.lines().findFirst().orElse("").strip()).replaceFirst("");
    }
}
