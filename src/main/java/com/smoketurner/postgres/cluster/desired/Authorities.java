package com.smoketurner.postgres.cluster.desired;

import com.smoketurner.postgres.naming.Fingerprint;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The certificates by which members, poolers, the operator and clients recognize servers: those that sign now, and the former ones
 * for as long as a certificate that they have signed may be shown.
 *
 * @param certificates in PEM, those that sign now first
 * @param since when the others stopped to, by fingerprint
 */
public record Authorities(List<String> certificates, SortedMap<String, Instant> since) {

    private static final Pattern CERTIFICATE =
            Pattern.compile("-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----");

    public static final Authorities NONE = new Authorities(List.of(), new TreeMap<>());

    /** As they are written: the texts of the file and of the note beside it. */
    public static Authorities parse(String file, String note) {
        var since = new TreeMap<String, Instant>();
        for (String entry : note.split(",", -1)) {
            int middle = entry.indexOf('=');
            if (middle > 0) {
                instant(entry.substring(middle + 1)).ifPresent(time -> since.put(entry.substring(0, middle), time));
            }
        }
        return new Authorities(split(file), since);
    }

    /**
     * Those from now on.
     *
     * @param signing files with those that sign now
     * @param lifetime of the certificates that they sign
     */
    public Authorities next(List<String> signing, Duration lifetime, Instant now) {
        Map<String, String> all = new LinkedHashMap<>();
        signing.stream().flatMap(file -> split(file).stream()).forEach(one -> all.putIfAbsent(name(one), one));
        var former = new TreeMap<String, Instant>();
        for (String certificate : certificates) {
            String name = name(certificate);
            if (!all.containsKey(name)) {
                Instant ended = since.getOrDefault(name, now);
                if (now.isBefore(ended.plus(lifetime)) && !expired(certificate, now)) {
                    former.put(name, ended);
                    all.put(name, certificate);
                }
            }
        }
        return new Authorities(List.copyOf(all.values()), former);
    }

    /** Whether some of them do not sign any more, or do not yet: members have to have all of them. */
    public boolean several() {
        return certificates.size() > 1;
    }

    public boolean isEmpty() {
        return certificates.isEmpty();
    }

    /** The file. With one authority it is the same, byte by byte, as cert-manager writes. */
    public String file() {
        var file = new StringBuilder();
        certificates.forEach(certificate -> file.append(certificate).append('\n'));
        return file.toString();
    }

    /** The note beside it. */
    public String note() {
        var entries = new ArrayList<String>();
        since.forEach((name, time) -> entries.add(name + "=" + time));
        return String.join(",", entries);
    }

    private static List<String> split(String file) {
        return CERTIFICATE.matcher(file).results().map(MatchResult::group).toList();
    }

    private static String name(String certificate) {
        return Fingerprint.of(certificate.replaceAll("\\s", ""));
    }

    private static boolean expired(String certificate, Instant now) {
        return parse(certificate)
                .map(parsed -> parsed.getNotAfter().toInstant().isBefore(now))
                .orElse(true);
    }

    /** The first certificate of a file in PEM; nothing where it cannot be read. */
    public static Optional<X509Certificate> parse(String file) {
        try {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(file.getBytes(StandardCharsets.US_ASCII)))
                    .stream()
                    .filter(X509Certificate.class::isInstance)
                    .map(X509Certificate.class::cast)
                    .findFirst();
        } catch (CertificateException e) {
            return Optional.empty();
        }
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
