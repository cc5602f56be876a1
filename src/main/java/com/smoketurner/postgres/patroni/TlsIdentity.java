package com.smoketurner.postgres.patroni;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Map;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** What the operator shows and trusts when it talks to a member over TLS: the content of the cluster's TLS Secret. */
public final class TlsIdentity {

    private static final char[] NO_PASSWORD = new char[0];

    private final KeyStore trusted;
    private final OwnKey own;
    private final Certificate certificate;

    private TlsIdentity(KeyStore trusted, OwnKey own, Certificate certificate) {
        this.trusted = trusted;
        this.own = own;
        this.certificate = certificate;
    }

    /**
     * Reads the data of a Secret of type {@code kubernetes.io/tls}. Without {@code ca.crt} the certificate itself is
     * trusted.
     *
     * @param data the Secret's data, base64 as in the API
     * @throws GeneralSecurityException if a key or certificate cannot be read
     */
    public static TlsIdentity of(Map<String, String> data) throws GeneralSecurityException {
        return of(data, "");
    }

    /**
     * The same where others may still show a certificate by a former authority.
     *
     * @param authorities in PEM, trusted as well
     * @throws GeneralSecurityException if a key or certificate cannot be read
     */
    public static TlsIdentity of(Map<String, String> data, String authorities) throws GeneralSecurityException {
        try {
            X509Certificate[] chain = certificates(decode(data.get("tls.crt")));
            byte[] authority = decode(data.get("ca.crt"));
            KeyStore trusted = empty();
            int index = 0;
            for (Certificate certificate : authority.length == 0 ? chain : certificates(authority)) {
                trusted.setCertificateEntry("ca" + index++, certificate);
            }
            for (Certificate certificate : certificates(authorities.getBytes(StandardCharsets.US_ASCII))) {
                trusted.setCertificateEntry("ca" + index++, certificate);
            }
            var own = new OwnKey(key(decode(data.get("tls.key"))), chain);
            return new TlsIdentity(trusted, own, chain[0]);
        } catch (IOException e) {
            throw new GeneralSecurityException("the TLS secret cannot be read", e);
        }
    }

    /**
     * For requests that change nothing, to which Patroni answers whoever asks: proving who asks takes a signature, and with a
     * key of 4096 bits that is by far the most of what such a request costs.
     */
    SSLContext reading() throws GeneralSecurityException {
        return context();
    }

    /** For requests that change something, which Patroni takes only from who shows the cluster's own certificate. */
    SSLContext commanding() throws GeneralSecurityException {
        return context(own);
    }

    Certificate certificate() {
        return certificate;
    }

    private SSLContext context(KeyManager... shown) throws GeneralSecurityException {
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(shown, trust.getTrustManagers(), null);
        return context;
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        return store;
    }

    private static byte[] decode(@Nullable String base64) {
        return base64 == null ? new byte[0] : Base64.getDecoder().decode(base64);
    }

    private static X509Certificate[] certificates(byte[] pem) throws GeneralSecurityException {
        return CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(pem))
                .toArray(X509Certificate[]::new);
    }

    private static PrivateKey key(byte[] pem) throws GeneralSecurityException {
        String body = new String(pem, StandardCharsets.US_ASCII)
                .replaceAll("-----(BEGIN|END) PRIVATE KEY-----", "")
                .replaceAll("\\s", "");
        var spec = new PKCS8EncodedKeySpec(Base64.getDecoder().decode(body));
        for (String algorithm : new String[] {"RSA", "EC", "Ed25519"}) {
            PrivateKey key = read(algorithm, spec);
            if (key != null) {
                return key;
            }
        }
        throw new InvalidKeySpecException("tls.key is no PKCS#8 key of a known algorithm");
    }

    private static @Nullable PrivateKey read(String algorithm, PKCS8EncodedKeySpec spec)
            throws GeneralSecurityException {
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(spec);
        } catch (InvalidKeySpecException e) {
            return null; // another algorithm
        }
    }
}
