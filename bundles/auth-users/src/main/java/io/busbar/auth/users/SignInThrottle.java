package io.busbar.auth.users;

import io.busbar.api.auth.spi.Throttle;
import java.time.Clock;

/**
 * Slows down guessing twice: of one account from one address block, and of all accounts from one
 * address block. Thread-safe.
 */
final class SignInThrottle {
    private static final int ATTEMPTS_PER_BLOCK = 6;
    private static final int CAPACITY = 10_000;
    private static final int MAX_KEY_LENGTH = 64;

    private final Throttle perAccount;
    private final Throttle perBlock;

    /**
     * Makes a throttle that knows of no attempts.
     *
     * @param attempts of one account from one block before they must wait; six times as many of the
     *     block
     * @throws IllegalArgumentException if a value is out of bounds
     */
    SignInThrottle(Clock clock, int attempts, int longestDelaySeconds) {
        if (attempts < 1 || attempts > 1000) {
            throw new IllegalArgumentException("attempts: " + attempts + " (expected: 1 to 1000)");
        }
        if (longestDelaySeconds < 1 || longestDelaySeconds > 3600) {
            throw new IllegalArgumentException(
                    "longest.delay.seconds: " + longestDelaySeconds + " (expected: 1 to 3600)");
        }
        this.perAccount = new Throttle(clock, attempts, longestDelaySeconds, CAPACITY);
        this.perBlock =
                new Throttle(clock, attempts * ATTEMPTS_PER_BLOCK, longestDelaySeconds, CAPACITY);
    }

    /**
     * Counts an attempt that is about to be judged.
     *
     * @param accountKey what the account is found by, whether there is one or not
     */
    Attempt attempt(String accountKey, String address) {
        String block = AddressBlock.of(address);
        String account =
                block
                        + " "
                        + (accountKey.length() > MAX_KEY_LENGTH
                                ? accountKey.substring(0, MAX_KEY_LENGTH)
                                : accountKey);
        int wait = perBlock.attempt(block);
        if (wait == 0) {
            wait = perAccount.attempt(account);
        }
        return new Attempt(block, account, wait);
    }

    /** One attempt to sign in. */
    final class Attempt {
        private final String block;
        private final String account;
        private final int secondsToWait;

        private Attempt(String block, String account, int secondsToWait) {
            this.block = block;
            this.account = account;
            this.secondsToWait = secondsToWait;
        }

        /** How long to wait; 0 = it is judged now. */
        int secondsToWait() {
            return secondsToWait;
        }

        /** How many are left before the next must wait. */
        int left() {
            return Math.min(perAccount.left(account), perBlock.left(block));
        }

        /** It was right: the count begins anew. */
        void succeeded() {
            perAccount.forget(account);
            perBlock.forget(block);
        }
    }
}
