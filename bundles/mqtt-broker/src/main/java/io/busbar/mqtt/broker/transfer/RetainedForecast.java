package io.busbar.mqtt.broker.transfer;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.transfer.BrokerState;
import io.busbar.mqtt.broker.limit.RetainedLimits;
import io.busbar.mqtt.broker.memory.BrokerMemory;
import io.busbar.mqtt.broker.memory.Forecast;
import io.busbar.mqtt.broker.retained.RetainedMessages;

/**
 * Foresees what becomes of retained messages, within the bounds that there are. Confined to one
 * thread.
 */
final class RetainedForecast implements BrokerState.Forecast {
    private final RetainedMessages retained;
    private final RetainedLimits limits;
    private final BrokerMemory memory;
    private final Forecast foreseen;

    /** The topics of those before, with the bytes of their payloads. */
    private final Names topics;

    private int more;
    private long moreBytes;

    RetainedForecast(RetainedMessages retained, RetainedLimits limits, BrokerMemory memory) {
        this.retained = retained;
        this.limits = limits;
        this.memory = memory;
        this.foreseen = new Forecast(memory.retained());
        this.topics = new Names(memory.retained());
    }

    @Override
    public boolean exists(TopicName topic) {
        return topics.has(topic.value()) || retained.get(topic) != null;
    }

    @Override
    public boolean take(Message message) {
        TopicName topic = message.topic();
        Integer before = topics.numberOf(topic.value());
        Message present = before == null ? retained.get(topic) : null;
        boolean isNew = before == null && present == null;
        int bytes = message.payload().length;
        int less = present != null ? present.payload().length : before != null ? before : 0;
        if (isNew && !hasPlace(message)
                || retained.bytes() + moreBytes + bytes - less > limits.maxBytes()) {
            return false;
        }
        if (isNew) {
            more++;
            foreseen.add(holderOf(message), retained.memoryOf(message));
        }
        moreBytes += bytes - less;
        foreseen.counted(topics.add(topic.value(), bytes));
        return true;
    }

    private boolean hasPlace(Message message) {
        String holder = holderOf(message);
        return retained.size() + more < limits.maxMessages()
                && foreseen.hasRoom(
                        holder, memory.holder(holder).bytes(), retained.memoryOf(message));
    }

    private static String holderOf(Message message) {
        return message.publisher().principalId();
    }

    @Override
    public void close() {
        topics.close();
    }
}
