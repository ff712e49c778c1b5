package io.busbar.api.auth;

/**
 * No password can be hashed at this moment: the service that does it is not running, or has too
 * much to do. Nothing was changed; the message says which, and the same call may succeed later.
 */
public final class HashingUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public HashingUnavailableException(String message) {
        super(message);
    }

    /** There is no {@link io.busbar.api.auth.spi.PasswordHashes} service. */
    public static HashingUnavailableException notRunning() {
        return new HashingUnavailableException(
                "Passwords cannot be hashed or verified: the service for it is not running. See the"
                        + " log for why, and start the bundle io.busbar.auth.passwords.");
    }

    /** Too many wait already. */
    public static HashingUnavailableException busy() {
        return new HashingUnavailableException(
                "Too many passwords are being verified at this moment: try again in some seconds.");
    }
}
