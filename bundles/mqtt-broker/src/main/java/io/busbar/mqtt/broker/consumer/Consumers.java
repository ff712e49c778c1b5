package io.busbar.mqtt.broker.consumer;

import io.busbar.api.broker.spi.MessageSubscriber;
import io.busbar.api.memory.MemoryAccount;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.mqtt.broker.memory.BrokerMemory;
import io.busbar.mqtt.broker.retained.RetainedMessages;
import io.busbar.mqtt.broker.topic.FilterProperty;
import io.busbar.mqtt.broker.topic.Subscription;
import io.busbar.mqtt.broker.topic.SubscriptionTree;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows the current consumers of messages inside the server, and adds and removes them.
 * Thread-safe.
 */
public final class Consumers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Consumers.class);

    private final SubscriptionTree tree;
    private final RetainedMessages retained;
    private final BrokerMemory memory;
    private final int capacity;
    private final Map<MessageSubscriber, Consumer> running = new ConcurrentHashMap<>();
    private final BooleanSupplier isUp;
    private long conflatedByGone;

    /**
     * Makes the set of a broker.
     *
     * @param isUp whether consumers may get what is retained; until then they wait
     */
    public Consumers(
            SubscriptionTree tree,
            RetainedMessages retained,
            BrokerMemory memory,
            int capacity,
            BooleanSupplier isUp) {
        this.isUp = isUp;
        this.memory = memory;
        this.tree = tree;
        this.retained = retained;
        this.capacity = capacity;
    }

    /**
     * Starts a consumer: retained messages that match first, then what is published from now on.
     */
    public synchronized void bind(MessageSubscriber subscriber, Map<String, ?> properties) {
        List<TopicFilter> filters =
                FilterProperty.read(properties.get(MessageSubscriber.TOPIC_FILTER));
        if (filters.isEmpty()) {
            LOG.warn(
                    "Message subscriber gets nothing: service property {} is missing or no topic"
                            + " filter (subscriber={})",
                    MessageSubscriber.TOPIC_FILTER,
                    subscriber.getClass().getName());
            return;
        }
        MemoryAccount account = memory.consumer(subscriber.getClass().getSimpleName());
        Consumer consumer = new Consumer(subscriber, filters, capacity, account);
        running.put(subscriber, consumer);
        for (TopicFilter filter : filters) {
            tree.add(new Subscription(filter, consumer, Qos.EXACTLY_ONCE, false, true, 0, 0));
        }
        consumer.start(() -> retained.walk(filters, Integer.MAX_VALUE, true), isUp);
    }

    /** Stops a consumer. */
    public synchronized void unbind(MessageSubscriber subscriber) {
        Consumer consumer = running.remove(subscriber);
        if (consumer != null) {
            stop(consumer);
        }
    }

    private void stop(Consumer consumer) {
        for (TopicFilter filter : consumer.filters()) {
            tree.remove(filter.value(), consumer);
        }
        consumer.close();
        memory.closeConsumer(consumer.account());
        conflatedByGone += consumer.conflated();
    }

    /** Messages that consumers were spared. */
    public synchronized long conflated() {
        long sum = conflatedByGone;
        for (Consumer consumer : running.values()) {
            sum += consumer.conflated();
        }
        return sum;
    }

    /** How many subscriptions of the tree are theirs. */
    public int subscriptions() {
        int sum = 0;
        for (Consumer consumer : running.values()) {
            sum += consumer.filters().size();
        }
        return sum;
    }

    @Override
    public synchronized void close() {
        for (Consumer consumer : running.values()) {
            stop(consumer);
        }
        running.clear();
    }
}
