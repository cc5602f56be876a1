package com.smoketurner.postgres.backup;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.api.BackupEngine;
import com.smoketurner.postgres.backup.EngineFailure.Cause;
import com.smoketurner.postgres.backup.RepositoryListing.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is made of the words of engines and stores; those of pgBackRest were recorded, or are from its source. */
class EngineFailureTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            HOST_NAME_UNKNOWN     | ERROR: [HostConnectError] unable to get address for 's3.nowhere.invalid': [-2] Name or service not known
            UNREACHABLE           | ERROR: [HostConnectError] unable to connect to 'localhost:7444 (127.0.0.1)': [111] Connection refused
            CERTIFICATE_UNTRUSTED | ERROR: [CryptoError] unable to verify certificate presented by 'localhost:7443 (127.0.0.1)': [20] unable to get local issuer certificate
            CERTIFICATE_NAME      | ERROR: [CryptoError] unable to find hostname '127.0.0.1' in certificate common name or subject alternative names
            CA_UNREADABLE         | ERROR: [CryptoError] unable to set user-defined CA certificate location: [2147483650] no details available
            NO_TLS                | ERROR: [FormatError] expected protocol 'https' in URL 'http://localhost:7443'
            SECRET_KEY_WRONG      | SignatureDoesNotMatch: The request signature we calculated does not match the signature you provided. Check your key and signing method.
            ACCESS_KEY_UNKNOWN    | XAdminUserNotFound: No user exists with the provided access key ID.
            ACCESS_KEY_UNKNOWN    | InvalidAccessKeyId: The AWS Access Key Id you provided does not exist in our records.
            REGION_WRONG          | AuthorizationHeaderMalformed: The authorization header is malformed; the region &#34;eu-west-9&#34; is wrong; expecting &#34;us-east-1&#34;
            BUCKET_MISSING        | NoSuchBucket: The specified bucket does not exist.
            ACCESS_DENIED         | AccessDenied: Access Denied.
            KEY_WRONG             | ERROR: [031]: CryptoError: cipher header invalid
            KEY_WRONG             | ERROR: 2026/11/29 10:00:00.000000 corrupted chunk
            OTHER_DATABASE        | P00  ERROR: [044]: PostgreSQL version 16, system-id 1 do not match repo1 stanza version 16, system-id 2
            OTHER_HISTORY         | WAL file '000000010000000000000001' already exists in the repo1 archive with a different checksum
            OTHER_HISTORY         | ERROR: 2026/11/29 10:00:00.000000 WAL file '000000010000000000000001' already archived, contents differ, unable to overwrite
            ARCHIVING_STUCK       | ERROR: [082]: WAL segment 000000010000000000000001 was not archived before the 60000ms timeout
            ARCHIVING_OFF         | ERROR: [068]: archive_command '/bin/true' must contain pgbackrest
            BUSY                  | ERROR: [050]: unable to acquire lock on file '/tmp/pgbackrest/main-backup-1.lock': Resource temporarily unavailable
            ROLE_CHANGED          | ERROR: [058]: standby is no longer in recovery
            INFO_MISSING          | missing stanza data: unable to load info file backup.info
            STORE_ERROR           | ERROR: [101]: HTTP request failed with 503 (Service Unavailable):
            STORE_ERROR           | ERROR: [ServiceError] [503] Service Unavailable
            STORE_ERROR           | the last backup failed: [503] Service Unavailable
            STORE_ERROR           | SlowDown: Please reduce your request rate.
            HOST_NAME_UNKNOWN     | dial tcp: lookup s3.nowhere.invalid on 10.96.0.10:53: no such host
            CERTIFICATE_UNTRUSTED | tls: failed to verify certificate: x509: certificate signed by unknown authority
            CERTIFICATE_NAME      | tls: failed to verify certificate: x509: certificate is valid for localhost, not s3
            NO_TLS                | http: server gave HTTP response to HTTPS client
            OUT_OF_SPACE          | write /pgdata/x: no space left on device
            ENGINE_MISSING        | sh: 1: pgbackrest: not found
            UNKNOWN               | something else
            """)
    void causes(Cause cause, String words) {
        assertThat(EngineFailure.of(2, words).cause()).isEqualTo(cause);
    }

    @ParameterizedTest
    @CsvSource({
        "http-endpoint,NO_TLS",
        "missing-ca-file,CA_UNREADABLE",
        "refused,UNREACHABLE",
        "silent,UNREACHABLE",
        "unknown-host,HOST_NAME_UNKNOWN",
        "wrong-access-key,ACCESS_KEY_UNKNOWN",
        "wrong-bucket,BUCKET_MISSING",
        "wrong-ca,CERTIFICATE_UNTRUSTED",
        "wrong-key-noise,KEY_WRONG",
        "wrong-key,KEY_WRONG",
        "wrong-name,CERTIFICATE_NAME",
        "wrong-region,REGION_WRONG",
        "wrong-secret-key,SECRET_KEY_WRONG"
    })
    void recordedFailuresOfPgBackRest(String name, Cause cause) throws IOException {
        var folder = Path.of("src/test/resources/backup/pgbackrest");
        int exit = Integer.parseInt(
                Files.readString(folder.resolve(name + ".exit")).strip());
        var answer = RepositoryListing.read(
                Engine.of(BackupEngine.PG_BACK_REST),
                exit,
                Files.readString(folder.resolve(name + ".stdout")),
                Files.readString(folder.resolve(name + ".stderr")));
        assertThat(answer).isInstanceOf(Answer.Failed.class);
        var failure = ((Answer.Failed) answer).failure();
        assertThat(failure.cause()).isEqualTo(cause);
        assertThat(failure.words()).isNotEmpty().doesNotContain("ERROR");
    }

    @Test
    void messagesQuoteTheWordsAndSayWhatToDo() {
        assertThat(EngineFailure.of(2, """
                        ERROR: [ProtocolError] HTTP request failed with 400 (Bad Request):
                        AuthorizationHeaderMalformed: the region &#34;a&#34; is wrong; expecting &#34;b&#34;
                        """).message())
                .isEqualTo("the bucket is in another region (AuthorizationHeaderMalformed: the region \"a\" is wrong;"
                        + " expecting \"b\"); correct region");
        assertThat(EngineFailure.of(
                                2, "ERROR: [HostConnectError] unable to get address for 'x': [-2] Name\n[…] retries")
                        .words())
                .isEqualTo("unable to get address for 'x': [-2] Name");
        assertThat(EngineFailure.of(127, "").message()).startsWith("the image has no program of the backup engine; ");
    }

    @Test
    void unknownFailuresAreQuoted() {
        assertThat(EngineFailure.of(2, "WARN: one\n2026-11-29 10:00:00.000 P00  ERROR: [025]: two\nthree")
                        .words())
                .isEqualTo("two");
        assertThat(EngineFailure.of(2, "one\nlast\n").words()).isEqualTo("last");
        assertThat(EngineFailure.of(9, " \n").words()).isEqualTo("exit code 9");
        assertThat(EngineFailure.of(2, "x".repeat(1000)).words()).hasSize(300).endsWith("…");
    }

    @Test
    void theWordsOfALongLineBeginWhereTheyTellSomething() {
        assertThat(EngineFailure.of(2, "x".repeat(500) + " NoSuchBucket: gone").words())
                .isEqualTo("NoSuchBucket: gone");
    }
}
