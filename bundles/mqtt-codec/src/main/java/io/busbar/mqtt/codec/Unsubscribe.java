package io.busbar.mqtt.codec;

import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.UserProperty;
import java.util.List;
import java.util.Objects;

/**
 * UNSUBSCRIBE: the client gives up subscriptions, MQTT 5.0 section 3.10.
 *
 * @param packetId 1 to 65,535
 * @param filters at least one, in the order sent
 */
public record Unsubscribe(
        int packetId, List<UserProperty> userProperties, List<TopicFilter> filters)
        implements Packet {
    public Unsubscribe {
        filters = List.copyOf(filters);
        Objects.requireNonNull(userProperties, "userProperties");
    }

    @Override
    public PacketType type() {
        return PacketType.UNSUBSCRIBE;
    }
}
