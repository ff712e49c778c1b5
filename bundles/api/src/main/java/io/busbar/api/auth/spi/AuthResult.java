package io.busbar.api.auth.spi;

import io.busbar.api.auth.Principal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An authenticator's answer. */
public sealed interface AuthResult {
    /** "Not mine": the next provider is asked; if all abstain, the client is refused as unknown. */
    AuthResult ABSTAIN = new Abstain();

    /** The client is who it says. */
    record Granted(Principal principal) implements AuthResult {
        public Granted {
            Objects.requireNonNull(principal, "principal");
        }
    }

    /**
     * The client is refused, and no other provider is asked.
     *
     * @param principalId the credential it is about, or null if it is not known which; never told
     *     to the client
     * @param expected what would have been right, for the console's list, e.g. the Client
     *     Identifier that was expected; told to an MQTT 5 client only when its password was right
     */
    record Refused(Cause cause, @Nullable String principalId, @Nullable String expected)
            implements AuthResult {}

    /** See {@link #ABSTAIN}. */
    record Abstain() implements AuthResult {}

    /** Why a client is refused. The first three look alike to the client. */
    enum Cause {
        UNKNOWN_USER,
        WRONG_PASSWORD,
        NO_CREDENTIALS,
        /** Password right, Client Identifier not: 0x85, 3.1.1 code 2. */
        CLIENT_ID_NOT_ALLOWED,
        DISABLED,
        EXPIRED,
        ADDRESS_NOT_ALLOWED,
        TOO_MANY_CONNECTIONS,
        /** Too many failures from this address for this user name; try later. */
        THROTTLED,
        /** No provider, or it failed or did not answer in time. */
        UNAVAILABLE
    }
}
