package io.busbar.transfer;

import io.busbar.api.mqtt.Message;
import io.busbar.api.storage.QueuedMessage;
import io.busbar.api.storage.SessionRecord;
import io.busbar.api.storage.SubscriptionRecord;
import io.busbar.api.transfer.BrokerState;
import io.busbar.api.transfer.StateExport;
import java.io.IOException;
import java.io.Writer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An export: first credentials, then retained messages, then sessions one by one. */
final class LineExport implements StateExport {
    private final Line.Header header;
    private final Iterator<String> credentials;
    private final BrokerState.@Nullable MessageWalk retained;
    private final BrokerState.@Nullable SessionWalk sessions;
    private final LeftOut leftOut;
    private final Consumer<LeftOut> ended;

    private Step step = Step.HEADER;
    private String clientId = "";
    private Iterator<SubscriptionRecord> subscriptions = Collections.emptyIterator();
    private Iterator<QueuedMessage> messages = Collections.emptyIterator();
    private long lines;

    private enum Step {
        HEADER,
        CREDENTIALS,
        RETAINED,
        SESSIONS,
        SUBSCRIPTIONS,
        MESSAGES,
        DONE
    }

    /**
     * Makes one.
     *
     * @param credentials each as JSON; none if they are not wanted
     * @param retained null if they are not wanted
     * @param sessions null if they are not wanted
     * @param leftOut what the walks leave out
     * @param ended is told of that when everything is written
     */
    LineExport(
            Line.Header header,
            Iterator<String> credentials,
            BrokerState.@Nullable MessageWalk retained,
            BrokerState.@Nullable SessionWalk sessions,
            LeftOut leftOut,
            Consumer<LeftOut> ended) {
        this.header = header;
        this.credentials = credentials;
        this.retained = retained;
        this.sessions = sessions;
        this.leftOut = leftOut;
        this.ended = ended;
    }

    @Override
    public boolean writeNext(Writer to) throws IOException {
        if (step == Step.DONE) {
            return false;
        }
        to.append(next()).append('\n');
        lines++;
        if (step == Step.DONE) {
            ended.accept(leftOut);
        }
        return true;
    }

    @Override
    public long leftOut() {
        return leftOut.count();
    }

    @Override
    public List<String> leftOutNames() {
        return leftOut.names();
    }

    private String next() {
        while (true) {
            switch (step) {
                case HEADER -> {
                    step = Step.CREDENTIALS;
                    return Line.write(header);
                }
                case CREDENTIALS -> {
                    if (credentials.hasNext()) {
                        return Line.typed(Line.Moved.TYPE, credentials.next());
                    }
                    step = Step.RETAINED;
                }
                case RETAINED -> {
                    Message message = retained == null ? null : retained.next();
                    if (message != null) {
                        return Line.write(new Line.Retained(MessageText.of(message)));
                    }
                    step = Step.SESSIONS;
                }
                case SESSIONS -> {
                    SessionRecord session = sessions == null ? null : sessions.next();
                    if (session == null) {
                        step = Step.DONE;
                        return Line.write(new Line.End(lines, leftOut.count(), leftOut.names()));
                    }
                    return begin(session);
                }
                case SUBSCRIPTIONS -> {
                    if (subscriptions.hasNext()) {
                        return write(subscriptions.next());
                    }
                    step = Step.MESSAGES;
                }
                case MESSAGES -> {
                    if (!messages.hasNext() && sessions != null) {
                        messages = sessions.messages().iterator();
                    }
                    if (messages.hasNext()) {
                        return write(messages.next());
                    }
                    step = Step.SESSIONS;
                }
                case DONE -> throw new IllegalStateException("the last line was written");
            }
        }
    }

    private String begin(SessionRecord it) {
        BrokerState.SessionWalk walk = sessions;
        if (walk == null) {
            throw new IllegalStateException("no sessions are wanted");
        }
        clientId = it.clientId();
        subscriptions = walk.subscriptions().iterator();
        messages = Collections.emptyIterator();
        step = Step.SUBSCRIPTIONS;
        Message will = it.will();
        return Line.write(
                new Line.SessionLine(
                        clientId,
                        it.principalId(),
                        it.username(),
                        it.expirySeconds(),
                        Instant.ofEpochMilli(it.createdAt()),
                        it.disconnectedAt() == 0 ? null : Instant.ofEpochMilli(it.disconnectedAt()),
                        will == null ? null : MessageText.of(will),
                        it.willDelaySeconds(),
                        boxed(walk.inbound())));
    }

    private String write(SubscriptionRecord it) {
        return Line.write(
                new Line.SubscriptionLine(
                        clientId,
                        it.filter(),
                        it.qos().value(),
                        it.noLocal(),
                        it.retainAsPublished(),
                        it.retainHandling(),
                        it.identifier()));
    }

    private String write(QueuedMessage it) {
        return Line.write(
                new Line.Queued(
                        clientId,
                        it.delivery().qos().value(),
                        it.delivery().retain(),
                        boxed(it.delivery().subscriptionIdentifiers()),
                        it.delivery().share(),
                        it.packetId(),
                        it.state(),
                        MessageText.of(it.message())));
    }

    private static List<Integer> boxed(int[] numbers) {
        return Arrays.stream(numbers).boxed().toList();
    }
}
