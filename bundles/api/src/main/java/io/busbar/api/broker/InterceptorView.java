package io.busbar.api.broker;

import java.time.Duration;
import java.util.List;

/**
 * The state of a {@link io.busbar.api.broker.spi.PublishInterceptor}, for operators.
 *
 * @param name the name of its component, or its class
 * @param filters the topics it is asked about; empty if its service has gone while a call still
 *     hangs
 * @param passesOnFailure whether messages pass unchecked while it fails or hangs; otherwise they
 *     are refused
 * @param state whether it is asked
 * @param detail what is wrong and what to do; empty if nothing is wrong
 * @param counts what it has done since its service appeared
 */
public record InterceptorView(
        String name,
        List<String> filters,
        boolean passesOnFailure,
        State state,
        String detail,
        Counts counts) {
    public InterceptorView {
        filters = List.copyOf(filters);
    }

    /** Whether the broker asks an interceptor. */
    public enum State {
        /** It is asked, as usual. */
        ASKED,
        /** A call has not returned in time, so at least one event loop is stuck in it. */
        HANGS,
        /** It hung before and is not asked for a while. */
        RESTS
    }

    /**
     * What an interceptor has done.
     *
     * @param asked how often it was asked
     * @param annotated messages it added User Properties to
     * @param diverted messages it diverted
     * @param refused messages it refused
     * @param failed how often it failed, or was not asked because it hung
     * @param total time spent in all its calls together
     * @param longest time of the longest call that has returned
     */
    public record Counts(
            long asked,
            long annotated,
            long diverted,
            long refused,
            long failed,
            Duration total,
            Duration longest) {}
}
