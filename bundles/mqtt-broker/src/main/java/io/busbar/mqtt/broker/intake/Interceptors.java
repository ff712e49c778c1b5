package io.busbar.mqtt.broker.intake;

import io.busbar.api.broker.InterceptorView;
import io.busbar.api.broker.ProviderView;
import io.busbar.api.broker.spi.PublishInterceptor;
import io.busbar.api.broker.spi.PublishOrigin;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.mqtt.broker.call.Bulkhead;
import io.busbar.mqtt.broker.call.Callee;
import io.busbar.mqtt.broker.call.Calls;
import io.busbar.mqtt.broker.call.Providers;
import io.busbar.mqtt.broker.call.Ranked;
import io.busbar.mqtt.broker.loop.Loop;
import io.busbar.mqtt.broker.loop.Loops;
import io.busbar.mqtt.broker.loop.PerLoop;
import io.busbar.mqtt.broker.topic.FilterProperty;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows the current interceptors and asks them about messages. If there are none, this costs one
 * comparison per message; otherwise one table look-up for a topic that no interceptor has asked
 * for. Thread-safe.
 */
public final class Interceptors {
    private static final Logger LOG = LoggerFactory.getLogger(Interceptors.class);
    private static final String KIND = "interceptor";

    private final Map<PublishInterceptor, Registration> known = new IdentityHashMap<>();

    /** Those that have gone and are missed, by name. Guarded by this. */
    private final Map<String, Registration> missing = new HashMap<>();

    private final Ranked<Registration> ranked = new Ranked<>();
    private final PerLoop<Desk> desks;
    private final Calls calls;

    /** Those that are gone while calls of them still hang. */
    private final List<Left> left = new CopyOnWriteArrayList<>();

    private volatile Table table = Table.EMPTY;

    /** What is kept of one that is gone: nothing of its bundle. */
    private record Left(Standing standing, boolean passes, Bulkhead bulkhead) {
        ProviderView view(Calls calls) {
            return Registration.provider(calls, standing, bulkhead);
        }

        boolean isHanging(Calls calls) {
            ProviderView.State state = view(calls).state();
            return state == ProviderView.State.HANGS || state == ProviderView.State.LATE;
        }

        /** Whether it may still come to hang. */
        boolean isBusy(Calls calls) {
            return isHanging(calls) || bulkhead.isBusy();
        }
    }

    Interceptors(Loops loops, Calls calls, int timeoutMillis) {
        this.calls = calls;
        this.desks = new PerLoop<>(loop -> new Desk(loop, loops.ticker(), calls, timeoutMillis));
    }

    /** Adds an interceptor, or gives it other topics and another place. */
    public synchronized void bind(PublishInterceptor interceptor, Map<String, ?> properties) {
        Registration old = known.remove(interceptor);
        if (old != null) {
            ranked.unbind(old);
        }
        List<TopicFilter> filters =
                FilterProperty.read(properties.get(PublishInterceptor.TOPIC_FILTER));
        Standing standing =
                old != null
                        ? old.standing()
                        : new Standing(new Callee(KIND, Providers.nameOf(interceptor, properties)));
        Registration registration =
                new Registration(
                        interceptor,
                        standing,
                        filters,
                        passes(standing, properties),
                        isMissed(standing, properties),
                        !Providers.blocks(properties),
                        old != null ? old.bulkhead() : calls.workers().bulkhead(standing.callee()));
        known.put(interceptor, registration);
        Registration absent = missing.remove(standing.name());
        if (absent != null) {
            ranked.unbind(absent);
        }
        ranked.bind(registration, properties);
        table = Table.of(ranked.inOrder());
        if (filters.isEmpty() && !isWithdrawn(properties)) {
            LOG.warn(
                    "Publish interceptor is never asked: service property {} is missing or no topic"
                            + " filter (interceptor={})",
                    PublishInterceptor.TOPIC_FILTER,
                    standing.name());
        } else if (!filters.isEmpty() && (old == null || old.filters().isEmpty())) {
            LOG.info(
                    "Publish interceptor judges messages from now on (interceptor={}, filters={})",
                    standing.name(),
                    filters.size());
        }
    }

    /** Whether it says itself that it wants nothing. */
    private static boolean isWithdrawn(Map<String, ?> properties) {
        return properties.get(PublishInterceptor.TOPIC_FILTER) instanceof Object[] filters
                && filters.length == 0;
    }

    private void leave(Registration gone) {
        gone.bulkhead().close();
        left.removeIf(each -> !each.isBusy(calls));
        left.add(new Left(gone.standing(), gone.passes(), gone.bulkhead()));
    }

    private static boolean passes(Standing standing, Map<String, ?> properties) {
        return PublishInterceptor.PASS.equals(
                choice(standing, properties, PublishInterceptor.ON_FAILURE, "if it fails"));
    }

    private static boolean isMissed(Standing standing, Map<String, ?> properties) {
        return properties.containsKey(PublishInterceptor.ON_ABSENCE)
                && !PublishInterceptor.PASS.equals(
                        choice(
                                standing,
                                properties,
                                PublishInterceptor.ON_ABSENCE,
                                "if it has gone"));
    }

    private static @Nullable Object choice(
            Standing standing, Map<String, ?> properties, String name, String when) {
        Object value = properties.get(name);
        if (value != null
                && !value.equals(PublishInterceptor.PASS)
                && !value.equals(PublishInterceptor.REFUSE)) {
            LOG.warn(
                    "Service property {} is {} (expected: {}, {}): messages are refused {}"
                            + " (interceptor={})",
                    name,
                    value,
                    PublishInterceptor.REFUSE,
                    PublishInterceptor.PASS,
                    when,
                    standing.name());
        }
        return value;
    }

    /**
     * Its service goes: messages pass as if it had never asked for them, or are refused if it says
     * so.
     */
    public synchronized void unbind(PublishInterceptor interceptor) {
        Registration gone = known.remove(interceptor);
        if (gone == null) {
            return;
        }
        ranked.unbind(gone);
        String name = gone.standing().name();
        if (gone.isMissed()) {
            Registration absent = Registration.absent(gone);
            missing.put(name, absent);
            ranked.bind(absent, Map.of());
        }
        table = Table.of(ranked.inOrder());
        leave(gone);
        desks.all().forEach(Desk::letGo);
        if (gone.isMissed()) {
            LOG.warn(
                    "Publish interceptor is gone: messages of its topics are refused until it is"
                            + " back (interceptor={}, filters={})",
                    name,
                    gone.filters().size());
        } else if (!gone.filters().isEmpty()) {
            LOG.info(
                    "Publish interceptor is gone: its topics are not checked by it any more"
                            + " (interceptor={}, filters={})",
                    name,
                    gone.filters().size());
        }
    }

    /** Asks those who asked for the topic of the message; called on the loop. */
    Judgement ask(Loop loop, Message message, PublishOrigin origin) {
        Table now = table;
        return now == Table.EMPTY
                ? Judgement.Admitted.AS_IT_CAME
                : desks.of(loop).judge(now, message, origin);
    }

    /** All of them in their order, then those that are gone while a call still hangs. */
    public List<InterceptorView> views() {
        List<InterceptorView> views = new ArrayList<>();
        for (Registration registration : ranked.inOrder()) {
            views.add(registration.view(calls));
        }
        for (Left gone : left) {
            if (gone.isHanging(calls)) {
                views.add(gone.standing().view(gone.view(calls), List.of(), gone.passes()));
            }
        }
        return views;
    }
}
