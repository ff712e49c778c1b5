package io.busbar.auth.credentials;

import io.busbar.api.auth.Credential;
import io.busbar.api.auth.CredentialService.Ensured;
import io.busbar.api.auth.NewCredential;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A credential that the bootstrap file declares, beside those that there are: whether it is one of
 * them, and what of it belongs to others by now. What others have stays theirs; what follows from
 * that is told, because a client with the declared password would only see that it is refused.
 */
final class Declared {
    private final NewCredential wanted;

    Declared(NewCredential wanted) {
        this.wanted = wanted;
    }

    /** Why nothing has to or can be made, or null if it is to be made. */
    @Nullable Ensured known(CredentialStore store) {
        String username = wanted.username();
        String clientId = wanted.clientId();
        if (username != null
                && (store.byUsername(username) != null || store.wasDeleted(username, null))) {
            return Ensured.NOTHING_TO_DO;
        }
        if (clientId == null) {
            return null;
        }
        Credential holder = holder(store, clientId);
        if (holder != null) {
            return username == null && holder.clientId().equals(clientId)
                    ? Ensured.NOTHING_TO_DO
                    : notMade(
                            "its Client ID "
                                    + holding(holder, clientId)
                                    + ". Remove it there under Edge, MQTT Credentials, Edit access,"
                                    + " or give this one another Client ID");
        }
        if (store.wasDeleted(null, clientId)) {
            return username == null
                    ? Ensured.NOTHING_TO_DO
                    : notMade(
                            "a credential with its Client ID \""
                                    + clientId
                                    + "\" was deleted. Make it under Edge, MQTT Credentials, or"
                                    + " give this one another Client ID");
        }
        return null;
    }

    /** The further Client Identifiers that somebody else has. */
    List<String> taken(CredentialStore store) {
        return wanted.otherClientIds().stream()
                .filter(other -> holder(store, other) != null)
                .distinct()
                .toList();
    }

    /** What to tell about those of them that it was made without. */
    List<String> leftOut(CredentialStore store, List<String> taken) {
        return taken.stream()
                .map(
                        other ->
                                named()
                                        + " was made without a further Client ID: it "
                                        + holding(
                                                Objects.requireNonNull(holder(store, other)), other)
                                        + ". Remove it there, then add it here, under Edge, MQTT"
                                        + " Credentials, Edit access")
                .toList();
    }

    private static @Nullable Credential holder(CredentialStore store, String clientId) {
        List<Entry> named = store.clientIds().named(clientId);
        return named.isEmpty() ? null : named.get(0).credential();
    }

    private static String holding(Credential holder, String clientId) {
        return "\""
                + clientId
                + "\" is "
                + (holder.clientId().equals(clientId) ? "the Client ID" : "a further Client ID")
                + " of the credential \""
                + holder.description()
                + "\" (user name "
                + holder.username()
                + ")";
    }

    private Ensured notMade(String why) {
        return new Ensured(false, List.of(named() + " was not made, because " + why));
    }

    private String named() {
        String username = wanted.username();
        return "credential \""
                + wanted.description()
                + "\""
                + (username == null ? "" : " (user name " + username + ")");
    }
}
