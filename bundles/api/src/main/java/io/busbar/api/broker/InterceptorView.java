package io.busbar.api.broker;

import java.time.Duration;
import java.util.List;

/**
 * A {@link io.busbar.api.broker.spi.PublishInterceptor} as the broker sees it.
 *
 * @param name its component's name, or its class
 * @param filters the topics it is asked about; empty if its service has gone and a call still hangs
 * @param passesOnFailure whether messages pass unchecked while it fails or hangs; else they are
 *     refused
 * @param state whether it is asked
 * @param detail what is wrong and what to do; empty while it is asked
 * @param counts what it did since its service is there
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

    /** Whether an interceptor is asked. */
    public enum State {
        ASKED,
        /** A call has not returned in time: one event loop at least is stuck in it. */
        HANGS,
        /** It hung, and is left alone for a while. */
        RESTS
    }

    /**
     * What an interceptor did.
     *
     * @param asked how often it was asked
     * @param failed how often it failed, or was not asked because it hung
     * @param total time spent in it
     * @param longest time of the longest call that returned
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
