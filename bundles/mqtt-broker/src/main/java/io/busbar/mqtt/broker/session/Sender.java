package io.busbar.mqtt.broker.session;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicName;
import io.busbar.mqtt.broker.delivery.Routed;
import io.busbar.mqtt.broker.link.ClientLink;
import io.busbar.mqtt.broker.loop.Counters;
import io.busbar.mqtt.codec.Packet;
import io.busbar.mqtt.codec.PublishImage;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sends messages through one Network Connection, within the limits that its client has announced.
 * Confined to the link's event loop.
 */
public final class Sender {
    /** Longer topics get no alias: this bounds the memory of a connection. */
    private static final int MAX_ALIASED_LENGTH = 256;

    private final ClientLink link;
    private final Clock clock;
    private final Counters counters;
    private final boolean mqtt5;
    private final int maxPacketSizeBytes;
    private final int receiveMaximum;
    private final int topicAliasMaximum;
    private @Nullable Map<TopicName, Integer> aliases;
    private long messages;

    /**
     * Makes the sender of a connection.
     *
     * @param receiveMaximum unacknowledged messages it may be sent
     * @param topicAliasMaximum aliases that may be used towards it
     */
    public Sender(
            ClientLink link,
            Clock clock,
            Counters counters,
            boolean mqtt5,
            int maxPacketSizeBytes,
            int receiveMaximum,
            int topicAliasMaximum) {
        this.link = link;
        this.clock = clock;
        this.counters = counters;
        this.mqtt5 = mqtt5;
        this.maxPacketSizeBytes = maxPacketSizeBytes;
        this.receiveMaximum = receiveMaximum;
        this.topicAliasMaximum = topicAliasMaximum;
    }

    public ClientLink link() {
        return link;
    }

    int receiveMaximum() {
        return receiveMaximum;
    }

    /** The largest packet that the client takes; any thread. */
    int maxPacketSizeBytes() {
        return maxPacketSizeBytes;
    }

    /** How large a message is for the client, if its topic has no alias yet; any thread. */
    int sizeOf(Routed routed, Qos qos, boolean retain, int[] identifiers) {
        PublishImage image = routed.image(mqtt5, qos, retain);
        return mqtt5 ? image.sizeBytes(0, false, identifiers) : image.sizeBytes();
    }

    /** PUBLISH packets sent. */
    public long messages() {
        return messages;
    }

    void send(Packet packet) {
        counters.packetsOut++;
        link.send(packet);
    }

    /**
     * Sends a message; false if it is larger than the client takes, and so is to be dropped
     * [MQTT5-3.1.2-24] [MQTT5-3.1.2-25].
     */
    boolean send(
            Routed routed, Qos qos, boolean retain, int[] identifiers, int packetId, boolean dup) {
        PublishImage image = routed.image(mqtt5, qos, retain);
        if (!mqtt5 || topicAliasMaximum == 0 && identifiers.length == 0 && !image.expires()) {
            if (image.sizeBytes() > maxPacketSizeBytes) {
                return false;
            }
            link.send(image, packetId, dup);
        } else if (!sendSpecial(image, routed.message(), identifiers, packetId, dup)) {
            return false;
        }
        messages++;
        counters.publishOut++;
        counters.packetsOut++;
        counters.publishBytesOut += routed.message().payload().length;
        return true;
    }

    private boolean sendSpecial(
            PublishImage image, Message message, int[] identifiers, int packetId, boolean dup) {
        int alias = 0;
        boolean known = false;
        if (topicAliasMaximum > 0 && message.topic().utf8().length <= MAX_ALIASED_LENGTH) {
            Map<TopicName, Integer> map = aliases;
            if (map == null) {
                map = new HashMap<>();
                aliases = map;
            }
            Integer assigned = map.get(message.topic());
            if (assigned != null) {
                alias = assigned;
                known = true;
            } else if (map.size() < topicAliasMaximum) {
                alias = map.size() + 1; // [MQTT5-3.1.2-26]: 1 to the client's maximum
            }
        }
        if (image.sizeBytes(alias, known, identifiers) > maxPacketSizeBytes) {
            return false;
        }
        if (alias != 0 && !known && aliases != null) {
            aliases.put(message.topic(), alias);
        }
        // What is left of the lifetime [MQTT5-3.3.2-6].
        long left =
                image.expires()
                        ? Math.max(0, message.expiresAt() - clock.millis() + 999) / 1000
                        : 0;
        link.send(image, packetId, dup, left, alias, known, identifiers);
        return true;
    }
}
