package io.busbar.api.auth;

/** Which Client Identifiers a credential may connect with. */
public enum ClientIdPolicy {
    /** The credential's own Client Identifier only. */
    EXACT,
    /**
     * The credential's own, or it followed by '-' and anything: several connections with one
     * credential.
     */
    PREFIX,
    /** Any. */
    ANY;

    /** Whether the identifier that came satisfies this policy for the credential's own. */
    public boolean accepts(String own, String presented) {
        return switch (this) {
            case EXACT -> presented.equals(own);
            case PREFIX -> presented.equals(own) || presented.startsWith(own + "-");
            case ANY -> true;
        };
    }
}
