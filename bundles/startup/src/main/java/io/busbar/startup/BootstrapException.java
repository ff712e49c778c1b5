package io.busbar.startup;

/** The bootstrap file is not right; the message says where and what was expected. */
final class BootstrapException extends Exception {

    private static final long serialVersionUID = 1L;

    BootstrapException(String message) {
        super(message);
    }
}
