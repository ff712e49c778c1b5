package io.busbar.transfer;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.storage.Delivery;
import io.busbar.api.storage.QueuedMessage;
import io.busbar.api.storage.SessionRecord;
import io.busbar.api.storage.SubscriptionRecord;
import io.busbar.api.transfer.BrokerState;
import io.busbar.api.transfer.BrokerState.Arrival;
import io.busbar.api.transfer.StatePart;
import io.busbar.transfer.Tally.Figure;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * Takes sessions up, each with the lines that follow it. A session is complete when another line
 * than one of its own comes. Confined to one thread; must be closed.
 */
final class SessionImport implements AutoCloseable {
    private static final int MOST_IDENTIFIER = 268_435_455;
    private static final int MOST_RETAIN_HANDLING = 2;
    private static final long MOST_SECONDS = 0xFFFF_FFFFL;

    private final BrokerState.Arrivals arrivals;
    private final Tally tally;
    private final Clock clock;
    private @Nullable Arrival arrival;

    /** Whose lines are expected; null if there was no session, or it was not taken up. */
    private @Nullable String clientId;

    private boolean refused;
    private long line;
    private long messages;

    SessionImport(BrokerState.Arrivals arrivals, Tally tally, Clock clock) {
        this.arrivals = arrivals;
        this.tally = tally;
        this.clock = clock;
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
                        it.will() == null ? null : it.will().message(clock.millis()),
                        willDelay(it.willDelaySeconds()));
        Arrival begun = arrivals.begin(record);
        switch (begun.outcome()) {
            case EXISTS, EXPIRED -> {
                begun.close();
                tally.add(StatePart.SESSIONS, Figure.SKIPPED, 1);
            }
            case CREATES, REPLACES -> {
                try {
                    it.inbound().forEach(begun::inbound);
                } catch (IllegalArgumentException e) {
                    begun.close();
                    throw e;
                }
                arrival = begun;
                refused = false;
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
        if (into == null) {
            return;
        }
        Message message = it.message().message(clock.millis());
        // One that was sent is completed nevertheless, because the client may have it.
        if (it.packetId() != 0 || message.expiresAt() > clock.millis()) {
            into.queue(
                    new QueuedMessage(
                            0,
                            message,
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

    private static long willDelay(long seconds) {
        if (seconds < 0 || seconds > MOST_SECONDS) {
            throw new IllegalArgumentException(
                    "willDelaySeconds is " + seconds + " (expected: 0 to " + MOST_SECONDS + ")");
        }
        return seconds;
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
        Figure figure =
                open.outcome() == Arrival.Outcome.REPLACES ? Figure.REPLACED : Figure.CREATED;
        try (open) {
            open.complete(
                    () -> {
                        tally.add(StatePart.SESSIONS, figure, 1);
                        tally.add(StatePart.SESSIONS, Figure.MESSAGES, queued);
                    });
        } catch (IllegalArgumentException refusal) {
            tally.problem(line, refusal.getMessage());
        }
    }

    /** Waits until those that are complete are there. */
    void settle() {
        arrivals.settle();
    }

    /** No more lines come: a session whose lines were not over is not taken up. */
    void cut() {
        if (arrival != null) {
            tally.problem(line, "the file ends among the lines of this session: not taken up");
            letGo();
        }
    }

    /** Leaves nothing behind of sessions that are not there. */
    @Override
    public void close() {
        letGo();
        arrivals.close();
    }

    private void letGo() {
        if (arrival != null) {
            arrival.close();
            arrival = null;
        }
    }
}
