package io.busbar.auth.credentials;

import io.busbar.api.auth.AclRule;
import io.busbar.api.auth.ClientIdPolicy;
import io.busbar.api.auth.Credential;
import io.busbar.api.storage.Document;
import io.busbar.api.storage.StorageException;
import io.busbar.json.JsonMapper;
import io.busbar.json.OptionalKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a credential is written down: its components are the keys of the document. The id and the
 * revision are the document's own.
 */
record CredentialDocument(
        String description,
        String clientId,
        String username,
        ClientIdPolicy clientIdPolicy,
        @OptionalKey List<String> otherClientIds,
        int maxConnections,
        List<AclRule> acl,
        boolean enabled,
        @OptionalKey @Nullable Instant expiresAt,
        List<String> allowedNetworks,
        Instant createdAt,
        String createdBy,
        Instant updatedAt,
        String updatedBy,
        Verifier verifier,
        @OptionalKey @Nullable ScramKeys scramSha256) {
    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .tolerateUnknownKeys()
                    .variants(
                            Verifier.class,
                            "scheme",
                            Map.of(
                                    "hmac-sha-256",
                                    Verifier.Generated.class,
                                    "argon2id",
                                    Verifier.Chosen.class))
                    .build();

    /** What reads and writes it, also as a part of something else. */
    static JsonMapper mapper() {
        return MAPPER;
    }

    static CredentialDocument of(Credential credential, Keys keys) {
        return new CredentialDocument(
                credential.description(),
                credential.clientId(),
                credential.username(),
                credential.clientIdPolicy(),
                credential.otherClientIds(),
                credential.maxConnections(),
                credential.acl(),
                credential.enabled(),
                credential.expiresAt(),
                credential.allowedNetworks(),
                credential.createdAt(),
                credential.createdBy(),
                credential.updatedAt(),
                credential.updatedBy(),
                keys.verifier(),
                keys.scram());
    }

    static String write(Credential credential, Keys keys) {
        return MAPPER.write(of(credential, keys));
    }

    /**
     * Reads a credential.
     *
     * @throws StorageException if the document is not as {@link #write} makes it
     */
    static Entry read(Document document) {
        try {
            return MAPPER.read(document.json(), CredentialDocument.class)
                    .entry(document.key(), document.revision());
        } catch (IllegalArgumentException e) {
            throw new StorageException(
                    "Credential "
                            + document.key()
                            + " cannot be read: its document is damaged or was written by a newer"
                            + " version. Restore a backup of the document store, or delete the"
                            + " document "
                            + document.collection()
                            + "/"
                            + document.key()
                            + ".",
                    e);
        }
    }

    /** The credential that it describes; IllegalArgumentException if a part does not fit. */
    Entry entry(String id, long revision) {
        return Entry.of(credential(id, revision), new Keys(verifier, scramSha256));
    }

    private Credential credential(String id, long revision) {
        return new Credential(
                id,
                description,
                clientId,
                username,
                clientIdPolicy,
                otherClientIds,
                maxConnections,
                acl,
                enabled,
                expiresAt,
                allowedNetworks,
                null,
                createdAt,
                createdBy,
                updatedAt,
                updatedBy,
                revision);
    }
}
