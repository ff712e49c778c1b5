package io.busbar.auth.credentials;

import io.busbar.api.auth.Credential;
import io.busbar.json.JsonMapper;
import io.busbar.json.OptionalKey;
import org.jspecify.annotations.Nullable;

/**
 * A credential on its way from one server to another.
 *
 * @param key what its verifier was made with; null if that needs none, or is not there
 */
record MovedCredential(Entry entry, @Nullable ServerKey key) {
    private static final int LONGEST_ID = 100;

    /** As large as the body of a request that makes one may be. */
    private static final int LONGEST = 1 << 20;

    private static final JsonMapper MAPPER = CredentialDocument.mapper();

    /** How it is written. */
    private record Written(
            String id,
            CredentialDocument credential,
            @OptionalKey ServerKey.@Nullable Written serverKey) {}

    String id() {
        return entry.id();
    }

    static String write(Entry entry, @Nullable ServerKey key) {
        return MAPPER.write(
                new Written(
                        entry.id(),
                        CredentialDocument.of(entry.credential(), entry.keys()),
                        key == null ? null : key.written()));
    }

    /**
     * Reads what {@link #write} made, perhaps on another server.
     *
     * @throws IllegalArgumentException if something does not fit
     */
    static MovedCredential read(String json) {
        if (json.length() > LONGEST) {
            throw new IllegalArgumentException(
                    "a credential of more than " + LONGEST + " characters");
        }
        Written it = MAPPER.read(json, Written.class);
        if (it.id.isEmpty() || it.id.length() > LONGEST_ID) {
            throw new IllegalArgumentException("id (expected: 1 to " + LONGEST_ID + " characters)");
        }
        Entry entry = it.credential.entry(it.id, 0);
        Credential credential = entry.credential();
        CredentialBounds.description(credential.description());
        CredentialBounds.name("clientId", credential.clientId());
        CredentialBounds.otherClientIds(credential.otherClientIds(), credential.clientId());
        CredentialBounds.name("username", credential.username());
        CredentialBounds.connections(credential.maxConnections());
        CredentialBounds.acl(credential.acl());
        CredentialBounds.networks(credential.allowedNetworks());
        return new MovedCredential(entry, it.serverKey == null ? null : it.serverKey.read());
    }
}
