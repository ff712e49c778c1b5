package io.busbar.auth.users;

import io.busbar.api.accounts.Role;
import io.busbar.api.accounts.User;
import io.busbar.api.storage.Document;
import io.busbar.api.storage.StorageException;
import io.busbar.json.JsonException;
import io.busbar.json.JsonMapper;
import io.busbar.json.OptionalKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A user with the hash of the password.
 *
 * @param username as it was typed; compared without case
 * @param phc the hash as a PHC string
 */
record Account(
        String username,
        Role role,
        String phc,
        Instant createdAt,
        @Nullable Instant lastLoginAt,
        long revision) {
    private static final JsonMapper MAPPER = JsonMapper.builder().tolerateUnknownKeys().build();

    /** The document. */
    private record Written(
            String username,
            Role role,
            String password,
            Instant createdAt,
            @OptionalKey @Nullable Instant lastLoginAt) {}

    /**
     * Reads an account.
     *
     * @throws StorageException if the document is not as {@link #write} makes it
     */
    static Account read(Document document) {
        try {
            Written it = MAPPER.read(document.json(), Written.class);
            return new Account(
                    it.username(),
                    it.role(),
                    it.password(),
                    it.createdAt(),
                    it.lastLoginAt(),
                    document.revision());
        } catch (JsonException e) {
            throw new StorageException(
                    "User "
                            + document.key()
                            + " cannot be read: its document is damaged or was written by a newer"
                            + " version. Restore a backup of the document store.",
                    e);
        }
    }

    String write() {
        return MAPPER.write(new Written(username, role, phc, createdAt, lastLoginAt));
    }

    Account withPhc(String newPhc) {
        return new Account(username, role, newPhc, createdAt, lastLoginAt, revision);
    }

    Account loggedInAt(Instant at) {
        return new Account(username, role, phc, createdAt, at, revision);
    }

    User toUser() {
        return new User(username, role, createdAt, lastLoginAt, revision);
    }

    /** Without the hash: it does not belong into a log. */
    @Override
    public String toString() {
        return "Account[" + username + ", " + role + "]";
    }
}
