package io.busbar.transfer;

import io.busbar.api.broker.Broker;
import io.busbar.api.broker.PublishResult;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.storage.StorageException;
import io.busbar.api.transfer.BrokerState;
import io.busbar.api.transfer.ImportRule;
import io.busbar.api.transfer.StatePart;
import io.busbar.transfer.Tally.Figure;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Publishes retained messages, so that subscribers and the namespace get them as well, several at a
 * time; or only foresees what would become of them. Confined to one thread; must be closed.
 */
final class RetainedImport implements AutoCloseable {
    private static final int MOST_OPEN = 256;
    private static final long MOST_OPEN_BYTES = 1 << 20;
    private static final long WAIT_SECONDS = 60;

    private final Broker broker;
    private final BrokerState state;
    private final ImportRule rule;
    private final Tally tally;
    private final Clock clock;

    /** What a dry run foresees; null if it is none. */
    private final BrokerState.@Nullable Forecast forecast;

    private final ArrayDeque<Open> open = new ArrayDeque<>();
    private final Set<TopicName> openTopics = new HashSet<>();
    private long openBytes;

    /** A message that was published, and is not answered yet. */
    private record Open(long line, Figure figure, Message message, Future<PublishResult> answer) {}

    RetainedImport(Broker broker, BrokerState state, ImportRule rule, Tally tally, Clock clock) {
        this.broker = broker;
        this.state = state;
        this.rule = rule;
        this.tally = tally;
        this.clock = clock;
        this.forecast = rule.dryRun() ? state.forecast() : null;
    }

    void take(long line, MessageText text) {
        Message message = text.message(clock.millis());
        if (!message.retain() || message.payload().length == 0) {
            throw new IllegalArgumentException("a message that cannot be a retained one");
        }
        if (message.topic().isSystem()) {
            throw new IllegalArgumentException("topics with $ are the server's");
        }
        String problem = state.problemOf(message);
        if (problem != null) {
            throw new IllegalArgumentException("the message has " + problem);
        }
        if (message.expiresAt() <= clock.millis()) {
            tally.add(StatePart.RETAINED, Figure.SKIPPED, 1);
            return;
        }
        if (openTopics.contains(message.topic())) {
            settle(); // Is it retained?
        }
        boolean exists = exists(message.topic());
        if (exists && !rule.replace()) {
            tally.add(StatePart.RETAINED, Figure.SKIPPED, 1);
            return;
        }
        Figure figure = exists ? Figure.REPLACED : Figure.CREATED;
        if (forecast == null) {
            publish(line, message, figure);
        } else if (forecast.take(message)) {
            tally.add(StatePart.RETAINED, figure, 1);
        } else {
            refused(line, new PublishResult(ReasonCode.QUOTA_EXCEEDED, null));
        }
    }

    private boolean exists(TopicName topic) {
        return forecast == null ? broker.retained(topic).isPresent() : forecast.exists(topic);
    }

    private void publish(long line, Message message, Figure figure) {
        Open next = new Open(line, figure, message, broker.publish(message).toCompletableFuture());
        open.add(next);
        openTopics.add(message.topic());
        openBytes += message.sizeBytes();
        if (message.qos() == Qos.AT_MOST_ONCE) {
            result(next); // at once, or late if the store has to take what came before
        }
        while (open.size() >= MOST_OPEN || openBytes >= MOST_OPEN_BYTES) {
            settleFirst();
        }
    }

    /** Waits for all that were published. */
    void settle() {
        while (!open.isEmpty()) {
            settleFirst();
        }
    }

    private void settleFirst() {
        Open first = open.remove();
        TopicName topic = first.message.topic();
        openBytes -= first.message.sizeBytes();
        openTopics.remove(topic);
        PublishResult result = result(first);
        String why = result.reason();
        if (result.code().isError()) {
            refused(first.line, result);
        } else if (why != null && broker.retained(topic).isEmpty()) {
            tally.problem(first.line, "not retained: " + why); // an interceptor took it away
        } else {
            tally.add(StatePart.RETAINED, first.figure, 1);
        }
    }

    private void refused(long line, PublishResult result) {
        String why = result.reason();
        tally.problem(line, "not retained: " + result.code() + (why == null ? "" : ", " + why));
    }

    @Override
    public void close() {
        if (forecast != null) {
            forecast.close();
        }
    }

    private static PublishResult result(Open of) {
        try {
            return of.answer.get(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new StorageException("a retained message was not published", e.getCause());
        } catch (TimeoutException e) {
            throw new StorageException("the broker did not answer in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StorageException("the broker was not waited for", e);
        }
    }
}
