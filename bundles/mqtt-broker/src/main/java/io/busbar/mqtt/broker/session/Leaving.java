package io.busbar.mqtt.broker.session;

import io.busbar.api.broker.DropCause;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.storage.QueuedMessage;
import io.busbar.mqtt.broker.delivery.Match;
import io.busbar.mqtt.broker.delivery.Share;
import io.busbar.mqtt.broker.loop.Background;
import io.busbar.mqtt.broker.topic.Subscription;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the subscriptions and messages of an ended session away, in portions. Messages of Shared
 * Subscriptions go to other members: first what is in memory, then what only the store has, page by
 * page; each page when the one before is durable with the others. After that the store forgets the
 * session, and with it all that nobody gets. Confined to the session's loop.
 */
final class Leaving implements Background.Work {
    private static final Logger LOG = LoggerFactory.getLogger(Leaving.class);

    /** Steps of background work that taking away a subscription or message is counted as. */
    private static final int STEPS_PER_PART = 16;

    private static final int PAGE_MESSAGES = 256;
    private static final long PAGE_BYTES = 256 << 10;

    private final Session session;
    private final Common common;
    private final @Nullable Outbound outbound;
    private final boolean counting;
    private final Queue<QueuedMessage> page = new ArrayDeque<>();
    private Handover handover;
    private long from;
    private long lost;

    /**
     * Makes one.
     *
     * @param outbound what is in memory, if anything
     * @param counting whether messages that go to nobody count as dropped
     */
    Leaving(Session session, Common common, @Nullable Outbound outbound, boolean counting) {
        this.session = session;
        this.common = common;
        this.outbound = outbound;
        this.counting = counting;
        this.handover = new Handover(session.loop(), this::givenAll);
    }

    @Override
    public Object identity() {
        return session.principal().id();
    }

    @Override
    public boolean goOn(Background.Allowance allowance) {
        for (Subscription next; (next = session.anySubscription()) != null; ) {
            if (allowance.isUsedUp()) {
                return true;
            }
            allowance.spend(STEPS_PER_PART);
            session.leave(next);
        }
        if (session.hasShared() && session.loop().storeTrouble() != null) {
            // Nobody could take anything now.
            session.whenWritten(() -> session.loop().background().begin(this));
            return false;
        }
        while (!allowance.isUsedUp()) {
            allowance.spend(STEPS_PER_PART);
            QueuedMessage stored = page.poll();
            if (stored != null) {
                boolean sent = stored.packetId() != 0;
                give(stored.message(), stored.delivery().qos(), sent, stored.delivery().share());
                continue;
            }
            Owed message = outbound == null ? null : outbound.take();
            if (message == null) {
                handover.end();
                return false;
            }
            from = message.sequence + 1;
            give(message.routed.message(), message.qos, message.packetId != 0, message.share);
        }
        return true;
    }

    /** Gives it to another member, if there is one. */
    private void give(Message message, Qos qos, boolean sent, @Nullable String filter) {
        // QoS 2 that was sent may have arrived: to no other [MQTT5-4.8.2-5]
        if (filter != null && !(sent && qos == Qos.EXACTLY_ONCE)) {
            Share share = common.tree().share(filter);
            Match other = share == null ? null : share.choose(message, session);
            if (other != null) {
                handover.give(message, other);
                return;
            }
        }
        lost++;
    }

    /** What was given so far is durable with the others; any thread. */
    private void givenAll() {
        session.run(this::next);
    }

    private void next() {
        long behind = session.tailMessages();
        if (behind == 0 || !session.hasShared()) {
            lost += behind;
            session.forgetTail();
            gone();
            return;
        }
        // What was just stored has to be seen.
        session.loop()
                .settled(
                        session.clientId(),
                        failure -> {
                            if (failure == null) {
                                session.execute(this::read);
                            } else {
                                session.whenWritten(this::next);
                            }
                        });
    }

    private void read() {
        long begin = from;
        session.read(
                view -> view.queue(session.number(), begin, PAGE_MESSAGES, PAGE_BYTES), this::came);
    }

    private void came(@Nullable List<QueuedMessage> next, @Nullable Throwable failure) {
        if (next == null) {
            // It stays in the store, and ends again when the server starts again.
            LOG.error(
                    "Messages of an ended session cannot be read: {} (clientId={})",
                    String.valueOf(failure),
                    session.clientId());
            return;
        }
        if (next.isEmpty()) {
            session.forgetTail();
            gone();
            return;
        }
        for (QueuedMessage each : next) {
            session.takenFromTail(1, each.message().sizeBytes());
            from = each.sequence() + 1;
            page.add(each);
        }
        handover = new Handover(session.loop(), this::givenAll);
        session.loop().background().begin(this);
    }

    private void gone() {
        if (counting && lost > 0) {
            common.drops(session.loop()).add(session.clientId(), DropCause.SESSION_ENDED, lost);
        }
        session.forgetStored();
    }
}
