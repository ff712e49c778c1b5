package io.busbar.mqtt.codec;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicName;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.IllegalReferenceCountException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A PUBLISH that is encoded once for all subscribers that get it in the same form: same version,
 * QoS, RETAIN and properties. To deliver it, it is copied into a subscriber's outgoing buffer. Then
 * the values of this subscriber are set: packet identifier, DUP, remaining Message Expiry, topic
 * alias, Subscription Identifiers. Thread-safe; only what {@link #sharedPayload} gives has to be
 * released.
 *
 * <pre>
 * head:    | type, flags | remaining length | topic length | topic… | packet id | property length | expiry | properties… |
 *                                                                    ^ idOffset  ^ propertiesOffset (5.0)
 * payload: | the message's own array |
 * </pre>
 *
 * The payload is the message's own array. A small payload is copied once per subscriber, into the
 * outgoing buffer. A large payload ({@link #isLarge}) is not copied per subscriber: {@link
 * #sharedPayload} is sent after the head.
 */
public final class PublishImage {
    /**
     * From this size on, sharing one direct buffer costs less than copying into each outgoing
     * buffer.
     */
    private static final int LARGE_PAYLOAD_BYTES = 16 << 10;

    private static final int DUP = 8;
    private static final int ABSENT = -1;

    private final byte[] head;
    private final byte[] payload;
    private final TopicName topic;
    private final Qos qos;
    private final int idOffset;
    private final int propertiesOffset;
    private final int propertiesSize;
    private final int expiryOffset;
    private final AtomicInteger sharers = new AtomicInteger();
    private volatile boolean asked;
    private volatile @Nullable ByteBuf direct;

    private PublishImage(
            boolean mqtt5,
            TopicName topic,
            byte[] payload,
            Qos qos,
            boolean retain,
            MessageProperties properties) {
        this.topic = topic;
        this.payload = payload;
        this.qos = qos;
        byte[] name = topic.utf8();
        propertiesSize = mqtt5 ? PropertyWriter.sizeOf(properties) : 0;
        int propertiesLengthSize = mqtt5 ? PropertyWriter.sizeOfVarint(propertiesSize) : 0;
        int idSize = qos == Qos.AT_MOST_ONCE ? 0 : 2;
        int rest = 2 + name.length + idSize + propertiesLengthSize + propertiesSize;
        int length = Math.addExact(rest, payload.length);
        int at = 1 + PropertyWriter.sizeOfVarint(length);
        head = new byte[at + rest];
        head[0] = (byte) (PacketType.PUBLISH.value() << 4 | qos.value() << 1 | (retain ? 1 : 0));
        putVarint(head, 1, length);
        head[at++] = (byte) (name.length >>> 8);
        head[at++] = (byte) name.length;
        System.arraycopy(name, 0, head, at, name.length);
        idOffset = at + name.length;
        propertiesOffset = mqtt5 ? idOffset + idSize : ABSENT;
        expiryOffset =
                mqtt5 && properties.expires()
                        ? propertiesOffset + propertiesLengthSize + 1
                        : ABSENT;
        if (mqtt5) {
            putVarint(head, propertiesOffset, propertiesSize);
            if (propertiesSize > 0) {
                ByteBuf out = Unpooled.wrappedBuffer(head);
                PropertyWriter.write(
                        out.writerIndex(propertiesOffset + propertiesLengthSize), properties);
            }
        }
    }

    /** Encodes a message. */
    public static PublishImage of(
            ProtocolVersion version, Message message, Qos qos, boolean retain) {
        return new PublishImage(
                version.isMqtt5(),
                message.topic(),
                message.payload(),
                qos,
                retain,
                message.properties());
    }

    private static void putVarint(byte[] bytes, int at, int value) {
        int i = at;
        int rest = value;
        while (rest >= 0x80) {
            bytes[i++] = (byte) (rest & 0x7F | 0x80);
            rest >>>= 7;
        }
        bytes[i] = (byte) rest;
    }

    public TopicName topic() {
        return topic;
    }

    public Qos qos() {
        return qos;
    }

    /**
     * Whether it carries a Message Expiry Interval, which has to be counted down [MQTT5-3.3.2-6].
     */
    public boolean expires() {
        return expiryOffset != ABSENT;
    }

    /** Bytes on the wire: to be compared with the client's Maximum Packet Size [MQTT5-3.1.2-24]. */
    public int sizeBytes() {
        return head.length + payload.length;
    }

    /**
     * As {@link #sizeBytes()}, with what {@link #write(ByteBuf, int, boolean, long, int, boolean,
     * int[])} adds and leaves out.
     */
    public int sizeBytes(int topicAlias, boolean topicKnown, int[] subscriptionIdentifiers) {
        if (propertiesOffset == ABSENT) {
            return sizeBytes();
        }
        int properties =
                propertiesSize + PropertyWriter.sizeOfDelivery(topicAlias, subscriptionIdentifiers);
        int length = length(properties, topicKnown);
        return 1 + PropertyWriter.sizeOfVarint(length) + length;
    }

    private int length(int properties, boolean topicKnown) {
        return 2
                + (topicKnown ? 0 : topic.utf8().length)
                + (qos == Qos.AT_MOST_ONCE ? 0 : 2)
                + PropertyWriter.sizeOfVarint(properties)
                + properties
                + payload.length;
    }

    /**
     * Whether the writing methods leave the payload out, which then has to follow as {@link
     * #sharedPayload}.
     */
    public boolean isLarge() {
        return payload.length >= LARGE_PAYLOAD_BYTES;
    }

    /**
     * Appends the packet, without the payload if it {@link #isLarge}.
     *
     * @param packetId ignored for QoS 0
     * @param dup ignored for QoS 0 [MQTT5-3.3.1-2]
     */
    public void write(ByteBuf out, int packetId, boolean dup) {
        int at = out.writerIndex();
        out.writeBytes(head);
        if (qos != Qos.AT_MOST_ONCE) {
            out.setShort(at + idOffset, packetId);
            if (dup) {
                out.setByte(at, head[0] | DUP);
            }
        }
        if (!isLarge()) {
            out.writeBytes(payload);
        }
    }

    /**
     * As {@link #write(ByteBuf, int, boolean)}, with what only this subscriber gets; in MQTT 3
     * nothing.
     *
     * @param expirySeconds what is left of the Message Expiry Interval; ignored if the message has
     *     none
     * @param topicAlias 1 to 65,535, or 0 for none
     * @param topicKnown whether the client knows the alias, so that the name is left out
     * @param subscriptionIdentifiers of the subscriptions that matched; empty for none
     *     [MQTT5-3.3.4-3]
     */
    public void write(
            ByteBuf out,
            int packetId,
            boolean dup,
            long expirySeconds,
            int topicAlias,
            boolean topicKnown,
            int[] subscriptionIdentifiers) {
        int at = out.writerIndex();
        if (propertiesOffset == ABSENT || topicAlias == 0 && subscriptionIdentifiers.length == 0) {
            write(out, packetId, dup);
            if (expiryOffset != ABSENT) {
                out.setInt(at + expiryOffset, (int) expirySeconds);
            }
            return;
        }
        int properties =
                propertiesSize + PropertyWriter.sizeOfDelivery(topicAlias, subscriptionIdentifiers);
        out.writeByte(dup && qos != Qos.AT_MOST_ONCE ? head[0] | DUP : head[0]);
        PropertyWriter.writeVarint(out, length(properties, topicKnown));
        if (topicKnown) {
            out.writeShort(0);
        } else {
            int topicSize = 2 + topic.utf8().length;
            out.writeBytes(head, idOffset - topicSize, topicSize);
        }
        if (qos != Qos.AT_MOST_ONCE) {
            out.writeShort(packetId);
        }
        PropertyWriter.writeVarint(out, properties);
        int propertiesAt = out.writerIndex();
        out.writeBytes(head, head.length - propertiesSize, propertiesSize);
        if (expiryOffset != ABSENT) {
            out.setInt(propertiesAt + 1, (int) expirySeconds);
        }
        PropertyWriter.writeDelivery(out, topicAlias, subscriptionIdentifiers);
        if (!isLarge()) {
            out.writeBytes(payload);
        }
    }

    /**
     * The payload as a buffer of its own: the first time over the message's array, which the socket
     * copies; from the second subscriber on direct memory that all share as long as one of them
     * still sends it.
     *
     * @return owned by the caller, who releases it; that does not touch the others
     */
    public ByteBuf sharedPayload() {
        if (!asked) {
            asked = true;
            return Unpooled.wrappedBuffer(payload);
        }
        ByteBuf shared = direct;
        if (shared != null) {
            try {
                return shared.retainedDuplicate();
            } catch (IllegalReferenceCountException ignored) {
                // All have sent it, and its memory is given back.
            }
        }
        // Not from a pool: a pool gives the object of a released buffer to somebody else, with his
        // bytes. Two threads may both make one; the copies are then shared by some each.
        ByteBuf copy =
                UnpooledByteBufAllocator.DEFAULT
                        .directBuffer(payload.length, payload.length)
                        .writeBytes(payload);
        direct = copy;
        return copy.duplicate();
    }

    /**
     * Somebody begins to send direct memory that {@link #sharedPayload} gave.
     *
     * @return the bytes to be counted: all of them for the first, none for those who share it
     */
    public int beginShare() {
        return sharers.getAndIncrement() == 0 ? payload.length : 0;
    }

    /**
     * Gives back a {@link #beginShare}.
     *
     * @return the bytes that are free now: all of them for the last
     */
    public int endShare() {
        return sharers.decrementAndGet() == 0 ? payload.length : 0;
    }
}
