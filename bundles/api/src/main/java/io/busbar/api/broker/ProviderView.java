package io.busbar.api.broker;

/**
 * The state of something that the broker calls and that another bundle implements, e.g. an {@link
 * io.busbar.api.auth.spi.Authenticator}, for operators.
 *
 * @param kind what it is, in a word: {@code authenticator}, {@code enhanced authenticator}, {@code
 *     authorizer}, {@code interceptor} or {@code client listener}
 * @param name the name of its component, or its class
 * @param state whether it is asked
 * @param detail what is wrong and what to do; empty if nothing is wrong
 */
public record ProviderView(String kind, String name, State state, String detail) {
    /** Whether the broker asks a provider. */
    public enum State {
        /** It is asked, as usual. */
        ASKED,
        /** Some calls have not returned in time; it is asked on, on threads that are left. */
        LATE,
        /**
         * It is not asked: all threads that it may use hang in it, or an event loop does. An event
         * loop that hangs serves no clients.
         */
        HANGS,
        /** It hung on an event loop before and is not asked for a while. */
        RESTS,
        /** Its service has gone, and until it is back what it would judge is refused. */
        GONE
    }
}
