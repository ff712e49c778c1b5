package io.busbar.mqtt.codec;

import static io.busbar.mqtt.codec.MalformedPacketException.malformed;
import static io.busbar.mqtt.codec.MalformedPacketException.protocolError;

import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the packets of one Network Connection from the buffer in which its bytes are collected.
 * Limits are checked first: a packet that is too large, or whose first bytes are not valid, is
 * refused before anything is kept for it. Whatever arrives, the decoder returns a packet, asks for
 * more bytes, or throws {@link MalformedPacketException}. After the exception it must not be used
 * again.
 *
 * <p>It checks everything that can be seen in a single packet, and that CONNECT comes first and
 * only once. Its caller must check what depends on the session: topic aliases and packet
 * identifiers in use, quotas, permissions. Not thread-safe.
 */
public final class PacketDecoder {
    /** Bridges of other servers set this bit first, and take 3.1.1's refusal for a no to that. */
    private static final int BRIDGE_LEVEL = 0x80;

    private final boolean server;
    private final DecoderLimits limits;
    private final TopicNameCache topics;
    private final PacketReader in = new PacketReader();
    private final PropertyReader properties;
    private @Nullable ProtocolVersion version;
    private boolean connected;
    private boolean mqtt5;
    private boolean shortestLength = true;
    private int maximumSizeBytes;

    private PacketDecoder(
            boolean server,
            @Nullable ProtocolVersion version,
            DecoderLimits limits,
            TopicNameCache topics) {
        this.server = server;
        this.limits = limits;
        this.topics = topics;
        this.properties = new PropertyReader(limits.userProperties());
        this.version = version;
        this.connected = !server;
        this.mqtt5 = version == ProtocolVersion.MQTT_5_0;
        this.maximumSizeBytes = server ? limits.connectSizeBytes() : limits.packetSizeBytes();
    }

    /** Reads what clients send; learns the version from their CONNECT. */
    public static PacketDecoder ofServer(DecoderLimits limits, TopicNameCache topics) {
        return new PacketDecoder(true, null, limits, topics);
    }

    /** Reads what servers send: for tests and tools. */
    public static PacketDecoder ofClient(
            ProtocolVersion version, DecoderLimits limits, TopicNameCache topics) {
        return new PacketDecoder(false, version, limits, topics);
    }

    /**
     * The version of the connection, known as soon as CONNECT named it (even if the rest of CONNECT
     * was wrong), else null.
     */
    public @Nullable ProtocolVersion version() {
        return version;
    }

    /**
     * Takes the next packet.
     *
     * @param buffer bytes of the connection; its reader index moves behind the packet that is
     *     returned, and stays if there is none yet
     * @return the packet, or null if more bytes are needed
     * @throws MalformedPacketException if the bytes break the specification or a limit
     */
    public @Nullable Packet decode(ByteBuf buffer) {
        int start = buffer.readerIndex();
        int readable = buffer.writerIndex() - start;
        if (readable == 0) {
            return null;
        }
        int first = buffer.getUnsignedByte(start);
        PacketType type = PacketType.of(first >>> 4);
        checkFirst(type, first & 0x0F);
        if (readable == 1) {
            return null;
        }
        int length = buffer.getByte(start + 1);
        int headerSize = 2;
        shortestLength = true;
        if (length < 0) {
            length &= 0x7F;
            int b = -1;
            for (int shift = 7; b < 0; shift += 7) {
                if (shift > 21) {
                    throw malformed("remaining length of more than four bytes");
                }
                if (headerSize == readable) {
                    return null;
                }
                b = buffer.getByte(start + headerSize++);
                length |= (b & 0x7F) << shift;
            }
            shortestLength = b != 0;
            checkShortestLength(mqtt5);
        }
        checkLength(type, length);
        if (headerSize + length > maximumSizeBytes) {
            throw new MalformedPacketException(
                    ReasonCode.PACKET_TOO_LARGE, "packet of more bytes than allowed");
        }
        if (readable - headerSize < length) {
            return null;
        }
        in.open(buffer, start + headerSize, start + headerSize + length);
        Packet packet = body(type, first & 0x0F);
        in.expectEnd();
        in.close();
        buffer.readerIndex(start + headerSize + length);
        return packet;
    }

    /** 5.0 asks for the shortest form [MQTT5-1.5.5-1]; 3.1.1 and 3.1 do not. */
    private void checkShortestLength(boolean v5) {
        if (v5 && !shortestLength) {
            throw malformed("remaining length is not in its shortest form");
        }
    }

    /** All that the first byte shows: who may send it, when, and its flags. */
    private void checkFirst(PacketType type, int flags) {
        if (!connected) {
            if (type != PacketType.CONNECT) {
                throw protocolError(
                        "first packet is not CONNECT"); // [MQTT5-3.1.0-1] [MQTT311-3.1.0-1]
            }
        } else if (type == PacketType.CONNECT) {
            throw protocolError("second CONNECT"); // [MQTT5-3.1.0-2] [MQTT311-3.1.0-2]
        }
        switch (type) {
            case PUBLISH -> checkPublishFlags(flags);
            // [MQTT5-3.6.1-1] [MQTT5-3.8.1-1] [MQTT5-3.10.1-1] [MQTT311-3.6.1-1] [MQTT311-3.8.1-1]
            // [MQTT311-3.10.1-1]
            case PUBREL, SUBSCRIBE, UNSUBSCRIBE -> checkFlags(flags, 0b0010);
            // CONNECT's have to wait until it names its version.
            case CONNECT -> {}
            case RESERVED -> throw malformed("packet type 0");
            default -> checkFlags(flags, 0);
        }
        switch (type) {
            case CONNACK, SUBACK, UNSUBACK, PINGRESP -> {
                if (server) {
                    throw protocolError(type + " from a client");
                }
            }
            case SUBSCRIBE, UNSUBSCRIBE, PINGREQ -> {
                if (!server) {
                    throw protocolError(type + " from a server");
                }
            }
            case AUTH -> {
                if (!mqtt5) {
                    throw malformed("packet type 15");
                }
            }
            default -> {}
        }
    }

    /** Lengths that are fixed. */
    private void checkLength(PacketType type, int length) {
        switch (type) {
            case PINGREQ, PINGRESP -> checkLength(length, 0);
            case DISCONNECT -> {
                if (!mqtt5) {
                    checkLength(length, 0);
                }
            }
            case PUBACK, PUBREC, PUBREL, PUBCOMP, UNSUBACK, CONNACK -> {
                if (!mqtt5) {
                    checkLength(length, 2);
                }
            }
            default -> {}
        }
    }

    private static void checkPublishFlags(int flags) {
        int qos = flags >> 1 & 3;
        if (qos == 3) {
            throw malformed("QoS 3"); // [MQTT5-3.3.1-4] [MQTT311-3.3.1-4]
        }
        if (qos == 0 && (flags & 8) != 0) {
            throw malformed("DUP with QoS 0"); // [MQTT5-3.3.1-2] [MQTT311-3.3.1-2]
        }
    }

    /**
     * In 3.1 the flags of most packets are "not used", and PUBREL, SUBSCRIBE and UNSUBSCRIBE have a
     * QoS of 1 and may be marked as sent again.
     */
    private void checkFlags(int flags, int expected) {
        int known = version == ProtocolVersion.MQTT_3_1 ? flags & expected : flags;
        if (known != expected) {
            throw malformed(
                    "reserved flags of the fixed header"); // [MQTT5-2.1.3-1] [MQTT311-2.2.2-2]
        }
    }

    private static void checkLength(int length, int expected) {
        if (length != expected) {
            throw malformed("remaining length " + length + " (expected: " + expected + ")");
        }
    }

    private Packet body(PacketType type, int flags) {
        return switch (type) {
            case PUBLISH -> publish(flags);
            case PUBACK -> pubAck();
            case PUBREC -> pubRec();
            case PUBREL -> pubRel();
            case PUBCOMP -> pubComp();
            case SUBSCRIBE -> subscribe();
            case UNSUBSCRIBE -> unsubscribe();
            case PINGREQ -> PingReq.INSTANCE;
            case DISCONNECT -> disconnect();
            case AUTH -> auth();
            case CONNECT -> connect(flags);
            case CONNACK -> connAck();
            case SUBACK -> subAck();
            case UNSUBACK -> unsubAck();
            case PINGRESP -> PingResp.INSTANCE;
            case RESERVED -> throw malformed("packet type 0");
        };
    }

    private Publish publish(int flags) {
        Qos qos = Qos.of(flags >> 1 & 3);
        int topicLength = in.u16();
        in.require(topicLength);
        TopicName topic = null;
        if (topicLength > 0) {
            topic = topics.get(in.buffer(), in.index(), topicLength);
            in.skip(topicLength);
        }
        int packetId = qos == Qos.AT_MOST_ONCE ? 0 : in.packetId(); // [MQTT5-2.2.1-2]
        MessageProperties message = MessageProperties.NONE;
        int alias = 0;
        int[] identifiers = Publish.NO_IDENTIFIERS;
        if (mqtt5) {
            if (in.hasMore() && in.buffer().getByte(in.index()) == 0) {
                in.skip(1);
            } else {
                properties.read(in, Property.IN_PUBLISH, 1L << Property.SUBSCRIPTION_IDENTIFIER);
                if (server && properties.has(Property.SUBSCRIPTION_IDENTIFIER)) {
                    throw protocolError("subscription identifier of a client"); // [MQTT5-3.3.4-6]
                }
                message = properties.messageProperties();
                alias = properties.topicAlias;
                identifiers = properties.subscriptionIdentifiers();
            }
        }
        if (topic == null && alias == 0) {
            throw protocolError(
                    "empty topic name without a topic alias"); // [MQTT5-4.7.3-1] [MQTT311-4.7.3-1]
        }
        return new Publish(
                (flags & 8) != 0,
                qos,
                (flags & 1) != 0,
                packetId,
                topic,
                alias,
                message,
                identifiers,
                in.rest());
    }

    private Connect connect(int headerFlags) {
        ProtocolVersion named = protocolVersion();
        version = named;
        boolean v5 = named.isMqtt5();
        checkFlags(headerFlags, 0);
        checkShortestLength(v5);
        int flags = in.u8();
        boolean hasWill = (flags & 0x04) != 0;
        boolean hasPassword = (flags & 0x40) != 0;
        boolean hasUsername = (flags & 0x80) != 0;
        if ((flags & 1) != 0 && named != ProtocolVersion.MQTT_3_1) {
            // [MQTT5-3.1.2-3] [MQTT311-3.1.2-3]; 3.1 does not use it.
            throw malformed("reserved flag of CONNECT");
        }
        int willQos = flags >> 3 & 3;
        if (willQos == 3) {
            throw malformed("Will QoS 3"); // [MQTT5-3.1.2-12] [MQTT311-3.1.2-14]
        }
        if (!hasWill && (flags & 0x38) != 0) {
            // [MQTT5-3.1.2-11] [MQTT5-3.1.2-13] [MQTT311-3.1.2-13] [MQTT311-3.1.2-15]
            throw malformed("Will QoS or Will Retain without a Will Message");
        }
        if (!v5 && hasPassword && !hasUsername) {
            throw malformed("password without a user name"); // [MQTT311-3.1.2-22]
        }
        int keepAlive = in.u16();
        ConnectProperties connectProperties = ConnectProperties.NONE;
        if (v5) {
            properties.read(in, Property.IN_CONNECT, 0);
            connectProperties = properties.connectProperties();
            if (connectProperties.authenticationData() != null
                    && connectProperties.authenticationMethod() == null) {
                throw protocolError("authentication data without a method");
            }
        }
        // Client Identifier, Will, User Name, Password: [MQTT5-3.1.3-1] [MQTT311-3.1.3-1].
        String clientId = in.string();
        if (PacketReader.hasControls(clientId)) {
            // "A valid string but not allowed by the Server"; 3.1.1 only lets it be closed.
            throw v5
                    ? new MalformedPacketException(
                            ReasonCode.CLIENT_IDENTIFIER_NOT_VALID,
                            "client identifier holds a control character")
                    : malformed("client identifier holds a control character");
        }
        boolean cleanStart = (flags & 2) != 0;
        if (!v5 && clientId.isEmpty() && !cleanStart) {
            throw new MalformedPacketException(
                    ReasonCode.CLIENT_IDENTIFIER_NOT_VALID,
                    "empty client identifier without clean session"); // [MQTT311-3.1.3-8]
        }
        Will will = hasWill ? will(Qos.of(willQos), (flags & 0x20) != 0) : null;
        String username = hasUsername ? in.string() : null;
        if (username != null && PacketReader.hasControls(username)) {
            throw malformed("user name holds a control character");
        }
        byte[] password = hasPassword ? in.binary() : null;
        connected = true;
        mqtt5 = v5;
        maximumSizeBytes = limits.packetSizeBytes();
        return new Connect(
                named,
                cleanStart,
                keepAlive,
                clientId,
                will,
                username,
                password,
                connectProperties);
    }

    /**
     * A wrong name is not MQTT at all; a wrong level is answered [MQTT5-3.1.2-1] [MQTT5-3.1.2-2]
     * [MQTT311-3.1.2-1] [MQTT311-3.1.2-2].
     */
    private ProtocolVersion protocolVersion() {
        int nameLength = in.u16();
        if (nameLength != 4 && nameLength != 6) {
            throw malformed("protocol name");
        }
        String name = PacketReader.string(in.buffer(), in.index(), checked(nameLength));
        in.skip(nameLength);
        if (!name.equals("MQTT") && !name.equals("MQIsdp")) {
            throw malformed("protocol name");
        }
        int level = in.u8();
        ProtocolVersion named = ProtocolVersion.ofLevel(level);
        if (named == null || !named.protocolName().equals(name)) {
            if (level > ProtocolVersion.MQTT_5_0.level() && level < BRIDGE_LEVEL) {
                // From the future: it knows how 5.0 says no, and others do not.
                version = ProtocolVersion.MQTT_5_0;
            }
            throw new MalformedPacketException(
                    ReasonCode.UNSUPPORTED_PROTOCOL_VERSION, "protocol level");
        }
        return named;
    }

    private int checked(int length) {
        in.require(length);
        return length;
    }

    private Will will(Qos qos, boolean retain) {
        MessageProperties message = MessageProperties.NONE;
        long delay = 0;
        if (version == ProtocolVersion.MQTT_5_0) {
            properties.read(in, Property.IN_WILL, 0);
            message = properties.messageProperties();
            delay = properties.willDelayInterval;
        }
        String name = in.string();
        if (name.isEmpty()) {
            throw protocolError("empty will topic"); // [MQTT5-4.7.3-1] [MQTT311-4.7.3-1]
        }
        TopicName topic = TopicNameCache.topicName(name);
        return new Will(topic, in.binary(), qos, retain, delay, message);
    }

    private ConnAck connAck() {
        int flags = in.u8();
        if (version == ProtocolVersion.MQTT_3_1) {
            flags = 0; // not used yet
        } else if (flags > 1) {
            throw malformed("reserved flags of CONNACK"); // [MQTT5-3.2.2-1]
        }
        int code = in.u8();
        ReasonCode reason = mqtt5 ? ReasonCode.of(code) : ReasonCodes.ofConnectReturnCode(code);
        if (reason == null || !ReasonCodes.isOf(PacketType.CONNACK, false, reason)) {
            throw protocolError("reason code of CONNACK");
        }
        ConnAckProperties connAckProperties = ConnAckProperties.NONE;
        if (mqtt5) {
            properties.read(in, Property.IN_CONNACK, 0);
            connAckProperties = properties.connAckProperties();
        }
        if (flags == 1 && reason != ReasonCode.SUCCESS) {
            throw protocolError(
                    "session present with an error"); // [MQTT5-3.2.2-6] [MQTT311-3.2.2-4]
        }
        return new ConnAck(flags == 1, reason, connAckProperties);
    }

    private PubAck pubAck() {
        int id = in.packetId();
        ReasonCode reason = optionalReason(PacketType.PUBACK);
        return new PubAck(id, reason, optionalDetails());
    }

    private PubRec pubRec() {
        int id = in.packetId();
        ReasonCode reason = optionalReason(PacketType.PUBREC);
        return new PubRec(id, reason, optionalDetails());
    }

    private PubRel pubRel() {
        int id = in.packetId();
        ReasonCode reason = optionalReason(PacketType.PUBREL);
        return new PubRel(id, reason, optionalDetails());
    }

    private PubComp pubComp() {
        int id = in.packetId();
        ReasonCode reason = optionalReason(PacketType.PUBCOMP);
        return new PubComp(id, reason, optionalDetails());
    }

    /** The reason code of a packet that may end before it, which then means success. */
    private ReasonCode optionalReason(PacketType type) {
        return mqtt5 && in.hasMore() ? reason(type) : ReasonCode.SUCCESS;
    }

    private ReasonCode reason(PacketType type) {
        ReasonCode reason = ReasonCode.of(in.u8());
        if (reason == null || !ReasonCodes.isOf(type, server, reason)) {
            // [MQTT5-3.4.2-1] [MQTT5-3.5.2-1] [MQTT5-3.6.2-1] [MQTT5-3.7.2-1] [MQTT5-3.14.2-1]
            // [MQTT5-3.15.2-1]
            throw protocolError("reason code of " + type);
        }
        return reason;
    }

    /** Reason String and User Properties of a packet that may end before them. */
    private ReasonDetails optionalDetails() {
        if (!mqtt5 || !in.hasMore()) {
            return ReasonDetails.NONE;
        }
        properties.read(in, Property.IN_REASON, 0);
        return properties.reasonDetails();
    }

    private Subscribe subscribe() {
        int id = in.packetId();
        int identifier = 0;
        ReasonDetails details = ReasonDetails.NONE;
        if (mqtt5) {
            properties.read(in, Property.IN_SUBSCRIBE, 0);
            int[] identifiers = properties.subscriptionIdentifiers();
            identifier = identifiers.length == 0 ? 0 : identifiers[0];
            details = properties.reasonDetails();
        }
        if (!in.hasMore()) {
            throw protocolError(
                    "SUBSCRIBE without a topic filter"); // [MQTT5-3.8.3-2] [MQTT311-3.8.3-3]
        }
        List<Subscribe.Entry> entries = new ArrayList<>(4);
        while (in.hasMore()) {
            checkFilters(entries.size());
            TopicFilter filter = topicFilter();
            entries.add(entry(filter, in.u8()));
        }
        return new Subscribe(id, identifier, details.userProperties(), entries);
    }

    /** A filter takes four bytes in the packet and much more in memory. */
    private void checkFilters(int count) {
        if (count == limits.topicFilters()) {
            throw new MalformedPacketException(
                    ReasonCode.QUOTA_EXCEEDED, "too many topic filters in one packet");
        }
    }

    private Subscribe.Entry entry(TopicFilter filter, int options) {
        int qos = options & 3;
        if (!mqtt5) {
            if (options > 2) {
                throw malformed("requested QoS"); // [MQTT311-3.8.3-4]
            }
            return new Subscribe.Entry(filter, Qos.of(qos));
        }
        if ((options & 0xC0) != 0) {
            throw malformed("reserved bits of subscription options"); // [MQTT5-3.8.3-5]
        }
        if (qos == 3) {
            throw protocolError("Maximum QoS 3 of a subscription");
        }
        int retainHandling = options >> 4 & 3;
        if (retainHandling == 3) {
            throw protocolError("Retain Handling 3");
        }
        boolean noLocal = (options & 4) != 0;
        if (noLocal && filter.isShared()) {
            throw protocolError("No Local on a Shared Subscription"); // [MQTT5-3.8.3-4]
        }
        return new Subscribe.Entry(
                filter,
                Qos.of(qos),
                noLocal,
                (options & 8) != 0,
                RetainHandling.of(retainHandling));
    }

    /**
     * [MQTT5-3.8.3-1] [MQTT5-3.10.3-1] [MQTT5-4.7.1-1] [MQTT5-4.7.1-2] [MQTT5-4.8.2-1]
     * [MQTT5-4.8.2-2].
     */
    private TopicFilter topicFilter() {
        String text = in.string();
        String problem = TopicFilter.problemOf(text);
        if (problem != null) {
            throw malformed("topic filter " + problem);
        }
        if (PacketReader.hasControls(text)) {
            throw malformed("topic filter holds a control character");
        }
        return TopicFilter.of(text);
    }

    private Unsubscribe unsubscribe() {
        int id = in.packetId();
        ReasonDetails details = ReasonDetails.NONE;
        if (mqtt5) {
            properties.read(in, Property.IN_UNSUBSCRIBE, 0);
            details = properties.reasonDetails();
        }
        if (!in.hasMore()) {
            throw protocolError(
                    "UNSUBSCRIBE without a topic filter"); // [MQTT5-3.10.3-2] [MQTT311-3.10.3-2]
        }
        List<TopicFilter> filters = new ArrayList<>(4);
        while (in.hasMore()) {
            checkFilters(filters.size());
            filters.add(topicFilter());
        }
        return new Unsubscribe(id, details.userProperties(), filters);
    }

    private SubAck subAck() {
        int id = in.packetId();
        ReasonDetails details = optionalDetailsOfAck();
        return new SubAck(id, reasons(PacketType.SUBACK), details);
    }

    private UnsubAck unsubAck() {
        int id = in.packetId();
        ReasonDetails details = optionalDetailsOfAck();
        return new UnsubAck(id, mqtt5 ? reasons(PacketType.UNSUBACK) : List.of(), details);
    }

    private ReasonDetails optionalDetailsOfAck() {
        if (!mqtt5) {
            return ReasonDetails.NONE;
        }
        properties.read(in, Property.IN_REASON, 0);
        return properties.reasonDetails();
    }

    private List<ReasonCode> reasons(PacketType type) {
        if (!in.hasMore()) {
            throw protocolError(type + " without a reason code");
        }
        List<ReasonCode> reasons = new ArrayList<>(in.remaining());
        while (in.hasMore()) {
            ReasonCode reason = reason(type);
            if (!mqtt5 && reason.isError() && reason != ReasonCode.UNSPECIFIED_ERROR) {
                throw protocolError("return code of SUBACK"); // [MQTT311-3.9.3-2]
            }
            reasons.add(reason);
        }
        return reasons;
    }

    private Disconnect disconnect() {
        if (!mqtt5 || !in.hasMore()) {
            return Disconnect.NORMAL;
        }
        ReasonCode reason = reason(PacketType.DISCONNECT);
        if (!in.hasMore()) {
            return new Disconnect(reason, MessageProperties.ABSENT, ReasonDetails.NONE, null);
        }
        properties.read(in, Property.IN_DISCONNECT, 0);
        if (properties.has(server ? Property.SERVER_REFERENCE : Property.SESSION_EXPIRY_INTERVAL)) {
            throw protocolError("a property of the other side's DISCONNECT"); // [MQTT5-3.14.2-2]
        }
        return new Disconnect(
                reason,
                properties.sessionExpiryInterval,
                properties.reasonDetails(),
                properties.serverReference);
    }

    private Auth auth() {
        if (!in.hasMore()) {
            return new Auth(ReasonCode.SUCCESS, null, null, ReasonDetails.NONE);
        }
        // Both the reason and the properties may be left out, section 3.15.2.1, but not one alone.
        ReasonCode reason = reason(PacketType.AUTH);
        properties.read(in, Property.IN_AUTH, 0); // [MQTT5-2.2.2-1]
        if (properties.authenticationMethod == null) {
            throw protocolError("AUTH without an authentication method");
        }
        return new Auth(
                reason,
                properties.authenticationMethod,
                properties.authenticationData,
                properties.reasonDetails());
    }
}
