package io.busbar.api.auth.spi;

import io.busbar.api.auth.Principal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An authenticator's answer: the client is let in, refused, or left to the next authenticator. */
public sealed interface AuthResult {
    /**
     * This authenticator does not know the client; the next one is asked. If all abstain, the
     * client is refused.
     */
    AuthResult ABSTAIN = new Abstain(Cause.UNKNOWN_USER);

    /**
     * The client is let in.
     *
     * @param principal the client's identity
     */
    record Granted(Principal principal) implements AuthResult {
        public Granted {
            Objects.requireNonNull(principal, "principal");
        }
    }

    /**
     * The client is refused, and no other authenticator is asked.
     *
     * @param cause why
     * @param principalId the identity that the client tried to use, e.g. a credential's id; null if
     *     that is not known. Never told to the client
     * @param expected what would have been right, e.g. the expected Client Identifier; null if
     *     there is nothing to say. Shown in the console. Told to an MQTT 5 client only if its
     *     password was right
     */
    record Refused(Cause cause, @Nullable String principalId, @Nullable String expected)
            implements AuthResult {}

    /**
     * This authenticator does not know the client; the next one is asked. Names that nobody has are
     * told from others by the answer unless an authenticator counts and refuses them in the same
     * way. It says here with which cause it would have refused a name of its own.
     *
     * @param otherwise why the client is refused if all abstain: {@link Cause#UNKNOWN_USER}, {@link
     *     Cause#THROTTLED}, {@link Cause#BUSY} or {@link Cause#UNAVAILABLE}. The first one that is
     *     not {@link Cause#UNKNOWN_USER} counts
     */
    record Abstain(Cause otherwise) implements AuthResult {}

    /**
     * Why a client is refused. Clients get the same answer, 0x87 (Not authorized), for {@link
     * #UNKNOWN_USER}, {@link #WRONG_PASSWORD}, {@link #NO_CREDENTIALS}, {@link #DISABLED}, {@link
     * #EXPIRED} and {@link #ADDRESS_NOT_ALLOWED}, so that the answer reveals nothing about existing
     * credentials.
     */
    enum Cause {
        UNKNOWN_USER,
        WRONG_PASSWORD,
        NO_CREDENTIALS,
        /**
         * The password is right, but the credential does not allow this Client Identifier. Answered
         * with 0x85 in MQTT 5 and return code 2 in MQTT 3.
         */
        CLIENT_ID_NOT_ALLOWED,
        DISABLED,
        EXPIRED,
        ADDRESS_NOT_ALLOWED,
        TOO_MANY_CONNECTIONS,
        /**
         * Too many failed attempts from this address with this user name; the client may try again
         * later.
         */
        THROTTLED,
        /**
         * Too many clients wait to be verified, or this one waited too long; it may try again.
         * Answered with 0x89 (Server busy) in MQTT 5 and return code 3 in MQTT 3.
         */
        BUSY,
        /** There is no authenticator, or it failed or did not answer in time. */
        UNAVAILABLE
    }
}
