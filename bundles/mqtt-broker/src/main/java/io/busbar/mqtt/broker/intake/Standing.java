package io.busbar.mqtt.broker.intake;

import io.busbar.api.broker.InterceptorView;
import io.busbar.api.broker.ProviderView;
import io.busbar.mqtt.broker.call.Callee;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/** What is known of an interceptor since its service is there. Counted by any loop. */
final class Standing {
    final LongAdder asked = new LongAdder();
    final LongAdder annotated = new LongAdder();
    final LongAdder diverted = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder failed = new LongAdder();

    private final Callee callee;
    private final LongAdder totalNanos = new LongAdder();
    private final AtomicBoolean hasFailed = new AtomicBoolean();
    private volatile long longestNanos;

    Standing(Callee callee) {
        this.callee = callee;
    }

    Callee callee() {
        return callee;
    }

    String name() {
        return callee.name();
    }

    /** Whether it had not failed before. */
    boolean isFirstFailure() {
        return !hasFailed.get() && hasFailed.compareAndSet(false, true);
    }

    /** A call returned; when two loops race, the longest may be a shorter one. */
    void took(long nanos) {
        totalNanos.add(nanos);
        if (nanos > longestNanos) {
            longestNanos = nanos;
        }
    }

    InterceptorView view(ProviderView provider, List<String> filters, boolean passes) {
        return new InterceptorView(
                provider,
                filters,
                passes,
                new InterceptorView.Counts(
                        asked.sum(),
                        annotated.sum(),
                        diverted.sum(),
                        refused.sum(),
                        failed.sum(),
                        Duration.ofNanos(totalNanos.sum()),
                        Duration.ofNanos(longestNanos)));
    }
}
