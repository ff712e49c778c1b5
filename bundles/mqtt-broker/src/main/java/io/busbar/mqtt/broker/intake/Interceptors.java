package io.busbar.mqtt.broker.intake;

import io.busbar.api.broker.InterceptorView;
import io.busbar.api.broker.spi.PublishInterceptor;
import io.busbar.api.broker.spi.PublishOrigin;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.mqtt.broker.gate.Ranked;
import io.busbar.mqtt.broker.loop.Loop;
import io.busbar.mqtt.broker.loop.Loops;
import io.busbar.mqtt.broker.loop.PerLoop;
import io.busbar.mqtt.broker.topic.FilterProperty;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows the current interceptors and asks them about messages. If there are none, this costs one
 * comparison per message; otherwise one table look-up for a topic that no interceptor has asked
 * for. Thread-safe.
 */
public final class Interceptors {
    private static final Logger LOG = LoggerFactory.getLogger(Interceptors.class);

    private final Map<PublishInterceptor, Registration> known = new IdentityHashMap<>();
    private final Ranked<Registration> ranked = new Ranked<>();
    private final PerLoop<Desk> desks;
    private final Watch watch;
    private final Loops loops;
    private volatile Table table = Table.EMPTY;

    Interceptors(Loops loops, int timeoutMillis) {
        this.loops = loops;
        this.watch = new Watch(timeoutMillis);
        this.desks = new PerLoop<>(this::open);
        // The broker's own loop looks after the others even if it never asks anybody itself.
        loops.home().execute(() -> desks.of(loops.home()));
    }

    private Desk open(Loop loop) {
        lookAtNextTick(loop);
        return new Desk(loop, loops.ticker());
    }

    private void lookAtNextTick(Loop loop) {
        loop.atNextTick(
                () -> {
                    lookAtNextTick(loop);
                    watch.look(loops.ticker().nanos(), desks.all());
                });
    }

    /** Adds an interceptor, or gives it other topics and another place. */
    public synchronized void bind(PublishInterceptor interceptor, Map<String, ?> properties) {
        Registration old = known.remove(interceptor);
        if (old != null) {
            ranked.unbind(old);
        }
        List<TopicFilter> filters =
                FilterProperty.read(properties.get(PublishInterceptor.TOPIC_FILTER));
        Object name = properties.get("component.name");
        Standing standing =
                old != null
                        ? old.standing()
                        : new Standing(
                                name instanceof String text
                                        ? text
                                        : interceptor.getClass().getName());
        Registration registration =
                new Registration(interceptor, standing, filters, passes(standing, properties));
        known.put(interceptor, registration);
        ranked.bind(registration, properties);
        table = Table.of(ranked.inOrder());
        if (filters.isEmpty()) {
            LOG.warn(
                    "Publish interceptor is never asked: service property {} is missing or no topic"
                            + " filter (interceptor={})",
                    PublishInterceptor.TOPIC_FILTER,
                    standing.name());
        } else if (old == null || old.filters().isEmpty()) {
            LOG.info(
                    "Publish interceptor judges messages from now on (interceptor={}, filters={})",
                    standing.name(),
                    filters.size());
        }
    }

    private static boolean passes(Standing standing, Map<String, ?> properties) {
        Object value = properties.get(PublishInterceptor.ON_FAILURE);
        if (value != null
                && !value.equals(PublishInterceptor.PASS)
                && !value.equals(PublishInterceptor.REFUSE)) {
            LOG.warn(
                    "Service property {} is {} (expected: {}, {}): messages are refused if it fails"
                            + " (interceptor={})",
                    PublishInterceptor.ON_FAILURE,
                    value,
                    PublishInterceptor.REFUSE,
                    PublishInterceptor.PASS,
                    standing.name());
        }
        return PublishInterceptor.PASS.equals(value);
    }

    /** Its service goes: messages pass as if it had never asked for them. */
    public synchronized void unbind(PublishInterceptor interceptor) {
        Registration gone = known.remove(interceptor);
        if (gone != null) {
            ranked.unbind(gone);
            table = Table.of(ranked.inOrder());
            desks.all().forEach(Desk::letGo);
            if (!gone.filters().isEmpty()) {
                LOG.info(
                        "Publish interceptor is gone: its topics are not checked by it any more"
                                + " (interceptor={}, filters={})",
                        gone.standing().name(),
                        gone.filters().size());
            }
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
        long now = loops.ticker().nanos();
        // If all loops hang, none of them looks.
        List<Standing> hanging = watch.look(now, desks.all());
        List<InterceptorView> views = new ArrayList<>();
        for (Registration registration : ranked.inOrder()) {
            hanging.remove(registration.standing());
            views.add(registration.view(now));
        }
        for (Standing gone : hanging) {
            views.add(gone.view(List.of(), false, now));
        }
        return views;
    }
}
