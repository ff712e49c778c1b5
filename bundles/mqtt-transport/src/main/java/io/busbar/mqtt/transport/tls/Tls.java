package io.busbar.mqtt.transport.tls;

import io.busbar.mqtt.transport.config.ConfigException;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Path;
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
 * TLS for one listener, read from its files: TLS 1.3 and 1.2, the JDK's cipher suites, ALPN,
 * certificates selected by server name, and checking of client certificates. Immutable; changed
 * files lead to a new instance.
 *
 * @param settings names the files
 * @param expiresAt when the first of the certificates expires
 * @param authorities whom clients have to trust
 * @param files the state of the files before they were read, see {@link TlsSettings#files}
 */
public record Tls(
        TlsSettings settings,
        SslContext context,
        Instant expiresAt,
        Authorities authorities,
        String files) {
    private static final Logger LOG = LoggerFactory.getLogger(Tls.class);

    /**
     * Reads all files.
     *
     * @throws ConfigException if a file is missing or not what it should be; the message says which
     *     and what to do
     */
    public static Tls read(TlsSettings settings) {
        String files = settings.files();
        ClientAuth clients = settings.clients();
        List<ServerKeys.Pair> pairs = pairs(settings);
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
                                            settings.protocol()));
            if (clients != ClientAuth.NONE) {
                builder.trustManager(trust(settings));
            }
            return new Tls(
                    settings,
                    builder.build(),
                    expiresAt(pairs),
                    new Authorities(
                            pairs.stream().map(ServerKeys.Pair::chain).toList(),
                            clients == ClientAuth.NONE ? List.of() : authorities(settings)),
                    files);
        } catch (GeneralSecurityException | IOException e) {
            throw new ConfigException("TLS cannot be set up: " + rootMessage(e), e);
        }
    }

    private static List<ServerKeys.Pair> pairs(TlsSettings settings) {
        List<Path> certificates = required("certificate", settings.certificates());
        List<Path> keys = required("key", settings.keys());
        if (certificates.size() != keys.size()) {
            throw new ConfigException(
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
                            Pem.key(keys.get(i), settings.keyPassword()),
                            certificate.toString()));
        }
        return pairs;
    }

    private static TrustManagerFactory trust(TlsSettings settings)
            throws GeneralSecurityException, IOException {
        KeyStore authorities = KeyStore.getInstance(KeyStore.getDefaultType());
        authorities.load(null, null);
        for (X509Certificate each : authorities(settings)) {
            authorities.setCertificateEntry("authority-" + authorities.size(), each);
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        if (settings.revocations().isEmpty()) {
            trust.init(authorities);
            return trust;
        }
        List<X509CRL> revocations = new ArrayList<>();
        for (Path file : settings.revocations()) {
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

    /** Who signs clients; in a plant it is often who signs the server. */
    private static List<X509Certificate> authorities(TlsSettings settings) {
        List<X509Certificate> all = new ArrayList<>();
        for (Path file : required("client.authorities", settings.authorities())) {
            all.addAll(Pem.certificates(file));
        }
        return all;
    }

    private static Instant expiresAt(List<ServerKeys.Pair> pairs) {
        return pairs.stream()
                .map(pair -> pair.certificate().getNotAfter().toInstant())
                .min(Instant::compareTo)
                .orElseThrow();
    }

    private static List<Path> required(String name, List<Path> paths) {
        if (paths.isEmpty()) {
            throw new ConfigException(
                    "key '" + name + "' is missing: TLS needs the path of a PEM file", null);
        }
        return paths;
    }

    private static String rootMessage(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.toString() : root.getMessage();
    }
}
