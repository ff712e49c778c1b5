package io.busbar.api.auth;

/** Which Client Identifiers a credential may connect with. */
public enum ClientIdPolicy {
    /** The credential's own Client Identifier only. */
    EXACT,
    /**
     * The credential's own Client Identifier, or one that consists of it, '-' and more text. This
     * allows several connections with one credential.
     */
    PREFIX,
    /** Any Client Identifier. */
    ANY;

    /**
     * Returns whether the policy allows a Client Identifier.
     *
     * @param own the credential's Client Identifier
     * @param presented the Client Identifier that the client presented
     */
    public boolean accepts(String own, String presented) {
        return switch (this) {
            case EXACT -> presented.equals(own);
            case PREFIX -> presented.equals(own) || presented.startsWith(own + "-");
            case ANY -> true;
        };
    }

    /**
     * Returns how precisely the policy entitles a credential to a Client Identifier. One that it
     * does not accept gives no claim; neither does {@link #ANY}.
     *
     * @param own the credential's Client Identifier
     * @param presented the Client Identifier in question
     */
    public ClientIdClaim claim(String own, String presented) {
        if (this == ANY || !accepts(own, presented)) {
            return ClientIdClaim.NONE;
        }
        return this == EXACT ? ClientIdClaim.EXACT : ClientIdClaim.prefix(own.length());
    }
}
