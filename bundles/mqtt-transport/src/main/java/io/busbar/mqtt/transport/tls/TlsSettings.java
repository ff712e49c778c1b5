package io.busbar.mqtt.transport.tls;

import io.busbar.mqtt.transport.config.ConfigException;
import io.netty.handler.ssl.ClientAuth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/**
 * The TLS settings in a listener's configuration.
 *
 * @param protocol the application protocol that clients may request: RFC 7301
 * @param certificates certificate chains in PEM format; the first one is used for clients that name
 *     no host
 * @param keys one private key for each chain, in the same order
 * @param keyPassword the password of encrypted keys; otherwise empty
 * @param clients whether clients must, may or do not present certificates
 * @param authorities the certificates against which clients' certificates are checked
 * @param revocations revocation lists; none if revocation is not checked
 */
public record TlsSettings(
        String protocol,
        List<Path> certificates,
        List<Path> keys,
        String keyPassword,
        ClientAuth clients,
        List<Path> authorities,
        List<Path> revocations) {

    /**
     * Reads the key {@code client.certificates}.
     *
     * @throws ConfigException if the value is not known
     */
    public static ClientAuth clients(String value) {
        return switch (value) {
            case "none" -> ClientAuth.NONE;
            case "optional" -> ClientAuth.OPTIONAL;
            case "required" -> ClientAuth.REQUIRE;
            default ->
                    throw new ConfigException(
                            "client.certificates = "
                                    + value
                                    + " (expected: none, optional or required)",
                            null);
        };
    }

    /** Without the password: this may get into logs. */
    @Override
    public String toString() {
        return "TlsSettings[protocol=" + protocol + ", certificates=" + certificates + "]";
    }

    /** What changes when one of the files is written or replaced: time, size and identity. */
    public String files() {
        StringBuilder state = new StringBuilder();
        for (List<Path> each : List.of(certificates, keys, authorities, revocations)) {
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
}
