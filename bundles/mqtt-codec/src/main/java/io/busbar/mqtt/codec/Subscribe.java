package io.busbar.mqtt.codec;

import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.UserProperty;
import java.util.List;
import java.util.Objects;

/**
 * SUBSCRIBE: the client asks for one or more subscriptions, MQTT 5.0 section 3.8.
 *
 * @param packetId 1 to 65,535
 * @param subscriptionIdentifier 1 to 268,435,455, or 0 if absent; it holds for all entries
 * @param entries at least one, in the order sent
 */
public record Subscribe(
        int packetId,
        int subscriptionIdentifier,
        List<UserProperty> userProperties,
        List<Entry> entries)
        implements Packet {

    /**
     * One Topic Filter with its Subscription Options. MQTT 3 knows only the QoS; the rest has the
     * values that mean the same.
     *
     * @param noLocal messages of the subscribing client itself are not sent to it
     * @param retainAsPublished the RETAIN flag is forwarded as it was published
     */
    public record Entry(
            TopicFilter filter,
            Qos maximumQos,
            boolean noLocal,
            boolean retainAsPublished,
            RetainHandling retainHandling) {
        public Entry {
            Objects.requireNonNull(filter, "filter");
            Objects.requireNonNull(maximumQos, "maximumQos");
            Objects.requireNonNull(retainHandling, "retainHandling");
        }

        /** With the options of MQTT 3. */
        public Entry(TopicFilter filter, Qos maximumQos) {
            this(filter, maximumQos, false, false, RetainHandling.SEND);
        }
    }

    public Subscribe {
        entries = List.copyOf(entries);
        Objects.requireNonNull(userProperties, "userProperties");
    }

    @Override
    public PacketType type() {
        return PacketType.SUBSCRIBE;
    }
}
