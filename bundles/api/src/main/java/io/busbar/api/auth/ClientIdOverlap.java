package io.busbar.api.auth;

/**
 * Another credential that may connect with the same Client Identifier. Neither is wrong, but people
 * should know: a Client Identifier belongs to the credential that names it more precisely.
 *
 * @param other the other credential
 * @param kind how the two overlap
 */
public record ClientIdOverlap(Credential other, Kind kind) {
    /** How two credentials overlap. */
    public enum Kind {
        /** Both have the same Client Identifier. A session belongs to the one that has it. */
        EQUAL,
        /**
         * The credential's prefix covers the other one's Client Identifier, which belongs to the
         * other one.
         */
        COVERS,
        /**
         * The credential's Client Identifier is covered by the other one's prefix, and belongs to
         * the credential.
         */
        COVERED
    }
}
