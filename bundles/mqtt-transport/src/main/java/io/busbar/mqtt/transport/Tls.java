package io.busbar.mqtt.transport;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.File;
import java.security.cert.X509Certificate;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** Certificates of a listener, and of its clients. */
final class Tls {
    private Tls() {}

    /**
     * Reads certificate chain and key.
     *
     * @throws ListenerException if a file is missing or not what it should be; the message says
     *     which and what to do
     */
    static SslContext context(Listener.Config config) {
        File certificate = file("certificate", config.certificate());
        File key = file("key", config.key());
        ClientAuth clients = clientAuth(config.client_certificates());
        try {
            SslContextBuilder builder =
                    SslContextBuilder.forServer(
                                    certificate,
                                    key,
                                    config.key_password().isEmpty() ? null : config.key_password())
                            .sslProvider(SslProvider.JDK)
                            .protocols("TLSv1.3", "TLSv1.2")
                            .clientAuth(clients);
            if (clients != ClientAuth.NONE) {
                builder.trustManager(file("client.authorities", config.client_authorities()));
            }
            return builder.build();
        } catch (SSLException | IllegalArgumentException e) {
            throw new ListenerException(
                    "certificate "
                            + certificate
                            + " and key "
                            + key
                            + " cannot be used: "
                            + rootMessage(e)
                            + " (expected: PEM files, the key as PKCS#8)",
                    e);
        }
    }

    private static File file(String name, String path) {
        if (path.isBlank()) {
            throw new ListenerException(
                    "key '" + name + "' is missing: TLS needs the path of a PEM file", null);
        }
        File file = new File(path);
        if (!file.canRead()) {
            throw new ListenerException(
                    "file " + path + " of key '" + name + "' is not there or cannot be read", null);
        }
        return file;
    }

    private static ClientAuth clientAuth(String value) {
        return switch (value) {
            case "none" -> ClientAuth.NONE;
            case "optional" -> ClientAuth.OPTIONAL;
            case "required" -> ClientAuth.REQUIRE;
            default ->
                    throw new ListenerException(
                            "client.certificates = "
                                    + value
                                    + " (expected: none, optional or required)",
                            null);
        };
    }

    private static String rootMessage(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.toString() : root.getMessage();
    }

    /** The common name of the client's verified certificate, or null. */
    static @Nullable String subject(SSLSession session) {
        try {
            if (session.getPeerCertificates()[0] instanceof X509Certificate certificate) {
                for (Rdn rdn :
                        new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                    if (rdn.getType().equalsIgnoreCase("CN")) {
                        return rdn.getValue().toString();
                    }
                }
            }
        } catch (SSLPeerUnverifiedException | InvalidNameException e) {
            return null;
        }
        return null;
    }
}
