package io.busbar.api.broker;

import java.time.Duration;
import java.util.List;

/**
 * The state of a {@link io.busbar.api.broker.spi.PublishInterceptor}, for operators.
 *
 * @param provider who it is, and whether it is asked
 * @param filters the topics it is asked about; empty if its service has gone while a call still
 *     hangs
 * @param passesOnFailure whether messages pass unchecked while it fails or hangs; otherwise they
 *     are refused
 * @param counts what it has done since its service appeared
 */
public record InterceptorView(
        ProviderView provider, List<String> filters, boolean passesOnFailure, Counts counts) {
    public InterceptorView {
        filters = List.copyOf(filters);
    }

    /** The name of its component, or its class. */
    public String name() {
        return provider.name();
    }

    /** Whether it is asked. */
    public ProviderView.State state() {
        return provider.state();
    }

    /** What is wrong and what to do; empty if nothing is wrong. */
    public String detail() {
        return provider.detail();
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
