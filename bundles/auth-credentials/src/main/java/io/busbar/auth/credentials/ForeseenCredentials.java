package io.busbar.auth.credentials;

import io.busbar.api.transfer.CredentialState;
import io.busbar.api.transfer.CredentialState.Outcome;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Foresees what would become of credentials from another server, each as if those before it were
 * there already. Confined to one thread.
 */
final class ForeseenCredentials implements CredentialState.Arrivals, KnownCredentials {
    private final Supplier<CredentialStore> store;
    private final boolean replace;
    private final ClientIdClashes clashes;

    /** The user names of those that would be there, by their ids; and the other way round. */
    private final Map<String, String> usernames = new HashMap<>();

    private final Map<String, String> ids = new HashMap<>();
    private final Map<String, ServerKey> keys = new HashMap<>();

    /**
     * Makes one that foresees nothing yet.
     *
     * @param store what there is at the moment
     * @param replace whether those that exist are replaced
     * @param clashes with the Client Identifiers of those that are there
     */
    ForeseenCredentials(Supplier<CredentialStore> store, boolean replace, ClientIdClashes clashes) {
        this.store = store;
        this.replace = replace;
        this.clashes = clashes;
    }

    @Override
    public Outcome take(String json) {
        MovedCredential moved = MovedCredential.read(json);
        CredentialStore current = store.get();
        String id = moved.id();
        boolean exists = usernames.containsKey(id) || current.byId(id) != null;
        if (exists && !replace) {
            return Outcome.EXISTS;
        }
        clashes.check(moved, current);
        ServerKey key = CredentialStore.newKey(moved, this);
        if (key != null) {
            keys.put(key.id(), key);
        }
        clashes.arrived(id, current.byId(id));
        String username = moved.entry().credential().username();
        String before = usernames.put(id, username);
        if (before != null) {
            ids.remove(before, id);
        }
        ids.put(username, id);
        return exists ? Outcome.REPLACED : Outcome.CREATED;
    }

    @Override
    public @Nullable String holderOf(String username) {
        String foreseen = ids.get(username);
        if (foreseen != null) {
            return foreseen;
        }
        String holder = store.get().holderOf(username);
        // Unless it would have another name by then.
        return holder == null || usernames.containsKey(holder) ? null : holder;
    }

    @Override
    public @Nullable ServerKey keyOf(Verifier.Generated verifier) {
        ServerKey known = store.get().keyOf(verifier);
        return known != null ? known : keys.get(verifier.keyId());
    }
}
