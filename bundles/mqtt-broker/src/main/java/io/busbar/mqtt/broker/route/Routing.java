package io.busbar.mqtt.broker.route;

import io.busbar.api.mqtt.ReasonCode;
import io.busbar.mqtt.broker.delivery.Match;
import io.busbar.mqtt.broker.delivery.Routed;
import io.busbar.mqtt.broker.delivery.Share;
import io.busbar.mqtt.broker.delivery.Source;
import io.busbar.mqtt.broker.loop.Background;
import io.busbar.mqtt.broker.loop.Loop;
import io.busbar.mqtt.broker.memory.Footprint;
import io.busbar.mqtt.broker.topic.Matches;
import org.jspecify.annotations.Nullable;

/**
 * A message on its way to its subscribers, and how far it is. If they are many, it is delivered in
 * portions; its publisher is not read meanwhile, and gets the acknowledgement at the end. Confined
 * to the loop of its publisher.
 */
final class Routing implements Background.Work {
    private final Router router;
    private final Loop loop;
    private final Lane lane;
    private final Routed routed;
    private final @Nullable Source source;
    private Matches matches;
    private int chunk;
    private int next;
    private int share;
    private int clients;
    private boolean waits;

    Routing(Router router, Loop loop, Lane lane, Routed routed, Matches matches) {
        this.router = router;
        this.loop = loop;
        this.lane = lane;
        this.routed = routed;
        this.source = routed.source();
        this.matches = matches;
    }

    Loop loop() {
        return loop;
    }

    String clientId() {
        return routed.message().publisher().clientId();
    }

    /** Those who publish share their part of the loop, whoever they are. */
    @Override
    public Object identity() {
        return routed.message().publisher().principalId();
    }

    /** How many clients it has reached. */
    int clients() {
        return clients;
    }

    int bytes() {
        return routed.footprint();
    }

    /** It takes longer than this moment: its publisher waits, and is answered at the end. */
    void await() {
        waits = true;
        routed.hold();
        loop.queues().add(Footprint.OWED + routed.keep());
        if (source != null) {
            source.delivering();
        }
    }

    /** Those before it are delivered. Who gets it is decided now. */
    void begin() {
        matches = lane.matches(routed.message().topic());
        loop.background().begin(this);
    }

    @Override
    public boolean goOn(Background.Allowance allowance) {
        boolean more = !deliver(allowance);
        if (!more && waits) {
            end();
        }
        return more;
    }

    @Override
    public void failed() {
        if (waits) {
            end();
        }
    }

    private void end() {
        loop.queues().add(-(Footprint.OWED + routed.letGo()));
        if (clients == 0 && routed.reason() == ReasonCode.SUCCESS) {
            routed.reason(ReasonCode.NO_MATCHING_SUBSCRIBERS);
        }
        router.ended(this);
        routed.release();
        if (source != null) {
            source.delivered();
        }
    }

    /** Delivers as far as the allowance goes; whether that was all. */
    private boolean deliver(Background.Allowance allowance) {
        Match[][] targets = matches.targets();
        for (; chunk < targets.length; chunk++, next = 0) {
            Match[] some = targets[chunk];
            while (next < some.length) {
                if (allowance.isUsedUp()) {
                    return false;
                }
                allowance.spend(Router.STEPS_PER_DELIVERY);
                Match match = some[next++].from(source);
                if (match != null) {
                    deliver(match);
                }
            }
        }
        Share[] shares = matches.shares();
        while (share < shares.length) {
            if (allowance.isUsedUp()) {
                return false;
            }
            allowance.spend(Router.STEPS_PER_DELIVERY);
            deliver(shares[share++]);
        }
        return true;
    }

    private void deliver(Match match) {
        try {
            clients += router.deliver(loop, lane, routed, match, source);
        } catch (RuntimeException | LinkageError failure) {
            loop.failed("delivery", failure);
        }
    }

    private void deliver(Share to) {
        try {
            clients += router.deliver(loop, lane, routed, to, source);
        } catch (RuntimeException | LinkageError failure) {
            loop.failed("delivery", failure);
        }
    }
}
