package io.busbar.mqtt.transport.tls;

import io.busbar.mqtt.transport.config.ConfigException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** Which part of a verified client certificate identifies the client. */
public enum ClientIdentity {
    /** The common name of the subject; of several the most specific. */
    CN("cn", -1),
    /** The first DNS name of the subject alternative names. */
    SAN_DNS("san-dns", 2),
    /** The first URI of the subject alternative names. */
    SAN_URI("san-uri", 6),
    /** The first e-mail address of the subject alternative names. */
    SAN_EMAIL("san-email", 1),
    /** The whole subject as RFC 2253 writes it. */
    SUBJECT("subject", -1);

    private static final int MAX_LENGTH = 1_024;

    private final String key;
    private final int alternative;

    ClientIdentity(String key, int alternative) {
        this.key = key;
        this.alternative = alternative;
    }

    /**
     * The one that a configuration names.
     *
     * @throws ConfigException if there is none
     */
    public static ClientIdentity of(String key) {
        for (ClientIdentity each : values()) {
            if (each.key.equals(key)) {
                return each;
            }
        }
        throw new ConfigException(
                "client.identity = "
                        + key
                        + " (expected: cn, san-dns, san-uri, san-email or subject)",
                null);
    }

    /** The identity of a session's peer, or null if it is not verified or has no such name. */
    public @Nullable String of(SSLSession session) {
        try {
            return session.getPeerCertificates()[0] instanceof X509Certificate certificate
                    ? of(certificate)
                    : null;
        } catch (SSLPeerUnverifiedException e) {
            return null;
        }
    }

    @Nullable String of(X509Certificate certificate) {
        String name =
                switch (this) {
                    case CN -> commonName(certificate);
                    case SUBJECT -> certificate.getSubjectX500Principal().getName();
                    default -> alternativeName(certificate);
                };
        return name == null || !isSane(name) ? null : name;
    }

    private static @Nullable String commonName(X509Certificate certificate) {
        try {
            List<Rdn> rdns =
                    new LdapName(certificate.getSubjectX500Principal().getName()).getRdns();
            // The most specific one comes last.
            for (int i = rdns.size() - 1; i >= 0; i--) {
                Rdn rdn = rdns.get(i);
                if (rdn.getType().equalsIgnoreCase("CN")) {
                    return rdn.getValue() instanceof String name ? name : null;
                }
            }
        } catch (InvalidNameException e) {
            return null;
        }
        return null;
    }

    private @Nullable String alternativeName(X509Certificate certificate) {
        try {
            Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            if (all != null) {
                for (List<?> each : all) {
                    if (each.get(0).equals(alternative)) {
                        return each.get(1).toString();
                    }
                }
            }
        } catch (CertificateParsingException e) {
            return null;
        }
        return null;
    }

    /** A name with control characters is nobody's: it would end up in logs and lists. */
    private static boolean isSane(String name) {
        return !name.isBlank()
                && name.length() <= MAX_LENGTH
                && name.chars().noneMatch(Character::isISOControl);
    }
}
