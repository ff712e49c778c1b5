package io.busbar.mqtt.transport;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.X509CRL;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.TrustManagerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one listener needs for TLS, read from its files: TLS 1.3 and 1.2, the JDK's cipher suites,
 * ALPN, certificates by server name, and how clients' certificates are checked. Immutable; changed
 * files make a new one.
 *
 * @param expiresAt when the first of the certificates stops being valid
 * @param files what the files looked like before they were read, see {@link #files}
 */
record Tls(SslContext context, ClientIdentity identity, Instant expiresAt, String files) {
    private static final Logger LOG = LoggerFactory.getLogger(Tls.class);

    /**
     * Reads all files.
     *
     * @param protocol the application protocol that clients may ask for: RFC 7301
     * @throws ListenerException if a file is missing or not what it should be; the message says
     *     which and what to do
     */
    static Tls read(ListenerConfig config, String protocol) {
        String files = files(config);
        ClientIdentity identity = ClientIdentity.of(config.client_identity());
        ClientAuth clients = clientAuth(config.client_certificates());
        List<ServerKeys.Pair> pairs = pairs(config);
        try {
            SslContextBuilder builder =
                    SslContextBuilder.forServer(new ServerKeys(pairs))
                            .sslProvider(SslProvider.JDK)
                            .protocols("TLSv1.3", "TLSv1.2")
                            .clientAuth(clients)
                            .applicationProtocolConfig(
                                    new ApplicationProtocolConfig(
                                            Protocol.ALPN,
                                            SelectorFailureBehavior.NO_ADVERTISE,
                                            SelectedListenerFailureBehavior.ACCEPT,
                                            protocol));
            if (clients != ClientAuth.NONE) {
                builder.trustManager(trust(config));
            }
            return new Tls(builder.build(), identity, expiresAt(pairs), files);
        } catch (GeneralSecurityException | IOException e) {
            throw new ListenerException("TLS cannot be set up: " + rootMessage(e), e);
        }
    }

    private static List<ServerKeys.Pair> pairs(ListenerConfig config) {
        List<Path> certificates = paths("certificate", config.certificate());
        List<Path> keys = paths("key", config.key());
        if (certificates.size() != keys.size()) {
            throw new ListenerException(
                    "certificate names "
                            + certificates.size()
                            + " files and key "
                            + keys.size()
                            + " (expected: one key for each certificate, in the same order)",
                    null);
        }
        List<ServerKeys.Pair> pairs = new ArrayList<>();
        for (int i = 0; i < certificates.size(); i++) {
            Path certificate = certificates.get(i);
            pairs.add(
                    new ServerKeys.Pair(
                            Pem.certificates(certificate),
                            Pem.key(keys.get(i), config.key_password()),
                            certificate.toString()));
        }
        return pairs;
    }

    private static TrustManagerFactory trust(ListenerConfig config)
            throws GeneralSecurityException, IOException {
        KeyStore authorities = KeyStore.getInstance(KeyStore.getDefaultType());
        authorities.load(null, null);
        for (Path file : paths("client.authorities", config.client_authorities())) {
            for (X509Certificate each : Pem.certificates(file)) {
                authorities.setCertificateEntry("authority-" + authorities.size(), each);
            }
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        List<Path> lists = split(config.client_revocations());
        if (lists.isEmpty()) {
            trust.init(authorities);
            return trust;
        }
        List<X509CRL> revocations = new ArrayList<>();
        for (Path file : lists) {
            for (X509CRL list : Pem.revocations(file)) {
                revocations.add(list);
                if (list.getNextUpdate() != null
                        && list.getNextUpdate().toInstant().isBefore(Instant.now())) {
                    LOG.warn(
                            "Revocation list is out of date, clients of its authority are refused"
                                    + " until there is a new one (file={}, nextUpdate={})",
                            file,
                            list.getNextUpdate().toInstant());
                }
            }
        }
        PKIXBuilderParameters parameters =
                new PKIXBuilderParameters(authorities, new X509CertSelector());
        parameters.setRevocationEnabled(true);
        parameters.addCertStore(
                CertStore.getInstance(
                        "Collection", new CollectionCertStoreParameters(revocations)));
        trust.init(new CertPathTrustManagerParameters(parameters));
        return trust;
    }

    private static Instant expiresAt(List<ServerKeys.Pair> pairs) {
        return pairs.stream()
                .map(pair -> pair.certificate().getNotAfter().toInstant())
                .min(Instant::compareTo)
                .orElseThrow();
    }

    /** What changes when one of the files is written or replaced: time, size and identity. */
    static String files(ListenerConfig config) {
        StringBuilder state = new StringBuilder();
        for (List<Path> each :
                List.of(
                        split(config.certificate()),
                        split(config.key()),
                        split(config.client_authorities()),
                        split(config.client_revocations()))) {
            for (Path file : each) {
                try {
                    BasicFileAttributes it = Files.readAttributes(file, BasicFileAttributes.class);
                    state.append(it.lastModifiedTime())
                            .append('/')
                            .append(it.size())
                            .append('/')
                            .append(it.fileKey());
                } catch (IOException e) {
                    state.append("missing");
                }
                state.append(' ');
            }
        }
        return state.toString();
    }

    private static List<Path> paths(String name, String[] configured) {
        List<Path> paths = split(configured);
        if (paths.isEmpty()) {
            throw new ListenerException(
                    "key '" + name + "' is missing: TLS needs the path of a PEM file", null);
        }
        return paths;
    }

    private static List<Path> split(String[] configured) {
        try {
            return ListenerSettings.list(configured).stream().map(Path::of).toList();
        } catch (InvalidPathException e) {
            throw new ListenerException(e.getMessage() + " (expected: a path)", e);
        }
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
}
