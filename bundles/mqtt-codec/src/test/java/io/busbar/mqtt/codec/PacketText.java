package io.busbar.mqtt.codec;

import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.UserProperty;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A packet with all its fields on one line, for the vectors: what is absent is not written. */
public final class PacketText {
    private final StringBuilder text = new StringBuilder();

    private PacketText() {}

    public static String of(Packet packet) {
        PacketText text = new PacketText();
        text.packet(packet);
        return text.text.toString();
    }

    private void packet(Packet packet) {
        text.append(packet.type());
        switch (packet.type()) {
            case CONNECT -> connect((Connect) packet);
            case CONNACK -> connAck((ConnAck) packet);
            case PUBLISH -> publish((Publish) packet);
            case PUBACK -> {
                PubAck p = (PubAck) packet;
                word("id=" + p.packetId()).word(p.reasonCode()).details(p.details());
            }
            case PUBREC -> {
                PubRec p = (PubRec) packet;
                word("id=" + p.packetId()).word(p.reasonCode()).details(p.details());
            }
            case PUBREL -> {
                PubRel p = (PubRel) packet;
                word("id=" + p.packetId()).word(p.reasonCode()).details(p.details());
            }
            case PUBCOMP -> {
                PubComp p = (PubComp) packet;
                word("id=" + p.packetId()).word(p.reasonCode()).details(p.details());
            }
            case SUBSCRIBE -> subscribe((Subscribe) packet);
            case SUBACK -> {
                SubAck p = (SubAck) packet;
                word("id=" + p.packetId()).word(p.reasonCodes()).details(p.details());
            }
            case UNSUBSCRIBE -> {
                Unsubscribe p = (Unsubscribe) packet;
                word("id=" + p.packetId()).word(p.filters()).users(p.userProperties());
            }
            case UNSUBACK -> {
                UnsubAck p = (UnsubAck) packet;
                word("id=" + p.packetId()).word(p.reasonCodes()).details(p.details());
            }
            case DISCONNECT -> {
                Disconnect p = (Disconnect) packet;
                word(p.reasonCode())
                        .number("sessionExpiry", p.sessionExpiryIntervalSeconds(), -1)
                        .value("serverReference", p.serverReference())
                        .details(p.details());
            }
            case AUTH -> {
                Auth p = (Auth) packet;
                word(p.reasonCode())
                        .value("method", p.authenticationMethod())
                        .bytes("data", p.authenticationData())
                        .details(p.details());
            }
            default -> {}
        }
    }

    private void connect(Connect p) {
        ConnectProperties c = p.properties();
        word(p.version().text())
                .value("client", p.clientId())
                .flag(p.cleanStart(), "clean")
                .word("keepAlive=" + p.keepAliveSeconds())
                .value("user", p.username())
                .bytes("password", p.password());
        number("sessionExpiry", c.sessionExpiryIntervalSeconds(), 0)
                .number("receiveMaximum", c.receiveMaximum(), 65535)
                .number("maximumPacketSize", c.maximumPacketSizeBytes(), Packet.MAXIMUM_SIZE_BYTES)
                .number("topicAliasMaximum", c.topicAliasMaximum(), 0)
                .flag(c.requestResponseInformation(), "requestResponse")
                .flag(!c.requestProblemInformation(), "noProblem")
                .users(c.userProperties())
                .value("method", c.authenticationMethod())
                .bytes("data", c.authenticationData());
        Will will = p.will();
        if (will != null) {
            text.append(" will=[").append(will.topic());
            word("qos=" + will.qos().value())
                    .flag(will.retain(), "retain")
                    .number("delay", will.delaySeconds(), 0)
                    .bytes("payload", will.payload())
                    .message(will.properties());
            text.append(']');
        }
    }

    private void connAck(ConnAck p) {
        ConnAckProperties c = p.properties();
        word(p.reasonCode())
                .flag(p.sessionPresent(), "present")
                .number("sessionExpiry", c.sessionExpiryIntervalSeconds(), -1)
                .number("receiveMaximum", c.receiveMaximum(), 65535)
                .flag(c.maximumQos() != Qos.EXACTLY_ONCE, "maximumQos=" + c.maximumQos().value())
                .flag(!c.retainAvailable(), "noRetain")
                .number("maximumPacketSize", c.maximumPacketSizeBytes(), Packet.MAXIMUM_SIZE_BYTES)
                .value("assigned", c.assignedClientId())
                .number("topicAliasMaximum", c.topicAliasMaximum(), 0)
                .flag(!c.wildcardSubscriptionAvailable(), "noWildcard")
                .flag(!c.subscriptionIdentifiersAvailable(), "noSubscriptionIdentifier")
                .flag(!c.sharedSubscriptionAvailable(), "noShared")
                .number("serverKeepAlive", c.serverKeepAliveSeconds(), -1)
                .value("responseInformation", c.responseInformation())
                .value("serverReference", c.serverReference())
                .value("method", c.authenticationMethod())
                .bytes("data", c.authenticationData())
                .details(c.details());
    }

    private void publish(Publish p) {
        word(p.topic() == null ? "-" : p.topic().value())
                .word("qos=" + p.qos().value())
                .number("id", p.packetId(), 0)
                .flag(p.retain(), "retain")
                .flag(p.dup(), "dup")
                .number("alias", p.topicAlias(), 0)
                .bytes("payload", p.payload())
                .message(p.properties())
                .flag(
                        p.subscriptionIdentifiers().length > 0,
                        "identifiers=" + Arrays.toString(p.subscriptionIdentifiers()));
    }

    private void subscribe(Subscribe p) {
        word("id=" + p.packetId())
                .number("identifier", p.subscriptionIdentifier(), 0)
                .users(p.userProperties());
        for (Subscribe.Entry entry : p.entries()) {
            text.append(" [").append(entry.filter());
            word("qos=" + entry.maximumQos().value())
                    .flag(entry.noLocal(), "noLocal")
                    .flag(entry.retainAsPublished(), "retainAsPublished")
                    .flag(
                            entry.retainHandling() != RetainHandling.SEND,
                            entry.retainHandling().toString());
            text.append(']');
        }
    }

    private PacketText message(MessageProperties p) {
        return number("expiry", p.messageExpirySeconds(), -1)
                .number("format", p.payloadFormatIndicator(), -1)
                .value("contentType", p.contentType())
                .value("responseTopic", p.responseTopic())
                .bytes("correlation", p.correlationData())
                .users(p.userProperties());
    }

    private PacketText details(ReasonDetails p) {
        return value("reason", p.reasonString()).users(p.userProperties());
    }

    private PacketText users(List<UserProperty> properties) {
        for (UserProperty property : properties) {
            word("user[" + property.name() + "=" + property.value() + "]");
        }
        return this;
    }

    private PacketText word(Object word) {
        text.append(' ').append(word);
        return this;
    }

    private PacketText flag(boolean set, String word) {
        return set ? word(word) : this;
    }

    private PacketText number(String name, long value, long absent) {
        return value == absent ? this : word(name + "=" + value);
    }

    private PacketText value(String name, @Nullable String value) {
        return value == null ? this : word(name + "=" + value);
    }

    private PacketText bytes(String name, byte @Nullable [] value) {
        return value == null ? this : word(name + "=" + HexFormat.of().formatHex(value));
    }
}
