package com.smoketurner.postgres.testing.standin;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * A key pair and a certificate by itself, for the stand-in of cert-manager. The class library reads certificates and
 * makes none, so the few structures of RFC 5280 that are needed are written here.
 */
public record SelfSigned(KeyPair keys, X509Certificate certificate) {
    private static final int SEQUENCE = 0x30;
    private static final byte[] ECDSA_SHA256 = {0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 4, 3, 2};
    private static final byte[] COMMON_NAME = {0x55, 4, 3};
    private static final byte[] SUBJECT_ALT_NAME = {0x55, 0x1d, 0x11};
    private static final String FROM = "260101000000Z";
    private static final String UNTIL = "491231235959Z";

    public static SelfSigned of(List<String> dnsNames) {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            KeyPair keys = generator.generateKeyPair();
            byte[] content = content(keys, dnsNames);
            var signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(keys.getPrivate());
            signature.update(content);
            byte[] der = der(SEQUENCE, content, algorithm(), bits(signature.sign()));
            var certificate = (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
            return new SelfSigned(keys, certificate);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As cert-manager fills a Secret of type {@code kubernetes.io/tls}. */
    public Map<String, String> secretData() {
        try {
            String pem = pem("CERTIFICATE", certificate.getEncoded());
            return Map.of(
                    "tls.crt",
                    pem,
                    "ca.crt",
                    pem,
                    "tls.key",
                    pem("PRIVATE KEY", keys.getPrivate().getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] content(KeyPair keys, List<String> dnsNames) {
        byte[] name = der(
                SEQUENCE,
                der(
                        0x31,
                        der(
                                SEQUENCE,
                                der(0x06, COMMON_NAME),
                                der(
                                        0x0c,
                                        ascii(dnsNames.getFirst().length() > 64 ? "stand-in" : dnsNames.getFirst())))));
        var names = new ByteArrayOutputStream();
        dnsNames.forEach(dns -> names.writeBytes(der(0x82, ascii(dns))));
        byte[] alternatives = der(SEQUENCE, der(0x06, SUBJECT_ALT_NAME), der(0x04, der(SEQUENCE, names.toByteArray())));
        return der(
                SEQUENCE,
                der(0xa0, der(0x02, new byte[] {2})),
                der(0x02, BigInteger.valueOf(System.nanoTime() & Long.MAX_VALUE).toByteArray()),
                algorithm(),
                name,
                der(SEQUENCE, der(0x17, ascii(FROM)), der(0x17, ascii(UNTIL))),
                name,
                keys.getPublic().getEncoded(),
                der(0xa3, der(SEQUENCE, alternatives)));
    }

    private static byte[] algorithm() {
        return der(SEQUENCE, der(0x06, ECDSA_SHA256));
    }

    private static byte[] bits(byte[] value) {
        return der(0x03, new byte[] {0}, value);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Tag, length and the parts one after the other. */
    private static byte[] der(int tag, byte[]... parts) {
        var content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        var all = new ByteArrayOutputStream();
        all.write(tag);
        int length = content.size();
        if (length < 0x80) {
            all.write(length);
        } else {
            byte[] digits = BigInteger.valueOf(length).toByteArray();
            int from = digits[0] == 0 ? 1 : 0;
            all.write(0x80 | digits.length - from);
            all.write(digits, from, digits.length - from);
        }
        all.writeBytes(content.toByteArray());
        return all.toByteArray();
    }

    private static String pem(String what, byte[] content) {
        String text = "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content) + "\n-----END " + what
                + "-----\n";
        return Base64.getEncoder().encodeToString(ascii(text));
    }
}
