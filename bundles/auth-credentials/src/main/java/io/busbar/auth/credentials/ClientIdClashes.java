package io.busbar.auth.credentials;

import io.busbar.api.auth.Credential;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Holds the Client Identifiers of credentials from another server against those that were here
 * before. Credentials that come together may share one, as they did there, and one that is replaced
 * keeps what it shares here already. Confined to one thread.
 */
final class ClientIdClashes {
    /** What those that have come named before, by their ids; nothing if they were not here. */
    private final Map<String, List<String>> before = new HashMap<>();

    /**
     * Throws if a credential that was here before names a Client Identifier of one that comes.
     *
     * @throws IllegalArgumentException says which, and whose it is
     */
    void check(MovedCredential moved, CredentialStore here) {
        List<String> known = before.get(moved.id());
        List<String> own = known == null ? namesOf(here.byId(moved.id())) : known;
        for (String name : ClientIds.namesOf(moved.entry().credential())) {
            if (own.contains(name)) {
                continue;
            }
            for (Entry holder : here.clientIds().named(name)) {
                if (!holder.id().equals(moved.id()) && !before.containsKey(holder.id())) {
                    throw new IllegalArgumentException(clash(name, holder.credential()));
                }
            }
        }
    }

    private static String clash(String name, Credential holder) {
        return "the Client ID "
                + name
                + " belongs to the credential \""
                + holder.description()
                + "\" ("
                + holder.id()
                + "); give one of the two another one";
    }

    /**
     * A credential has come.
     *
     * @param old what was in its place; null if nothing was
     */
    void arrived(String id, @Nullable Entry old) {
        before.putIfAbsent(id, namesOf(old));
    }

    private static List<String> namesOf(@Nullable Entry entry) {
        return entry == null ? List.of() : ClientIds.namesOf(entry.credential());
    }
}
