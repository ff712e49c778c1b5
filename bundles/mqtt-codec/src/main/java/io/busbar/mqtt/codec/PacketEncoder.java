package io.busbar.mqtt.codec;

import static io.busbar.mqtt.codec.PropertyWriter.sizeOf;
import static io.busbar.mqtt.codec.PropertyWriter.sizeOfBinary;
import static io.busbar.mqtt.codec.PropertyWriter.sizeOfString;
import static io.busbar.mqtt.codec.PropertyWriter.sizeOfVarint;
import static io.busbar.mqtt.codec.PropertyWriter.write;
import static io.busbar.mqtt.codec.PropertyWriter.writeBinary;
import static io.busbar.mqtt.codec.PropertyWriter.writeString;
import static io.busbar.mqtt.codec.PropertyWriter.writeVarint;

import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * Writes packets for one Network Connection directly into its outgoing buffer. The exact size is
 * known before the first byte is written. If a packet is too large for the receiver, Reason String
 * and User Properties are left out first, then the whole packet. They are also left out if the
 * receiver does not want them. Immutable and thread-safe.
 */
public final class PacketEncoder {
    private final ProtocolVersion version;
    private final boolean mqtt5;
    private final int maximumSizeBytes;
    private final boolean problemInformation;

    /**
     * Makes one for a receiver.
     *
     * @param maximumSizeBytes the receiver's Maximum Packet Size, or {@link
     *     Packet#MAXIMUM_SIZE_BYTES}
     * @param problemInformation whether the receiver takes Reason String and User Properties in
     *     every packet
     */
    public PacketEncoder(
            ProtocolVersion version, int maximumSizeBytes, boolean problemInformation) {
        this.version = version;
        this.mqtt5 = version.isMqtt5();
        this.maximumSizeBytes = maximumSizeBytes;
        this.problemInformation = problemInformation;
    }

    /** For a receiver without wishes. */
    public static PacketEncoder of(ProtocolVersion version) {
        return new PacketEncoder(version, Packet.MAXIMUM_SIZE_BYTES, true);
    }

    /** For the client that sent this CONNECT. */
    public static PacketEncoder of(Connect connect) {
        return new PacketEncoder(
                connect.version(),
                connect.properties().maximumPacketSizeBytes(),
                connect.properties().requestProblemInformation());
    }

    public ProtocolVersion version() {
        return version;
    }

    /** The receiver's Maximum Packet Size: nothing larger is written [MQTT5-3.1.2-24]. */
    public int maximumSizeBytes() {
        return maximumSizeBytes;
    }

    /**
     * The return code of MQTT 3.1.1, section 3.2.2.3, that comes nearest to a reason: 0 to 5, or -1
     * if none does and the connection is closed without CONNACK [MQTT311-3.2.2-6].
     */
    public static int connectReturnCode(ReasonCode reason) {
        return ReasonCodes.connectReturnCode(reason);
    }

    /**
     * Appends the packet.
     *
     * @return false if nothing was written, because this version does not know the packet (AUTH,
     *     the server's DISCONNECT in MQTT 3) or it is larger than the receiver takes; the receiver
     *     then gets nothing in its place [MQTT5-3.1.2-25]
     */
    public boolean encode(Packet packet, ByteBuf out) {
        return switch (packet.type()) {
            case PUBACK -> pubAck((PubAck) packet, out);
            case PUBREC -> pubRec((PubRec) packet, out);
            case PUBREL -> pubRel((PubRel) packet, out);
            case PUBCOMP -> pubComp((PubComp) packet, out);
            case PUBLISH -> publish((Publish) packet, out);
            case PINGREQ, PINGRESP -> begin(out, packet.type(), 0, 0);
            case CONNECT -> connect((Connect) packet, out);
            case CONNACK -> connAck((ConnAck) packet, out);
            case SUBSCRIBE -> subscribe((Subscribe) packet, out);
            case SUBACK -> subAck((SubAck) packet, out);
            case UNSUBSCRIBE -> unsubscribe((Unsubscribe) packet, out);
            case UNSUBACK -> unsubAck((UnsubAck) packet, out);
            case DISCONNECT -> disconnect((Disconnect) packet, out);
            case AUTH -> auth((Auth) packet, out);
            case RESERVED -> throw new IllegalArgumentException("packet type: 0 (expected: 1..15)");
        };
    }

    /** Writes the fixed header and makes room for the rest, unless the packet is too large. */
    private boolean begin(ByteBuf out, PacketType type, int flags, int length) {
        int size = 1 + sizeOfVarint(length) + length;
        if (length > Packet.MAXIMUM_SIZE_BYTES - 5 || size > maximumSizeBytes) {
            return false;
        }
        out.ensureWritable(size);
        out.writeByte(type.value() << 4 | flags);
        writeVarint(out, length);
        return true;
    }

    /**
     * What of the details fits.
     *
     * @param other bytes of variable header and payload without the properties and their length
     * @param otherProperties bytes of the other properties
     */
    private ReasonDetails fit(ReasonDetails details, int other, int otherProperties) {
        if (details == ReasonDetails.NONE || fits(details, other, otherProperties)) {
            return details;
        }
        ReasonDetails reason = ReasonDetails.of(details.reasonString());
        return fits(reason, other, otherProperties) ? reason : ReasonDetails.NONE;
    }

    private boolean fits(ReasonDetails details, int other, int otherProperties) {
        int properties = otherProperties + sizeOf(details);
        int length = other + sizeOfVarint(properties) + properties;
        return 1 + sizeOfVarint(length) + length <= maximumSizeBytes;
    }

    /**
     * Without Request Problem Information only PUBLISH, CONNACK and DISCONNECT carry details
     * [MQTT5-3.1.2-29].
     */
    private ReasonDetails wanted(ReasonDetails details) {
        return problemInformation ? details : ReasonDetails.NONE;
    }

    private boolean pubAck(PubAck p, ByteBuf out) {
        return acknowledge(PacketType.PUBACK, 0, p.packetId(), p.reasonCode(), p.details(), out);
    }

    private boolean pubRec(PubRec p, ByteBuf out) {
        return acknowledge(PacketType.PUBREC, 0, p.packetId(), p.reasonCode(), p.details(), out);
    }

    private boolean pubRel(PubRel p, ByteBuf out) {
        return acknowledge(PacketType.PUBREL, 2, p.packetId(), p.reasonCode(), p.details(), out);
    }

    private boolean pubComp(PubComp p, ByteBuf out) {
        return acknowledge(PacketType.PUBCOMP, 0, p.packetId(), p.reasonCode(), p.details(), out);
    }

    private boolean acknowledge(
            PacketType type,
            int flags,
            int packetId,
            ReasonCode reason,
            ReasonDetails details,
            ByteBuf out) {
        if (!mqtt5 || reason == ReasonCode.SUCCESS && details == ReasonDetails.NONE) {
            if (!begin(out, type, flags, 2)) {
                return false;
            }
            out.writeShort(packetId);
            return true;
        }
        ReasonDetails sent =
                fit(wanted(details), 3, 0); // [MQTT5-3.4.2-2] [MQTT5-3.4.2-3] and so on
        int properties = sizeOf(sent);
        int length = properties == 0 ? 3 : 3 + sizeOfVarint(properties) + properties;
        if (!begin(out, type, flags, length)) {
            return false;
        }
        out.writeShort(packetId).writeByte(reason.code());
        if (properties > 0) {
            writeVarint(out, properties);
            write(out, sent);
        }
        return true;
    }

    private boolean publish(Publish p, ByteBuf out) {
        int topic = p.topic() == null ? 0 : p.topic().utf8().length;
        int id = p.qos() == Qos.AT_MOST_ONCE ? 0 : 2;
        int properties =
                mqtt5
                        ? sizeOf(p.properties())
                                + PropertyWriter.sizeOfDelivery(
                                        p.topicAlias(), p.subscriptionIdentifiers())
                        : 0;
        int length =
                2
                        + topic
                        + id
                        + (mqtt5 ? sizeOfVarint(properties) + properties : 0)
                        + p.payload().length;
        int flags = (p.dup() ? 8 : 0) | p.qos().value() << 1 | (p.retain() ? 1 : 0);
        if (!begin(out, PacketType.PUBLISH, flags, length)) {
            return false;
        }
        out.writeShort(topic);
        if (p.topic() != null) {
            out.writeBytes(p.topic().utf8());
        }
        if (id > 0) {
            out.writeShort(p.packetId());
        }
        if (mqtt5) {
            writeVarint(out, properties);
            write(out, p.properties());
            PropertyWriter.writeDelivery(out, p.topicAlias(), p.subscriptionIdentifiers());
        }
        out.writeBytes(p.payload());
        return true;
    }

    private boolean connect(Connect p, ByteBuf out) {
        String name = version.protocolName();
        Will will = p.will();
        int properties = mqtt5 ? sizeOf(p.properties()) : 0;
        int length = sizeOfString(name) + 4 + sizeOfString(p.clientId());
        length += mqtt5 ? sizeOfVarint(properties) + properties : 0;
        int flags = p.cleanStart() ? 2 : 0;
        int willProperties = 0;
        if (will != null) {
            flags |= 4 | will.qos().value() << 3 | (will.retain() ? 0x20 : 0);
            willProperties =
                    PropertyWriter.sizeOfWillDelay(will.delaySeconds()) + sizeOf(will.properties());
            length += mqtt5 ? sizeOfVarint(willProperties) + willProperties : 0;
            length += 2 + will.topic().utf8().length + sizeOfBinary(will.payload());
        }
        if (p.username() != null) {
            flags |= 0x80;
            length += sizeOfString(p.username());
        }
        byte[] password = p.password();
        if (password != null) {
            flags |= 0x40;
            length += sizeOfBinary(password);
        }
        if (!begin(out, PacketType.CONNECT, 0, length)) {
            return false;
        }
        writeString(out, name);
        out.writeByte(version.level()).writeByte(flags).writeShort(p.keepAliveSeconds());
        if (mqtt5) {
            writeVarint(out, properties);
            write(out, p.properties());
        }
        writeString(out, p.clientId());
        if (will != null) {
            if (mqtt5) {
                writeVarint(out, willProperties);
                PropertyWriter.writeWillDelay(out, will.delaySeconds());
                write(out, will.properties());
            }
            writeBinary(out, will.topic().utf8());
            writeBinary(out, will.payload());
        }
        if (p.username() != null) {
            writeString(out, p.username());
        }
        if (password != null) {
            writeBinary(out, password);
        }
        return true;
    }

    private boolean connAck(ConnAck p, ByteBuf out) {
        int code = mqtt5 ? p.reasonCode().code() : connectReturnCode(p.reasonCode());
        if (code < 0) {
            return false;
        }
        // Session Present did not exist in 3.1.
        int flags = p.sessionPresent() && version != ProtocolVersion.MQTT_3_1 ? 1 : 0;
        if (!mqtt5) {
            if (!begin(out, PacketType.CONNACK, 0, 2)) {
                return false;
            }
            out.writeByte(flags).writeByte(code);
            return true;
        }
        int others = sizeOf(p.properties());
        ReasonDetails details =
                fit(p.properties().details(), 2, others); // [MQTT5-3.2.2-19] [MQTT5-3.2.2-20]
        int properties = others + sizeOf(details);
        if (!begin(out, PacketType.CONNACK, 0, 2 + sizeOfVarint(properties) + properties)) {
            return false;
        }
        out.writeByte(flags).writeByte(code);
        writeVarint(out, properties);
        write(out, p.properties());
        write(out, details);
        return true;
    }

    private boolean subscribe(Subscribe p, ByteBuf out) {
        int properties =
                PropertyWriter.sizeOfSubscriptionIdentifier(p.subscriptionIdentifier())
                        + sizeOf(p.userProperties());
        int length = 2 + (mqtt5 ? sizeOfVarint(properties) + properties : 0);
        for (Subscribe.Entry entry : p.entries()) {
            length += sizeOfString(entry.filter().value()) + 1;
        }
        if (!begin(out, PacketType.SUBSCRIBE, 2, length)) {
            return false;
        }
        out.writeShort(p.packetId());
        if (mqtt5) {
            writeVarint(out, properties);
            PropertyWriter.writeSubscriptionIdentifier(out, p.subscriptionIdentifier());
            write(out, p.userProperties());
        }
        for (Subscribe.Entry entry : p.entries()) {
            writeString(out, entry.filter().value());
            int options = entry.maximumQos().value();
            if (mqtt5) {
                options |=
                        (entry.noLocal() ? 4 : 0)
                                | (entry.retainAsPublished() ? 8 : 0)
                                | entry.retainHandling().value() << 4;
            }
            out.writeByte(options);
        }
        return true;
    }

    private boolean subAck(SubAck p, ByteBuf out) {
        List<ReasonCode> reasons = p.reasonCodes();
        if (mqtt5) {
            return acknowledgeAll(PacketType.SUBACK, p.packetId(), p.details(), reasons, out);
        }
        if (!begin(out, PacketType.SUBACK, 0, 2 + reasons.size())) {
            return false;
        }
        out.writeShort(p.packetId());
        for (int i = 0; i < reasons.size(); i++) {
            ReasonCode reason = reasons.get(i);
            out.writeByte(reason.isError() ? 0x80 : reason.code()); // [MQTT311-3.9.3-2]
        }
        return true;
    }

    private boolean acknowledgeAll(
            PacketType type,
            int packetId,
            ReasonDetails details,
            List<ReasonCode> reasons,
            ByteBuf out) {
        int other = 2 + reasons.size();
        ReasonDetails sent = fit(wanted(details), other, 0);
        int properties = sizeOf(sent);
        if (!begin(out, type, 0, other + sizeOfVarint(properties) + properties)) {
            return false;
        }
        out.writeShort(packetId);
        writeVarint(out, properties);
        write(out, sent);
        for (int i = 0; i < reasons.size(); i++) {
            out.writeByte(reasons.get(i).code());
        }
        return true;
    }

    private boolean unsubscribe(Unsubscribe p, ByteBuf out) {
        int properties = sizeOf(p.userProperties());
        int length = 2 + (mqtt5 ? sizeOfVarint(properties) + properties : 0);
        for (int i = 0; i < p.filters().size(); i++) {
            length += sizeOfString(p.filters().get(i).value());
        }
        if (!begin(out, PacketType.UNSUBSCRIBE, 2, length)) {
            return false;
        }
        out.writeShort(p.packetId());
        if (mqtt5) {
            writeVarint(out, properties);
            write(out, p.userProperties());
        }
        for (int i = 0; i < p.filters().size(); i++) {
            writeString(out, p.filters().get(i).value());
        }
        return true;
    }

    private boolean unsubAck(UnsubAck p, ByteBuf out) {
        if (mqtt5) {
            return acknowledgeAll(
                    PacketType.UNSUBACK, p.packetId(), p.details(), p.reasonCodes(), out);
        }
        if (!begin(out, PacketType.UNSUBACK, 0, 2)) {
            return false;
        }
        out.writeShort(p.packetId());
        return true;
    }

    private boolean disconnect(Disconnect p, ByteBuf out) {
        if (!mqtt5) {
            // Only the client's DISCONNECT exists in MQTT 3, and it has no reason.
            return p.reasonCode() == ReasonCode.SUCCESS && begin(out, PacketType.DISCONNECT, 0, 0);
        }
        int others = PropertyWriter.sizeOfDisconnect(p);
        ReasonDetails details = fit(p.details(), 1, others); // [MQTT5-3.14.2-3] [MQTT5-3.14.2-4]
        int properties = others + sizeOf(details);
        int length =
                properties > 0
                        ? 1 + sizeOfVarint(properties) + properties
                        : p.reasonCode() == ReasonCode.SUCCESS ? 0 : 1;
        if (!begin(out, PacketType.DISCONNECT, 0, length)) {
            return false;
        }
        if (length > 0) {
            out.writeByte(p.reasonCode().code());
        }
        if (properties > 0) {
            writeVarint(out, properties);
            PropertyWriter.writeDisconnect(out, p);
            write(out, details);
        }
        return true;
    }

    private boolean auth(Auth p, ByteBuf out) {
        if (!mqtt5) {
            return false;
        }
        int others = PropertyWriter.sizeOfAuth(p);
        ReasonDetails details =
                fit(wanted(p.details()), 1, others); // [MQTT5-3.15.2-2] [MQTT5-3.15.2-3]
        int properties = others + sizeOf(details);
        if (properties == 0 && p.reasonCode() == ReasonCode.SUCCESS) {
            return begin(out, PacketType.AUTH, 0, 0);
        }
        if (!begin(out, PacketType.AUTH, 0, 1 + sizeOfVarint(properties) + properties)) {
            return false;
        }
        out.writeByte(p.reasonCode().code());
        writeVarint(out, properties);
        PropertyWriter.writeAuth(out, p);
        write(out, details);
        return true;
    }
}
