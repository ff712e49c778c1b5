package io.busbar.auth.credentials;

import org.jspecify.annotations.Nullable;

/** What decides whether a credential from another server fits. */
interface KnownCredentials {
    /** The id of the credential that has a user name; null if none has. */
    @Nullable String holderOf(String username);

    /** The key that a verifier was made with; null if it is not there. */
    @Nullable ServerKey keyOf(Verifier.Generated verifier);
}
