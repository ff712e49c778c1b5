package io.busbar.mqtt.codec;

import static io.busbar.mqtt.codec.MalformedPacketException.malformed;
import static io.busbar.mqtt.codec.MalformedPacketException.protocolError;

import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.mqtt.UserProperty;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the properties of one packet, MQTT 5.0 section 2.2.2, into fields that the decoder picks
 * its record from. Reused for packet after packet, so that a packet without properties costs
 * nothing. Confined to its decoder.
 */
final class PropertyReader {
    private final int maximumUserProperties;

    /** Which properties the packet has, as a set of {@link Property}. */
    private long seen;

    private int payloadFormatIndicator;
    private long messageExpiryInterval;
    private @Nullable String contentType;
    private @Nullable String responseTopic;
    private byte @Nullable [] correlationData;
    private int[] subscriptionIdentifiers = Publish.NO_IDENTIFIERS;
    private @Nullable List<UserProperty> userProperties;
    private @Nullable String reasonString;

    long sessionExpiryInterval;
    @Nullable String assignedClientIdentifier;
    int serverKeepAlive;
    @Nullable String authenticationMethod;
    byte @Nullable [] authenticationData;
    boolean requestProblemInformation;
    boolean requestResponseInformation;
    long willDelayInterval;
    @Nullable String responseInformation;
    @Nullable String serverReference;
    int receiveMaximum;
    int topicAliasMaximum;
    int topicAlias;
    int maximumQos;
    boolean retainAvailable;
    int maximumPacketSize;
    boolean wildcardSubscriptionAvailable;
    boolean subscriptionIdentifierAvailable;
    boolean sharedSubscriptionAvailable;

    PropertyReader(int maximumUserProperties) {
        this.maximumUserProperties = maximumUserProperties;
        clear();
    }

    boolean has(int property) {
        return Property.contains(seen, property);
    }

    /**
     * Reads the length and the properties that follow.
     *
     * @param allowed what this type of packet may carry; others make it malformed, section 2.2.2.2
     * @param many what this packet may carry more than once beside User Property
     */
    void read(PacketReader in, long allowed, long many) {
        int length = in.varint();
        if (seen != 0) {
            clear();
        }
        if (length == 0) {
            return;
        }
        in.require(length);
        int end = in.limit(length);
        while (in.hasMore()) {
            int property = in.varint();
            if (!Property.isKnown(property)) {
                throw malformed("unknown property");
            }
            // A value that cannot be parsed is malformed before anything else, section 1.2.
            boolean again = has(property);
            readValue(in, property);
            if (!Property.contains(allowed, property)) {
                throw malformed("property " + property + " is not of this packet");
            }
            if (again && property != Property.USER_PROPERTY && !Property.contains(many, property)) {
                throw protocolError("property " + property + " twice");
            }
            seen |= 1L << property;
        }
        in.unlimit(end);
    }

    private void readValue(PacketReader in, int property) {
        switch (property) {
            case Property.PAYLOAD_FORMAT_INDICATOR -> payloadFormatIndicator = flag(in) ? 1 : 0;
            case Property.MESSAGE_EXPIRY_INTERVAL -> messageExpiryInterval = in.u32();
            case Property.CONTENT_TYPE -> contentType = in.string();
            case Property.RESPONSE_TOPIC -> responseTopic = responseTopic(in.string());
            case Property.CORRELATION_DATA -> correlationData = in.binary();
            case Property.SUBSCRIPTION_IDENTIFIER -> addSubscriptionIdentifier(in.varint());
            case Property.SESSION_EXPIRY_INTERVAL -> sessionExpiryInterval = in.u32();
            case Property.ASSIGNED_CLIENT_IDENTIFIER -> assignedClientIdentifier = in.string();
            case Property.SERVER_KEEP_ALIVE -> serverKeepAlive = in.u16();
            case Property.AUTHENTICATION_METHOD -> authenticationMethod = in.string();
            case Property.AUTHENTICATION_DATA -> authenticationData = in.binary();
            case Property.REQUEST_PROBLEM_INFORMATION -> requestProblemInformation = flag(in);
            case Property.WILL_DELAY_INTERVAL -> willDelayInterval = in.u32();
            case Property.REQUEST_RESPONSE_INFORMATION -> requestResponseInformation = flag(in);
            case Property.RESPONSE_INFORMATION -> responseInformation = in.string();
            case Property.SERVER_REFERENCE -> serverReference = in.string();
            case Property.REASON_STRING -> reasonString = in.string();
            case Property.RECEIVE_MAXIMUM -> receiveMaximum = positive(in.u16(), "Receive Maximum");
            case Property.TOPIC_ALIAS_MAXIMUM -> topicAliasMaximum = in.u16();
            case Property.TOPIC_ALIAS -> topicAlias = topicAlias(in.u16());
            case Property.MAXIMUM_QOS -> maximumQos = flag(in) ? 1 : 0;
            case Property.RETAIN_AVAILABLE -> retainAvailable = flag(in);
            case Property.USER_PROPERTY -> addUserProperty(in.string(), in.string());
            case Property.MAXIMUM_PACKET_SIZE -> maximumPacketSize = packetSize(in.u32());
            case Property.WILDCARD_SUBSCRIPTION_AVAILABLE ->
                    wildcardSubscriptionAvailable = flag(in);
            case Property.SUBSCRIPTION_IDENTIFIER_AVAILABLE ->
                    subscriptionIdentifierAvailable = flag(in);
            case Property.SHARED_SUBSCRIPTION_AVAILABLE -> sharedSubscriptionAvailable = flag(in);
            default -> throw malformed("unknown property");
        }
    }

    private static boolean flag(PacketReader in) {
        int value = in.u8();
        if (value > 1) {
            throw protocolError("property value " + value + " (expected: 0 or 1)");
        }
        return value == 1;
    }

    private static int positive(int value, String name) {
        if (value == 0) {
            throw protocolError(name + " 0");
        }
        return value;
    }

    private static int packetSize(long value) {
        if (value == 0) {
            throw protocolError("Maximum Packet Size 0");
        }
        return (int) Math.min(value, Packet.MAXIMUM_SIZE_BYTES);
    }

    private static int topicAlias(int value) {
        if (value == 0) {
            throw new MalformedPacketException(
                    ReasonCode.TOPIC_ALIAS_INVALID, "topic alias 0"); // [MQTT5-3.3.2-8]
        }
        return value;
    }

    private static String responseTopic(String text) {
        if (TopicName.problemOf(text) != null || PacketReader.hasControls(text)) {
            throw protocolError("response topic is not a topic name"); // [MQTT5-3.3.2-14]
        }
        return text;
    }

    private void addSubscriptionIdentifier(int value) {
        positive(value, "Subscription Identifier");
        int count = subscriptionIdentifiers.length;
        subscriptionIdentifiers = Arrays.copyOf(subscriptionIdentifiers, count + 1);
        subscriptionIdentifiers[count] = value;
    }

    private void addUserProperty(String name, String value) {
        if (userProperties == null) {
            userProperties = new ArrayList<>(4);
        }
        if (userProperties.size() == maximumUserProperties) {
            throw new MalformedPacketException(
                    ReasonCode.QUOTA_EXCEEDED, "too many user properties");
        }
        userProperties.add(new UserProperty(name, value));
    }

    private void clear() {
        seen = 0;
        payloadFormatIndicator = MessageProperties.ABSENT;
        messageExpiryInterval = MessageProperties.ABSENT;
        contentType = null;
        responseTopic = null;
        correlationData = null;
        subscriptionIdentifiers = Publish.NO_IDENTIFIERS;
        userProperties = null;
        reasonString = null;
        sessionExpiryInterval = MessageProperties.ABSENT;
        assignedClientIdentifier = null;
        serverKeepAlive = MessageProperties.ABSENT;
        authenticationMethod = null;
        authenticationData = null;
        requestProblemInformation = true;
        requestResponseInformation = false;
        willDelayInterval = 0;
        responseInformation = null;
        serverReference = null;
        receiveMaximum = ConnectProperties.RECEIVE_MAXIMUM_DEFAULT;
        topicAliasMaximum = 0;
        topicAlias = 0;
        maximumQos = Qos.EXACTLY_ONCE.value();
        retainAvailable = true;
        maximumPacketSize = Packet.MAXIMUM_SIZE_BYTES;
        wildcardSubscriptionAvailable = true;
        subscriptionIdentifierAvailable = true;
        sharedSubscriptionAvailable = true;
    }

    int[] subscriptionIdentifiers() {
        return subscriptionIdentifiers;
    }

    /** In the order they were sent [MQTT5-3.1.3-10] [MQTT5-3.3.2-18]. */
    List<UserProperty> userProperties() {
        return userProperties == null ? List.of() : Collections.unmodifiableList(userProperties);
    }

    ReasonDetails reasonDetails() {
        return (seen & Property.IN_REASON) == 0
                ? ReasonDetails.NONE
                : new ReasonDetails(reasonString, userProperties());
    }

    MessageProperties messageProperties() {
        return (seen & Property.IN_MESSAGE) == 0
                ? MessageProperties.NONE
                : new MessageProperties(
                        payloadFormatIndicator,
                        messageExpiryInterval,
                        contentType,
                        responseTopic,
                        correlationData,
                        userProperties());
    }

    ConnectProperties connectProperties() {
        return seen == 0
                ? ConnectProperties.NONE
                : new ConnectProperties(
                        Math.max(0, sessionExpiryInterval),
                        receiveMaximum,
                        maximumPacketSize,
                        topicAliasMaximum,
                        requestResponseInformation,
                        requestProblemInformation,
                        userProperties(),
                        authenticationMethod,
                        authenticationData);
    }

    ConnAckProperties connAckProperties() {
        return seen == 0
                ? ConnAckProperties.NONE
                : new ConnAckProperties(
                        sessionExpiryInterval,
                        receiveMaximum,
                        Qos.of(maximumQos),
                        retainAvailable,
                        maximumPacketSize,
                        assignedClientIdentifier,
                        topicAliasMaximum,
                        reasonDetails(),
                        wildcardSubscriptionAvailable,
                        subscriptionIdentifierAvailable,
                        sharedSubscriptionAvailable,
                        serverKeepAlive,
                        responseInformation,
                        serverReference,
                        authenticationMethod,
                        authenticationData);
    }
}
