package io.busbar.mqtt.broker.intake;

import io.busbar.api.broker.InterceptorView;
import io.busbar.api.broker.spi.PublishInterceptor;
import io.busbar.api.mqtt.TopicFilter;
import java.util.List;

/** An interceptor with the properties its service has now. Compared by identity. */
final class Registration {
    private final PublishInterceptor interceptor;
    private final Standing standing;
    private final List<TopicFilter> filters;
    private final boolean passes;

    Registration(
            PublishInterceptor interceptor,
            Standing standing,
            List<TopicFilter> filters,
            boolean passes) {
        this.interceptor = interceptor;
        this.standing = standing;
        this.filters = List.copyOf(filters);
        this.passes = passes;
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

    InterceptorView view(long nowNanos) {
        return standing.view(filters.stream().map(TopicFilter::value).toList(), passes, nowNanos);
    }
}
