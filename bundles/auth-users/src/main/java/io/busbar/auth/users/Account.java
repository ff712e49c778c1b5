package io.busbar.auth.users;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.busbar.api.accounts.Role;
import io.busbar.api.accounts.User;
import io.busbar.api.storage.Document;
import io.busbar.api.storage.StorageException;
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
    static Account read(Document document) {
        try {
            JsonObject json = JsonParser.parseString(document.json()).getAsJsonObject();
            return new Account(
                    json.get("username").getAsString(),
                    Role.valueOf(json.get("role").getAsString()),
                    json.get("password").getAsString(),
                    Instant.parse(json.get("createdAt").getAsString()),
                    json.has("lastLoginAt")
                            ? Instant.parse(json.get("lastLoginAt").getAsString())
                            : null,
                    document.revision());
        } catch (JsonParseException
                | IllegalStateException
                | IllegalArgumentException
                | NullPointerException
                | UnsupportedOperationException
                | java.time.DateTimeException e) {
            throw new StorageException(
                    "User "
                            + document.key()
                            + " cannot be read: its document is damaged or was written by a newer"
                            + " version. Restore a backup of the document store.",
                    e);
        }
    }

    String write() {
        JsonObject json = new JsonObject();
        json.addProperty("username", username);
        json.addProperty("role", role.name());
        json.addProperty("password", phc);
        json.addProperty("createdAt", createdAt.toString());
        if (lastLoginAt != null) {
            json.addProperty("lastLoginAt", lastLoginAt.toString());
        }
        return json.toString();
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
