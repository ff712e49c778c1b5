package io.busbar.startup;

/** The server cannot start; the message says why and what to do, for the person at the terminal. */
final class CannotStartException extends Exception {

    private static final long serialVersionUID = 1L;

    CannotStartException(String message) {
        super(message);
    }
}
