package io.busbar.transfer;

import io.busbar.api.audit.Actor;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.storage.Delivery;
import io.busbar.api.storage.QueuedMessage;
import io.busbar.api.storage.SessionRecord;
import io.busbar.api.storage.SubscriptionRecord;
import io.busbar.api.transfer.BrokerState;
import io.busbar.api.transfer.BrokerState.Arrival;
import io.busbar.api.transfer.ImportRule;
import io.busbar.api.transfer.StatePart;
import io.busbar.transfer.Tally.Figure;
import org.jspecify.annotations.Nullable;

/**
 * Takes sessions up, each with the lines that follow it. A session is complete when another line
 * than one of its own comes. Confined to one thread; must be closed.
 */
final class SessionImport implements AutoCloseable {
    private static final int MOST_IDENTIFIER = 268_435_455;
    private static final int MOST_RETAIN_HANDLING = 2;

    private final BrokerState broker;
    private final ImportRule rule;
    private final Actor actor;
    private final Tally tally;
    private @Nullable Arrival arrival;

    /** Whose lines are expected; null if there was no session, or it was not taken up. */
    private @Nullable String clientId;

    private boolean refused;
    private long line;
    private long messages;

    SessionImport(BrokerState broker, ImportRule rule, Actor actor, Tally tally) {
        this.broker = broker;
        this.rule = rule;
        this.actor = actor;
        this.tally = tally;
    }

    /** A new one; that before is complete. */
    void begin(long number, Line.SessionLine it) {
        complete();
        clientId = it.clientId();
        line = number;
        refused = true; // until it is taken up
        SessionRecord record =
                new SessionRecord(
                        0,
                        it.clientId(),
                        it.principalId(),
                        it.username() == null ? "" : it.username(),
                        it.expirySeconds(),
                        Line.millis("createdAt", it.createdAt()),
                        it.disconnectedAt() == null
                                ? 0
                                : Line.millis("disconnectedAt", it.disconnectedAt()),
                        it.will() == null ? null : it.will().message(),
                        nonNegative("willDelaySeconds", it.willDelaySeconds()));
        Arrival begun = broker.arrive(record, rule.replace(), rule.dryRun(), actor);
        switch (begun.outcome()) {
            case EXISTS, EXPIRED -> {
                begun.close();
                tally.add(StatePart.SESSIONS, Figure.SKIPPED, 1);
            }
            case CREATES, REPLACES -> {
                arrival = begun;
                refused = false;
                it.inbound().forEach(begun::inbound);
            }
        }
    }

    void subscribe(Line.SubscriptionLine it) {
        Arrival into = expect(it.clientId());
        if (into != null) {
            if (it.retainHandling() < 0 || it.retainHandling() > MOST_RETAIN_HANDLING) {
                throw new IllegalArgumentException("retainHandling (expected: 0 to 2)");
            }
            into.subscribe(
                    new SubscriptionRecord(
                            it.filter(),
                            Qos.of(it.qos()),
                            it.noLocal(),
                            it.retainAsPublished(),
                            it.retainHandling(),
                            it.identifier() == 0 ? 0 : identifier(it.identifier())));
        }
    }

    void queue(Line.Queued it) {
        Arrival into = expect(it.clientId());
        if (into != null) {
            into.queue(
                    new QueuedMessage(
                            0,
                            it.message().message(),
                            new Delivery(
                                    Qos.of(it.qos()),
                                    it.retain(),
                                    it.subscriptionIdentifiers().stream()
                                            .mapToInt(SessionImport::identifier)
                                            .toArray(),
                                    it.share()),
                            it.packetId(),
                            it.state()));
            messages++;
        }
    }

    /** The session that a line belongs to; null if it is skipped. */
    private @Nullable Arrival expect(String whose) {
        if (!whose.equals(clientId)) {
            throw new IllegalArgumentException(
                    "the line of the session of \"" + whose + "\" has to come before");
        }
        return refused ? null : arrival;
    }

    private static int identifier(int it) {
        if (it < 1 || it > MOST_IDENTIFIER) {
            throw new IllegalArgumentException(
                    "Subscription Identifier " + it + " (expected: 1 to " + MOST_IDENTIFIER + ")");
        }
        return it;
    }

    private static long nonNegative(String key, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(key + " (expected: 0 or more)");
        }
        return value;
    }

    /** No more lines of the session come. */
    void complete() {
        Arrival open = arrival;
        arrival = null;
        clientId = null;
        long queued = messages;
        messages = 0;
        if (open == null) {
            return;
        }
        try (open) {
            open.complete();
            tally.add(
                    StatePart.SESSIONS,
                    open.outcome() == Arrival.Outcome.REPLACES ? Figure.REPLACED : Figure.CREATED,
                    1);
            tally.add(StatePart.SESSIONS, Figure.MESSAGES, queued);
        } catch (IllegalArgumentException refusal) {
            tally.problem(line, refusal.getMessage());
        }
    }

    /** No more lines come: a session whose lines were not over is not taken up. */
    void cut() {
        if (arrival != null) {
            tally.problem(line, "the file ends among the lines of this session: not taken up");
            close();
        }
    }

    /** Leaves nothing behind of a session that is not complete. */
    @Override
    public void close() {
        if (arrival != null) {
            arrival.close();
            arrival = null;
        }
    }
}
