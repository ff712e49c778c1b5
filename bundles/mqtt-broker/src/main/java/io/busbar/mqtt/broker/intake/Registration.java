package io.busbar.mqtt.broker.intake;

import io.busbar.api.broker.InterceptorView;
import io.busbar.api.broker.ProviderView;
import io.busbar.api.broker.spi.PublishInterceptor;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.mqtt.broker.call.Bulkhead;
import io.busbar.mqtt.broker.call.Calls;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An interceptor with the properties its service has now. Compared by identity. */
final class Registration {
    private static final PublishInterceptor NOBODY =
            (message, origin) -> {
                throw new IllegalStateException("nobody is there to be asked");
            };

    private final PublishInterceptor interceptor;
    private final Standing standing;
    private final List<TopicFilter> filters;
    private final boolean passes;
    private final boolean missed;
    private final boolean onLoop;
    private final @Nullable Bulkhead bulkhead;

    Registration(
            PublishInterceptor interceptor,
            Standing standing,
            List<TopicFilter> filters,
            boolean passes,
            boolean missed,
            boolean onLoop,
            @Nullable Bulkhead bulkhead) {
        this.interceptor = interceptor;
        this.standing = standing;
        this.filters = List.copyOf(filters);
        this.passes = passes;
        this.missed = missed;
        this.onLoop = onLoop;
        this.bulkhead = bulkhead;
    }

    /** Stands for one whose service has gone: keeps nothing of its bundle, and has no verdict. */
    static Registration absent(Registration gone) {
        return new Registration(NOBODY, gone.standing, gone.filters, false, true, true, null);
    }

    PublishInterceptor interceptor() {
        return interceptor;
    }

    Standing standing() {
        return standing;
    }

    List<TopicFilter> filters() {
        return filters;
    }

    /** Whether messages pass unchecked if it fails; else they are refused. */
    boolean passes() {
        return passes;
    }

    /** Whether messages are refused when its service has gone. */
    boolean isMissed() {
        return missed && !filters.isEmpty();
    }

    /** Whether its service has gone: it is not asked and has no verdict. */
    boolean isAbsent() {
        return bulkhead == null;
    }

    /** Whether it is asked on event loops, so that it may only block if it says so before. */
    boolean isOnLoop() {
        return onLoop;
    }

    /** Where it may block; only for one that is there. */
    Bulkhead bulkhead() {
        return Objects.requireNonNull(bulkhead, "bulkhead");
    }

    InterceptorView view(Calls calls) {
        return standing.view(
                provider(calls), filters.stream().map(TopicFilter::value).toList(), passes);
    }

    private ProviderView provider(Calls calls) {
        if (bulkhead == null) {
            return new ProviderView(
                    standing.callee().kind(),
                    standing.name(),
                    ProviderView.State.GONE,
                    "has gone; messages of its topics are refused until it is back. Start its"
                            + " bundle, or restart the server without it");
        }
        return provider(calls, standing, bulkhead);
    }

    /** It may hang on event loops, or where it may block. */
    static ProviderView provider(Calls calls, Standing standing, Bulkhead bulkhead) {
        ProviderView onLoops = calls.view(standing.callee());
        return onLoops.state() == ProviderView.State.ASKED ? bulkhead.view() : onLoops;
    }
}
