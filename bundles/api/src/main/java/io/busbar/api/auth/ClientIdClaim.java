package io.busbar.api.auth;

/**
 * How precisely an identity is entitled to a Client Identifier. Of two identities that may connect
 * with the same one, it belongs to the one with the more precise claim.
 *
 * @param precision 0 = it has no claim of its own; otherwise the length of what it names of the
 *     Client Identifier, and {@link Integer#MAX_VALUE} for all of it
 */
public record ClientIdClaim(int precision) implements Comparable<ClientIdClaim> {
    /** No claim of its own: at most, it may use what nobody else has a claim on. */
    public static final ClientIdClaim NONE = new ClientIdClaim(0);

    /** A claim on exactly this Client Identifier. */
    public static final ClientIdClaim EXACT = new ClientIdClaim(Integer.MAX_VALUE);

    public ClientIdClaim {
        if (precision < 0) {
            throw new IllegalArgumentException("precision: " + precision + " (expected: >= 0)");
        }
    }

    /** A claim on every Client Identifier that begins with a prefix of this length. */
    public static ClientIdClaim prefix(int characters) {
        return new ClientIdClaim(characters);
    }

    @Override
    public int compareTo(ClientIdClaim other) {
        return Integer.compare(precision, other.precision);
    }

    /** Whether it is more precise than another one. */
    public boolean beats(ClientIdClaim other) {
        return precision > other.precision;
    }

    /** Returns the more precise one. */
    public ClientIdClaim or(ClientIdClaim other) {
        return other.beats(this) ? other : this;
    }
}
