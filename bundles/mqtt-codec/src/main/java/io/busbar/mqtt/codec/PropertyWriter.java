package io.busbar.mqtt.codec;

import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.UserProperty;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sizes and bytes of the data types and properties of MQTT 5.0, sections 1.5 and 2.2.2. Each {@code
 * size…} method counts exactly what its {@code write…} twin writes; what is absent takes nothing.
 */
final class PropertyWriter {
    private static final int MAX_STRING_BYTES = 65_535;

    /** From here on a text is encoded as a whole: that is much faster than by character. */
    private static final int MANY_CHARACTERS = 256;

    private PropertyWriter() {}

    static int sizeOfVarint(int value) {
        return value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x20_0000 ? 3 : 4;
    }

    static void writeVarint(ByteBuf out, int value) {
        int rest = value;
        while (rest >= 0x80) {
            out.writeByte(rest & 0x7F | 0x80);
            rest >>>= 7;
        }
        out.writeByte(rest);
    }

    private static int utf8Bytes(String text) {
        return text.length() > MANY_CHARACTERS
                ? text.getBytes(StandardCharsets.UTF_8).length
                : ByteBufUtil.utf8Bytes(text);
    }

    static int sizeOfString(String text) {
        int length = utf8Bytes(text);
        if (length > MAX_STRING_BYTES) {
            throw new IllegalArgumentException(
                    "string of " + length + " bytes (expected: at most " + MAX_STRING_BYTES + ")");
        }
        return 2 + length;
    }

    static void writeString(ByteBuf out, String text) {
        if (text.length() > MANY_CHARACTERS) {
            writeBinary(out, text.getBytes(StandardCharsets.UTF_8));
            return;
        }
        int length = ByteBufUtil.utf8Bytes(text);
        out.writeShort(length);
        ByteBufUtil.reserveAndWriteUtf8(out, text, length);
    }

    static int sizeOfBinary(byte[] bytes) {
        if (bytes.length > MAX_STRING_BYTES) {
            throw new IllegalArgumentException(
                    "binary data of "
                            + bytes.length
                            + " bytes (expected: at most "
                            + MAX_STRING_BYTES
                            + ")");
        }
        return 2 + bytes.length;
    }

    static void writeBinary(ByteBuf out, byte[] bytes) {
        out.writeShort(bytes.length).writeBytes(bytes);
    }

    private static int size(@Nullable String text) {
        return text == null ? 0 : 1 + sizeOfString(text);
    }

    private static void write(ByteBuf out, int property, @Nullable String text) {
        if (text != null) {
            out.writeByte(property);
            writeString(out, text);
        }
    }

    private static int size(byte @Nullable [] bytes) {
        return bytes == null ? 0 : 1 + sizeOfBinary(bytes);
    }

    private static void write(ByteBuf out, int property, byte @Nullable [] bytes) {
        if (bytes != null) {
            out.writeByte(property);
            writeBinary(out, bytes);
        }
    }

    private static void writeU8(ByteBuf out, int property, int value) {
        out.writeByte(property).writeByte(value);
    }

    private static void writeU16(ByteBuf out, int property, int value) {
        out.writeByte(property).writeShort(value);
    }

    private static void writeU32(ByteBuf out, int property, long value) {
        out.writeByte(property).writeInt((int) value);
    }

    static int sizeOf(List<UserProperty> properties) {
        int size = 0;
        for (int i = 0; i < properties.size(); i++) {
            UserProperty property = properties.get(i);
            size += 1 + sizeOfString(property.name()) + sizeOfString(property.value());
        }
        return size;
    }

    static void write(ByteBuf out, List<UserProperty> properties) {
        for (int i = 0; i < properties.size(); i++) {
            UserProperty property = properties.get(i);
            out.writeByte(Property.USER_PROPERTY);
            writeString(out, property.name());
            writeString(out, property.value());
        }
    }

    static int sizeOf(ReasonDetails details) {
        return size(details.reasonString()) + sizeOf(details.userProperties());
    }

    static void write(ByteBuf out, ReasonDetails details) {
        write(out, Property.REASON_STRING, details.reasonString());
        write(out, details.userProperties());
    }

    static int sizeOf(MessageProperties p) {
        return p == MessageProperties.NONE
                ? 0
                : (p.payloadFormatIndicator() == MessageProperties.ABSENT ? 0 : 2)
                        + (p.expires() ? 5 : 0)
                        + size(p.contentType())
                        + size(p.responseTopic())
                        + size(p.correlationData())
                        + sizeOf(p.userProperties());
    }

    /** The Message Expiry Interval comes first: {@link PublishImage} patches it. */
    static void write(ByteBuf out, MessageProperties p) {
        if (p == MessageProperties.NONE) {
            return;
        }
        if (p.expires()) {
            writeU32(out, Property.MESSAGE_EXPIRY_INTERVAL, p.messageExpirySeconds());
        }
        if (p.payloadFormatIndicator() != MessageProperties.ABSENT) {
            writeU8(out, Property.PAYLOAD_FORMAT_INDICATOR, p.payloadFormatIndicator());
        }
        write(out, Property.CONTENT_TYPE, p.contentType());
        write(out, Property.RESPONSE_TOPIC, p.responseTopic());
        write(out, Property.CORRELATION_DATA, p.correlationData());
        write(out, p.userProperties());
    }

    /** Topic Alias and Subscription Identifiers: what differs from subscriber to subscriber. */
    static int sizeOfDelivery(int topicAlias, int[] subscriptionIdentifiers) {
        int size = topicAlias == 0 ? 0 : 3;
        for (int identifier : subscriptionIdentifiers) {
            size += 1 + sizeOfVarint(identifier);
        }
        return size;
    }

    static void writeDelivery(ByteBuf out, int topicAlias, int[] subscriptionIdentifiers) {
        if (topicAlias != 0) {
            writeU16(out, Property.TOPIC_ALIAS, topicAlias);
        }
        for (int identifier : subscriptionIdentifiers) {
            out.writeByte(Property.SUBSCRIPTION_IDENTIFIER);
            writeVarint(out, identifier);
        }
    }

    static int sizeOf(ConnectProperties p) {
        return p == ConnectProperties.NONE
                ? 0
                : (p.sessionExpiryIntervalSeconds() == 0 ? 0 : 5)
                        + (p.receiveMaximum() == ConnectProperties.RECEIVE_MAXIMUM_DEFAULT ? 0 : 3)
                        + (p.maximumPacketSizeBytes() == Packet.MAXIMUM_SIZE_BYTES ? 0 : 5)
                        + (p.topicAliasMaximum() == 0 ? 0 : 3)
                        + (p.requestResponseInformation() ? 2 : 0)
                        + (p.requestProblemInformation() ? 0 : 2)
                        + sizeOf(p.userProperties())
                        + size(p.authenticationMethod())
                        + size(p.authenticationData());
    }

    static void write(ByteBuf out, ConnectProperties p) {
        if (p == ConnectProperties.NONE) {
            return;
        }
        if (p.sessionExpiryIntervalSeconds() != 0) {
            writeU32(out, Property.SESSION_EXPIRY_INTERVAL, p.sessionExpiryIntervalSeconds());
        }
        if (p.receiveMaximum() != ConnectProperties.RECEIVE_MAXIMUM_DEFAULT) {
            writeU16(out, Property.RECEIVE_MAXIMUM, p.receiveMaximum());
        }
        if (p.maximumPacketSizeBytes() != Packet.MAXIMUM_SIZE_BYTES) {
            writeU32(out, Property.MAXIMUM_PACKET_SIZE, p.maximumPacketSizeBytes());
        }
        if (p.topicAliasMaximum() != 0) {
            writeU16(out, Property.TOPIC_ALIAS_MAXIMUM, p.topicAliasMaximum());
        }
        if (p.requestResponseInformation()) {
            writeU8(out, Property.REQUEST_RESPONSE_INFORMATION, 1);
        }
        if (!p.requestProblemInformation()) {
            writeU8(out, Property.REQUEST_PROBLEM_INFORMATION, 0);
        }
        write(out, p.userProperties());
        write(out, Property.AUTHENTICATION_METHOD, p.authenticationMethod());
        write(out, Property.AUTHENTICATION_DATA, p.authenticationData());
    }

    /** Without the reason's details. */
    static int sizeOf(ConnAckProperties p) {
        return p == ConnAckProperties.NONE
                ? 0
                : (p.sessionExpiryIntervalSeconds() == MessageProperties.ABSENT ? 0 : 5)
                        + (p.receiveMaximum() == ConnectProperties.RECEIVE_MAXIMUM_DEFAULT ? 0 : 3)
                        + (p.maximumQos() == Qos.EXACTLY_ONCE ? 0 : 2)
                        + (p.retainAvailable() ? 0 : 2)
                        + (p.maximumPacketSizeBytes() == Packet.MAXIMUM_SIZE_BYTES ? 0 : 5)
                        + size(p.assignedClientId())
                        + (p.topicAliasMaximum() == 0 ? 0 : 3)
                        + (p.wildcardSubscriptionAvailable() ? 0 : 2)
                        + (p.subscriptionIdentifiersAvailable() ? 0 : 2)
                        + (p.sharedSubscriptionAvailable() ? 0 : 2)
                        + (p.serverKeepAliveSeconds() == MessageProperties.ABSENT ? 0 : 3)
                        + size(p.responseInformation())
                        + size(p.serverReference())
                        + size(p.authenticationMethod())
                        + size(p.authenticationData());
    }

    static void write(ByteBuf out, ConnAckProperties p) {
        if (p == ConnAckProperties.NONE) {
            return;
        }
        if (p.sessionExpiryIntervalSeconds() != MessageProperties.ABSENT) {
            writeU32(out, Property.SESSION_EXPIRY_INTERVAL, p.sessionExpiryIntervalSeconds());
        }
        if (p.receiveMaximum() != ConnectProperties.RECEIVE_MAXIMUM_DEFAULT) {
            writeU16(out, Property.RECEIVE_MAXIMUM, p.receiveMaximum());
        }
        if (p.maximumQos() != Qos.EXACTLY_ONCE) {
            writeU8(out, Property.MAXIMUM_QOS, p.maximumQos().value());
        }
        if (!p.retainAvailable()) {
            writeU8(out, Property.RETAIN_AVAILABLE, 0);
        }
        if (p.maximumPacketSizeBytes() != Packet.MAXIMUM_SIZE_BYTES) {
            writeU32(out, Property.MAXIMUM_PACKET_SIZE, p.maximumPacketSizeBytes());
        }
        write(out, Property.ASSIGNED_CLIENT_IDENTIFIER, p.assignedClientId());
        if (p.topicAliasMaximum() != 0) {
            writeU16(out, Property.TOPIC_ALIAS_MAXIMUM, p.topicAliasMaximum());
        }
        if (!p.wildcardSubscriptionAvailable()) {
            writeU8(out, Property.WILDCARD_SUBSCRIPTION_AVAILABLE, 0);
        }
        if (!p.subscriptionIdentifiersAvailable()) {
            writeU8(out, Property.SUBSCRIPTION_IDENTIFIER_AVAILABLE, 0);
        }
        if (!p.sharedSubscriptionAvailable()) {
            writeU8(out, Property.SHARED_SUBSCRIPTION_AVAILABLE, 0);
        }
        if (p.serverKeepAliveSeconds() != MessageProperties.ABSENT) {
            writeU16(out, Property.SERVER_KEEP_ALIVE, p.serverKeepAliveSeconds());
        }
        write(out, Property.RESPONSE_INFORMATION, p.responseInformation());
        write(out, Property.SERVER_REFERENCE, p.serverReference());
        write(out, Property.AUTHENTICATION_METHOD, p.authenticationMethod());
        write(out, Property.AUTHENTICATION_DATA, p.authenticationData());
    }

    static int sizeOfWillDelay(long seconds) {
        return seconds == 0 ? 0 : 5;
    }

    static void writeWillDelay(ByteBuf out, long seconds) {
        if (seconds != 0) {
            writeU32(out, Property.WILL_DELAY_INTERVAL, seconds);
        }
    }

    static int sizeOfSubscriptionIdentifier(int identifier) {
        return identifier == 0 ? 0 : 1 + sizeOfVarint(identifier);
    }

    static void writeSubscriptionIdentifier(ByteBuf out, int identifier) {
        if (identifier != 0) {
            out.writeByte(Property.SUBSCRIPTION_IDENTIFIER);
            writeVarint(out, identifier);
        }
    }

    static int sizeOfDisconnect(Disconnect p) {
        return (p.sessionExpiryIntervalSeconds() == MessageProperties.ABSENT ? 0 : 5)
                + size(p.serverReference());
    }

    static void writeDisconnect(ByteBuf out, Disconnect p) {
        if (p.sessionExpiryIntervalSeconds() != MessageProperties.ABSENT) {
            writeU32(out, Property.SESSION_EXPIRY_INTERVAL, p.sessionExpiryIntervalSeconds());
        }
        write(out, Property.SERVER_REFERENCE, p.serverReference());
    }

    static int sizeOfAuth(Auth p) {
        return size(p.authenticationMethod()) + size(p.authenticationData());
    }

    static void writeAuth(ByteBuf out, Auth p) {
        write(out, Property.AUTHENTICATION_METHOD, p.authenticationMethod());
        write(out, Property.AUTHENTICATION_DATA, p.authenticationData());
    }
}
