package io.busbar.mqtt.broker.route;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.storage.StorageException;
import io.busbar.mqtt.broker.delivery.Match;
import io.busbar.mqtt.broker.delivery.Routed;
import io.busbar.mqtt.broker.delivery.Share;
import io.busbar.mqtt.broker.delivery.Source;
import io.busbar.mqtt.broker.delivery.Subscriber;
import io.busbar.mqtt.broker.loop.Background;
import io.busbar.mqtt.broker.loop.Congestion;
import io.busbar.mqtt.broker.loop.Loop;
import io.busbar.mqtt.broker.loop.PerLoop;
import io.busbar.mqtt.broker.receipt.Served;
import io.busbar.mqtt.broker.retained.RetainedMessages;
import io.busbar.mqtt.broker.topic.Matches;
import io.busbar.mqtt.broker.topic.SubscriptionTree;
import org.jspecify.annotations.Nullable;

/**
 * Passes a message to its subscribers. Knows the tree of subscriptions and the retained messages,
 * but not what kind of subscriber it delivers to. May be called on any event loop.
 */
public final class Router {
    private final SubscriptionTree tree;
    private final RetainedMessages retained;

    /**
     * Deliveries on their way from one loop to another, beyond which publishers wait; shared by all
     * loops, so that they together do not fill a subscriber's queue.
     */
    private static final int IN_TRANSIT = 2_048;

    /** Steps of work that a message is counted as, beyond one for each of its deliveries. */
    private static final int STEPS_PER_MESSAGE = 4;

    /** Steps of work that a delivery is counted as: to find its session and to encode it. */
    static final int STEPS_PER_DELIVERY = 4;

    /** So few deliveries of a message are never put off. */
    private static final int FEW = 16;

    /** More deliveries of a message are never made in one go. */
    static final int MANY = Background.PORTION / STEPS_PER_DELIVERY;

    private final Routings routings = new Routings();
    private volatile int transitLimit = IN_TRANSIT;
    private final PerLoop<Lane> lanes = new PerLoop<>(this::open);

    /** Makes the router of a broker. */
    public Router(SubscriptionTree tree, RetainedMessages retained) {
        this.tree = tree;
        this.retained = retained;
    }

    /**
     * Retains a message as its publisher asked. Before the message is routed, so that a subscriber
     * that comes in between gets it one way or the other.
     *
     * @return false if it should have been retained, but a bound forbids it
     */
    public boolean retain(Loop loop, Routed routed) {
        Message message = routed.message();
        Source source = message.qos() == Qos.AT_MOST_ONCE ? null : routed.source();
        StorageException trouble =
                source == null || source.waitsForStore() ? null : loop.storeTrouble();
        if (trouble != null) {
            routed.failed(trouble); // Before anything is changed.
            return true;
        }
        // An empty payload removes, and is never kept itself [MQTT5-3.3.1-6] [MQTT5-3.3.1-7].
        RetainedMessages.Change change =
                message.payload().length == 0
                        ? retained.remove(loop, message)
                        : retained.put(loop, message);
        if (change == RetainedMessages.Change.IN_TURN && source != null) {
            routed.hold();
            loop.await(routed);
        }
        return change != RetainedMessages.Change.REFUSED;
    }

    /**
     * Delivers a message to all who subscribed: on this loop at once, on others when the turn ends.
     * If they are many, or the turn has no steps left, it is delivered in portions; then its
     * publisher is told so, and not free to be acknowledged before the end.
     *
     * @return whether a client gets it; true if that is not known yet
     */
    public boolean route(Loop loop, Routed routed) {
        Lane lane = lanes.of(loop);
        Matches matches = lane.matches(routed.message().topic());
        int size = matches.size();
        loop.spend(STEPS_PER_MESSAGE);
        if (routings.hasSome(routed.message().publisher().clientId())
                || size > FEW && !loop.hasTime(size * STEPS_PER_DELIVERY) && !routings.isFull()
                || size > MANY && !routings.isFull()) {
            return begin(new Routing(this, loop, lane, routed, matches));
        }
        loop.spend(size * STEPS_PER_DELIVERY);
        Source source = routed.source();
        int clients = 0;
        for (Match[] chunk : matches.targets()) {
            for (Match target : chunk) {
                Match match = target.from(source);
                if (match != null) {
                    clients += deliver(loop, lane, routed, match, source);
                }
            }
        }
        for (Share share : matches.shares()) {
            clients += deliver(loop, lane, routed, share, source);
        }
        return clients > 0;
    }

    private boolean begin(Routing routing) {
        if (routings.enter(routing) && routing.loop().background().begin(routing)) {
            ended(routing);
            return routing.clients() > 0;
        }
        routing.await();
        return true;
    }

    /** The next message of the same publisher follows, after all that was handed over for it. */
    void ended(Routing routing) {
        Routing next = routings.leave(routing);
        if (next != null) {
            routing.loop().execute(() -> next.loop().execute(next::begin));
        }
    }

    /** Delivers to one who is chosen, unless somebody was before the server started. */
    int deliver(Loop loop, Lane lane, Routed routed, Share share, @Nullable Source source) {
        Served served = routed.served();
        if (served != null && served.has(share.filter())) {
            return 1;
        }
        Match member = share.choose(routed.message(), null);
        return member == null ? 0 : deliver(loop, lane, routed, member, source);
    }

    int deliver(Loop loop, Lane lane, Routed routed, Match match, @Nullable Source source) {
        Subscriber subscriber = match.subscriber();
        Served served = routed.served();
        if (served != null && match.share() == null && subscriber.isIn(served)) {
            return 1;
        }
        Loop home = subscriber.loop();
        if (home == null || home == loop) {
            subscriber.deliver(loop, routed, match);
        } else {
            boolean held =
                    source != null
                            && routed.message().qos() != Qos.AT_MOST_ONCE
                            && match.qos() != Qos.AT_MOST_ONCE
                            && subscriber.isDurable();
            if (held) {
                routed.hold();
            }
            Congestion transit = lane.gather(home, routed, match, held, transitLimit);
            if (transit != null && source != null) {
                source.hold(transit);
            }
        }
        Congestion congestion = subscriber.congestion();
        if (source != null && congestion != null && congestion.isHolding()) {
            source.slowDown(congestion);
        }
        return subscriber.isClient() ? 1 : 0;
    }

    private Lane open(Loop loop) {
        transitLimit = Math.max(64, IN_TRANSIT / (loop.slot() + 1));
        return new Lane(loop, tree);
    }
}
