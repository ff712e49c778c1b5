package io.busbar.auth.credentials;

import io.busbar.api.auth.ClientIdClaim;
import io.busbar.api.auth.ClientIdOverlap;
import io.busbar.api.auth.ClientIdPolicy;
import io.busbar.api.auth.Credential;
import io.busbar.api.auth.CredentialLimits;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which credentials name which Client Identifier, and so whose it is. A few look-ups for each
 * question, however many credentials there are. Thread-safe.
 */
final class ClientIds {
    /** The longest name of a credential, in UTF-16 units. */
    private static final int LONGEST_NAME = 2 * CredentialLimits.MAX_NAME;

    private final Map<String, List<Entry>> byName = new ConcurrentHashMap<>();

    /** Adds a credential, in the place of its earlier state if that has the same one. */
    void add(Entry entry) {
        namesOf(entry.credential()).forEach(name -> add(name, entry));
    }

    private void add(String name, Entry entry) {
        byName.compute(
                name,
                (id, named) -> {
                    List<Entry> all = new ArrayList<>();
                    if (named != null) {
                        named.stream()
                                .filter(other -> !other.id().equals(entry.id()))
                                .forEach(all::add);
                    }
                    all.add(entry);
                    return List.copyOf(all);
                });
    }

    /** Removes exactly this state of a credential. */
    void remove(Entry entry) {
        namesOf(entry.credential()).forEach(name -> remove(name, entry));
    }

    private void remove(String name, Entry entry) {
        byName.computeIfPresent(
                name,
                (id, named) -> {
                    List<Entry> left = named.stream().filter(other -> other != entry).toList();
                    return left.isEmpty() ? null : left;
                });
    }

    /** All Client Identifiers that a credential names in full. */
    static List<String> namesOf(Credential credential) {
        List<String> names = new ArrayList<>(credential.otherClientIds());
        names.add(0, credential.clientId());
        return names;
    }

    /** The credentials that name this Client Identifier in full. */
    List<Entry> named(String clientId) {
        return byName.getOrDefault(clientId, List.of());
    }

    /** The credentials with the most precise claim on a Client Identifier. */
    List<Entry> owners(String clientId) {
        List<Entry> exact =
                named(clientId).stream()
                        .filter(entry -> claim(entry, clientId).equals(ClientIdClaim.EXACT))
                        .toList();
        if (!exact.isEmpty()) {
            return exact;
        }
        List<Entry> whole = prefixed(clientId);
        if (!whole.isEmpty()) {
            return whole;
        }
        // No credential's is longer: a client cannot make this take long.
        int dash = Math.min(clientId.length(), LONGEST_NAME + 1);
        while ((dash = clientId.lastIndexOf('-', dash - 1)) > 0) {
            List<Entry> covering = prefixed(clientId.substring(0, dash));
            if (!covering.isEmpty()) {
                return covering;
            }
        }
        return List.of();
    }

    /** The credentials of which this is the prefix. */
    private List<Entry> prefixed(String own) {
        return named(own).stream()
                .filter(entry -> entry.credential().clientIdPolicy() == ClientIdPolicy.PREFIX)
                .filter(entry -> entry.credential().clientId().equals(own))
                .toList();
    }

    /** The most precise claim that a credential has. */
    ClientIdClaim strongest(String clientId) {
        List<Entry> owners = owners(clientId);
        return owners.isEmpty() ? ClientIdClaim.NONE : claim(owners.get(0), clientId);
    }

    /** The claim of one of them. */
    static ClientIdClaim claim(Entry entry, String clientId) {
        return entry.credential().claim(clientId);
    }

    /** How another credential overlaps with one of this policy and Client Identifier; or null. */
    static ClientIdOverlap.@Nullable Kind overlap(
            ClientIdPolicy policy, String clientId, Credential other) {
        if (other.names(clientId)) {
            return ClientIdOverlap.Kind.EQUAL;
        } else if (policy == ClientIdPolicy.ANY || other.clientIdPolicy() == ClientIdPolicy.ANY) {
            return null;
        } else if (namesOf(other).stream().anyMatch(name -> policy.accepts(clientId, name))) {
            return ClientIdOverlap.Kind.COVERS;
        } else if (other.clientIdPolicy().accepts(other.clientId(), clientId)) {
            return ClientIdOverlap.Kind.COVERED;
        }
        return null;
    }

    /** The credentials that overlap. */
    static List<ClientIdOverlap> overlaps(
            Collection<Entry> all,
            ClientIdPolicy policy,
            String clientId,
            @Nullable String exceptId) {
        List<ClientIdOverlap> found = new ArrayList<>();
        for (Entry entry : all) {
            ClientIdOverlap.Kind kind = overlap(policy, clientId, entry.credential());
            if (kind != null && !entry.id().equals(exceptId)) {
                found.add(new ClientIdOverlap(entry.credential(), kind));
            }
        }
        found.sort(
                Comparator.comparing(ClientIdOverlap::kind)
                        .thenComparing(overlap -> overlap.other().description())
                        .thenComparing(overlap -> overlap.other().id()));
        return found;
    }
}
