package io.busbar.mqtt.transport.tls;

import io.busbar.mqtt.transport.config.ConfigException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * The certificates of one listener. A client that names a host (SNI, RFC 6066) gets a certificate
 * made for it; without a name, or with one that nobody has, the first one. Certificates for the
 * same names with keys of different kinds may stand side by side. Immutable.
 */
final class ServerKeys extends X509ExtendedKeyManager {
    private static final int DNS_NAME = 2;

    /** One chain with its key. */
    static final class Pair {
        private final X509Certificate[] chain;
        private final PrivateKey key;
        private final Set<String> names;

        /**
         * Puts a chain and its key together.
         *
         * @throws ConfigException if the key is not that of the chain's first certificate
         */
        Pair(List<X509Certificate> chain, PrivateKey key, String file) {
            this.chain = chain.toArray(new X509Certificate[0]);
            this.key = key;
            this.names = names(this.chain[0]);
            if (!belongs(this.chain[0].getPublicKey(), key)) {
                throw new ConfigException(
                        "certificate " + file + " and its key do not belong together", null);
            }
        }

        X509Certificate certificate() {
            return chain[0];
        }

        List<X509Certificate> chain() {
            return List.of(chain);
        }

        private static boolean belongs(PublicKey certified, PrivateKey key) {
            String algorithm =
                    switch (key.getAlgorithm()) {
                        case "EC" -> "SHA256withECDSA";
                        case "RSA" -> "SHA256withRSA";
                        default -> key.getAlgorithm();
                    };
            try {
                byte[] probe = {1, 2, 3, 4};
                Signature signature = Signature.getInstance(algorithm);
                signature.initSign(key);
                signature.update(probe);
                byte[] signed = signature.sign();
                signature.initVerify(certified);
                signature.update(probe);
                return signature.verify(signed);
            } catch (GeneralSecurityException e) {
                return false;
            }
        }

        private static Set<String> names(X509Certificate certificate) {
            Set<String> names = new LinkedHashSet<>();
            try {
                Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
                if (alternatives != null) {
                    for (List<?> each : alternatives) {
                        if (each.get(0).equals(DNS_NAME)) {
                            names.add(each.get(1).toString().toLowerCase(Locale.ROOT));
                        }
                    }
                }
            } catch (CertificateParsingException e) {
                // Then it is nobody's but the one for clients that name no host.
            }
            return names;
        }

        /** Whether it is made for the host; a wildcard stands for one whole first label. */
        private boolean isFor(String host) {
            int dot = host.indexOf('.');
            return names.contains(host) || dot > 0 && names.contains("*" + host.substring(dot));
        }

        /** What TLS calls the kind of its key. */
        private boolean isOf(String keyType) {
            String algorithm = key.getAlgorithm();
            return algorithm.equals(keyType)
                    || keyType.equals("EdDSA") && algorithm.startsWith("Ed");
        }
    }

    private final List<Pair> pairs;

    ServerKeys(List<Pair> pairs) {
        this.pairs = List.copyOf(pairs);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
        String host = host(engine);
        boolean known = host != null && pairs.stream().anyMatch(pair -> pair.isFor(host));
        Pair first = pairs.get(0);
        for (int i = 0; i < pairs.size(); i++) {
            Pair pair = pairs.get(i);
            boolean fits =
                    host != null && known ? pair.isFor(host) : pair.names.equals(first.names);
            if (fits && pair.isOf(keyType)) {
                return Integer.toString(i);
            }
        }
        return null;
    }

    private static @Nullable String host(SSLEngine engine) {
        if (engine.getHandshakeSession() instanceof ExtendedSSLSession session) {
            for (SNIServerName name : session.getRequestedServerNames()) {
                if (name instanceof SNIHostName host) {
                    return host.getAsciiName().toLowerCase(Locale.ROOT);
                }
            }
        }
        return null;
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        return pairs.get(Integer.parseInt(alias)).chain.clone();
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return pairs.get(Integer.parseInt(alias)).key;
    }

    // ---- a server on engines only ----

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseServerAlias(
            String keyType, Principal @Nullable [] issuers, Socket socket) {
        return null;
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyType, Principal @Nullable [] issuers, Socket socket) {
        return null;
    }
}
