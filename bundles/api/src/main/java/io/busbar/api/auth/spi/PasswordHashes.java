package io.busbar.api.auth.spi;

import io.busbar.api.auth.HashingUnavailableException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Hashes the passwords that people choose, slowly on purpose, so that guessing is slow as well.
 * Published as a service; of several the one with the highest {@code service.ranking} is used.
 *
 * <p>A hash takes megabytes of memory and milliseconds of a processor. The service therefore bounds
 * how many are computed at once and how many wait for their turn, for all who ask together; beyond
 * that it says that it is busy. While the service is absent nobody can sign in whose password needs
 * it: whoever uses it refuses, and never lets in.
 *
 * <p>Thread-safe. The passwords stay the caller's: the service works on copies and wipes them.
 */
@ConsumerType
public interface PasswordHashes {
    /**
     * Hashes a password with a new salt. Waits for its turn, so never from an event loop.
     *
     * @return the hash in PHC string format, which names its algorithm and parameters: {@code
     *     $argon2id$v=19$m=…}
     * @throws HashingUnavailableException if too many wait already
     */
    String hash(byte[] password);

    /**
     * Verifies a password. Does not block: the stage completes on a thread of the service.
     *
     * @param hash what {@link #hash} gave; null if nobody has the name that was presented: this
     *     takes as long as a real one and is never right, so that the time does not tell which
     *     names exist
     * @return fails with {@link IllegalArgumentException} if the hash is none that the service
     *     knows
     */
    CompletionStage<Verdict> verify(byte[] password, @Nullable String hash);

    /**
     * How many wait for their turn. Work that may be left out, such as verifying for nobody, is
     * better left out while some do.
     */
    int waiting();

    /** Whether a password is the one that was hashed. */
    enum Verdict {
        RIGHT,
        WRONG,
        /** Not verified: too many wait, or it has waited too long. */
        BUSY
    }
}
