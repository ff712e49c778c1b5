package io.busbar.api.auth;

/**
 * Thrown when a password cannot be hashed or verified at the moment: the service for it is not
 * running, or it is overloaded. The message says which. Nothing was changed; the same call may
 * succeed later.
 */
public final class HashingUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public HashingUnavailableException(String message) {
        super(message);
    }

    /**
     * Creates the exception for an absent {@link io.busbar.api.auth.spi.PasswordHashes} service.
     */
    public static HashingUnavailableException notRunning() {
        return new HashingUnavailableException(
                "Passwords cannot be hashed or verified: the service for it is not running. See the"
                        + " log for why, and start the bundle io.busbar.auth.passwords.");
    }

    /** Creates the exception for a service that has too many waiting calls. */
    public static HashingUnavailableException busy() {
        return new HashingUnavailableException(
                "Too many passwords are being verified at this moment: try again in some seconds.");
    }
}
