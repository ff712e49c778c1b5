package io.busbar.api.auth.spi;

import io.busbar.api.auth.HashingUnavailableException;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Hashes and verifies passwords that people choose. The hash is slow on purpose, so that guessing a
 * password is slow too. Published as a service. If there are several, the one with the highest
 * {@code service.ranking} is used.
 *
 * <p>One hash takes megabytes of memory and milliseconds of processor time. The service therefore
 * limits how many hashes are computed at the same time and how many calls wait for their turn. The
 * limit holds for all callers together. A call beyond it is answered "busy". While the service is
 * absent, its users must refuse every sign-in that needs it; they must never let somebody in
 * unchecked.
 *
 * <p>Thread-safe. The caller keeps ownership of the password arrays: the service works on copies
 * and wipes those.
 */
@ConsumerType
public interface PasswordHashes {
    /**
     * Hashes a password with a new random salt. Blocks until it is this call's turn, so never call
     * it from an event loop.
     *
     * @param password the password's bytes; not changed and not kept
     * @return the hash in PHC string format, which names its algorithm and parameters: {@code
     *     $argon2id$v=19$m=…}
     * @throws HashingUnavailableException if too many calls are waiting already
     */
    String hash(byte[] password);

    /**
     * Checks whether a password is the one that was hashed. Does not block: the stage completes on
     * a thread of the service.
     *
     * @param password the password's bytes; not changed and not kept
     * @param hash a result of {@link #hash}, or null if there is no account with the presented
     *     name. Null takes as long as a real hash and is never {@link Verdict#RIGHT}, so that
     *     response times do not reveal which names exist
     * @param wanted asked on a thread of the service when the turn of this call has come. If it
     *     says no, nothing is computed and the verdict is {@link Verdict#WRONG}; e.g. because too
     *     many guesses that came before this one were wrong. Must not block
     * @return the verdict; fails with {@link IllegalArgumentException} if the service does not know
     *     the format of the hash
     */
    CompletionStage<Verdict> verify(byte[] password, @Nullable String hash, BooleanSupplier wanted);

    /**
     * Returns how many calls are waiting for their turn. While there are many, callers should not
     * want optional work any more when its turn comes, such as verifying a password for a name that
     * does not exist.
     */
    int waiting();

    /** Returns how long a call of {@link #verify} may wait for its turn before it is BUSY. */
    default Duration longestWait() {
        return Duration.ZERO;
    }

    /** The result of verifying a password. */
    enum Verdict {
        /** The password is the one that was hashed. */
        RIGHT,
        /** The password is a different one. */
        WRONG,
        /**
         * The password was not checked: too many calls are waiting, or this one waited too long.
         */
        BUSY
    }
}
