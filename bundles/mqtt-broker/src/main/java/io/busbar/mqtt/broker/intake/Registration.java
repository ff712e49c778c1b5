package io.busbar.mqtt.broker.intake;

import io.busbar.api.broker.InterceptorView;
import io.busbar.api.broker.spi.PublishInterceptor;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.mqtt.broker.call.Bulkhead;
import io.busbar.mqtt.broker.call.Calls;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An interceptor with the properties its service has now. Compared by identity. */
final class Registration {
    private final PublishInterceptor interceptor;
    private final Standing standing;
    private final List<TopicFilter> filters;
    private final boolean passes;
    private final @Nullable Bulkhead bulkhead;

    Registration(
            PublishInterceptor interceptor,
            Standing standing,
            List<TopicFilter> filters,
            boolean passes,
            @Nullable Bulkhead bulkhead) {
        this.interceptor = interceptor;
        this.standing = standing;
        this.filters = List.copyOf(filters);
        this.passes = passes;
        this.bulkhead = bulkhead;
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

    /** Where it may block; null if it is asked on event loops. */
    @Nullable Bulkhead bulkhead() {
        return bulkhead;
    }

    InterceptorView view(Calls calls) {
        return standing.view(
                bulkhead == null ? calls.view(standing.callee()) : bulkhead.view(),
                filters.stream().map(TopicFilter::value).toList(),
                passes);
    }
}
