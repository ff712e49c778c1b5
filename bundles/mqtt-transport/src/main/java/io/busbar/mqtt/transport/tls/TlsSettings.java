package io.busbar.mqtt.transport.tls;

import io.busbar.mqtt.transport.config.ConfigException;
import io.netty.handler.ssl.ClientAuth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/**
 * What a listener's configuration says of TLS.
 *
 * @param protocol the application protocol that clients may ask for: RFC 7301
 * @param certificates chains, PEM; the first serves clients that name no host
 * @param keys one for each chain, in the same order
 * @param keyPassword of encrypted keys, else empty
 * @param clients whether clients show certificates
 * @param authorities what clients' certificates are checked with
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
