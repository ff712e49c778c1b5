package io.busbar.mqtt.broker.topic;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.Qos;
import io.busbar.mqtt.broker.delivery.Match;
import io.busbar.mqtt.broker.delivery.Share;
import io.busbar.mqtt.broker.delivery.Subscriber;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The members of one Shared Subscription: same Share Name, same filter. Changed by the tree alone,
 * read by any thread.
 */
final class ShareGroup implements Share {
    private final String name;
    private final String filter;
    private final ShareStrategy strategy;
    private final Members members = new Members();

    // Where the last choice began. A write lost between threads only makes one message go to
    // another member than its turn.
    private int turn;

    /** Makes one without members; the filter is that of a Shared Subscription. */
    ShareGroup(String filter, String name, ShareStrategy strategy) {
        this.filter = filter;
        this.name = name;
        this.strategy = strategy;
    }

    String name() {
        return name;
    }

    @Override
    public String filter() {
        return filter;
    }

    boolean isEmpty() {
        return members.isEmpty();
    }

    boolean add(Subscription subscription) {
        return members.put(subscription.through(this));
    }

    boolean remove(Subscriber subscriber) {
        int end = Members.sizeOf(members.chunks()) - 1;
        int at = members.remove(subscriber);
        if (at >= 0 && strategy == ShareStrategy.STICKY && turn == end) {
            turn = at; // the same member, at the place that it took
        }
        return at >= 0;
    }

    @Override
    public Match[][] members() {
        return members.chunks();
    }

    @Override
    public boolean isForeseeable() {
        return strategy != ShareStrategy.RANDOM;
    }

    @Override
    public @Nullable Match next(Message message) {
        Match[][] all = members.chunks();
        int n = Members.sizeOf(all);
        if (n == 0 || !isForeseeable()) {
            return null;
        }
        int start =
                strategy == ShareStrategy.ROUND_ROBIN
                        ? (turn & Integer.MAX_VALUE) % n
                        : start(message, n);
        return choose(all, n, message, null, start, false);
    }

    @Override
    public @Nullable Match choose(Message message, @Nullable Subscriber except) {
        Match[][] all = members.chunks();
        int n = Members.sizeOf(all);
        return n == 0 ? null : choose(all, n, message, except, start(message, n), true);
    }

    /**
     * Chooses one of some members.
     *
     * @param start the place of the one that is asked first
     * @param stays whether the choice is remembered, if the strategy does so
     */
    private @Nullable Match choose(
            Match[][] all,
            int n,
            Message message,
            @Nullable Subscriber except,
            int start,
            boolean stays) {
        Qos qos = message.qos();
        Match best = null;
        int bestReadiness = Subscriber.GONE;
        for (int i = 0; i < n; i++) {
            int at = start + i;
            int index = at < n ? at : at - n;
            Match member = Members.at(all, index);
            if (member.subscriber() == except || !member.subscriber().mayTake(message.topic())) {
                continue;
            }
            int readiness = member.subscriber().readiness();
            if (readiness == Subscriber.READY) {
                if (stays && i > 0 && strategy == ShareStrategy.STICKY) {
                    turn = index;
                }
                return member;
            }
            if (readiness == Subscriber.KEEPS && qos.min(member.qos()) == Qos.AT_MOST_ONCE) {
                continue;
            }
            if (readiness > bestReadiness) {
                best = member;
                bestReadiness = readiness;
            }
        }
        return best;
    }

    private int start(Message message, int n) {
        return switch (strategy) {
            case ROUND_ROBIN -> (turn++ & Integer.MAX_VALUE) % n;
            case RANDOM -> ThreadLocalRandom.current().nextInt(n);
            case STICKY -> Math.min(turn, n - 1);
            case PUBLISHER -> Math.floorMod(message.publisher().clientId().hashCode(), n);
        };
    }
}
