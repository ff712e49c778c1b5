package io.busbar.mqtt.transport.tls;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The certificates that clients of a listener have to trust although they are no public ones: the
 * ends of its chains. Thread-safe.
 */
public final class Authorities {
    private static final Base64.Encoder LINES =
            Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

    private final Set<X509Certificate> roots = new LinkedHashSet<>();
    private boolean read;
    private @Nullable String pem;

    /**
     * Finds them.
     *
     * @param chains of the listener; each begins with the server's certificate
     * @param others certificates among which the end of a chain may be that does not have it
     */
    Authorities(Collection<List<X509Certificate>> chains, Collection<X509Certificate> others) {
        for (List<X509Certificate> chain : chains) {
            X509Certificate last = chain.get(chain.size() - 1);
            Stream.concat(chain.stream(), others.stream().filter(each -> signed(each, last)))
                    .filter(each -> signed(each, each))
                    .forEach(roots::add);
        }
    }

    private static boolean signed(X509Certificate by, X509Certificate certificate) {
        if (!certificate.getIssuerX500Principal().equals(by.getSubjectX500Principal())) {
            return false;
        }
        try {
            certificate.verify(by.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /**
     * The certificates as PEM, or null if there is none. The first call reads the public
     * authorities, which takes some ten milliseconds.
     */
    public synchronized @Nullable String pem() {
        if (!read) {
            read = true;
            List<X509Certificate> own = new ArrayList<>(roots);
            if (!own.isEmpty()) {
                own.removeAll(publicOnes());
            }
            pem = own.isEmpty() ? null : pem(own);
        }
        return pem;
    }

    /** Those that the Java runtime trusts, as browsers and other runtimes do. */
    private static List<X509Certificate> publicOnes() {
        List<X509Certificate> known = new ArrayList<>();
        try {
            TrustManagerFactory factory =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509TrustManager x509) {
                    known.addAll(List.of(x509.getAcceptedIssuers()));
                }
            }
        } catch (GeneralSecurityException e) {
            // Then none is known: a certificate too many does no harm.
        }
        return known;
    }

    private static String pem(List<X509Certificate> certificates) {
        StringBuilder pem = new StringBuilder();
        for (X509Certificate each : certificates) {
            try {
                pem.append("-----BEGIN CERTIFICATE-----\n")
                        .append(LINES.encodeToString(each.getEncoded()))
                        .append("\n-----END CERTIFICATE-----\n");
            } catch (CertificateEncodingException e) {
                throw new IllegalStateException("a certificate that was read has no bytes", e);
            }
        }
        return pem.toString();
    }
}
