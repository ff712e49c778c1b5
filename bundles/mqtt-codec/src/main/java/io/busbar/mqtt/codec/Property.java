package io.busbar.mqtt.codec;

/** The property identifiers of MQTT 5.0 section 2.2.2.2, and which packets may carry which. */
final class Property {
    static final int PAYLOAD_FORMAT_INDICATOR = 0x01;
    static final int MESSAGE_EXPIRY_INTERVAL = 0x02;
    static final int CONTENT_TYPE = 0x03;
    static final int RESPONSE_TOPIC = 0x08;
    static final int CORRELATION_DATA = 0x09;
    static final int SUBSCRIPTION_IDENTIFIER = 0x0B;
    static final int SESSION_EXPIRY_INTERVAL = 0x11;
    static final int ASSIGNED_CLIENT_IDENTIFIER = 0x12;
    static final int SERVER_KEEP_ALIVE = 0x13;
    static final int AUTHENTICATION_METHOD = 0x15;
    static final int AUTHENTICATION_DATA = 0x16;
    static final int REQUEST_PROBLEM_INFORMATION = 0x17;
    static final int WILL_DELAY_INTERVAL = 0x18;
    static final int REQUEST_RESPONSE_INFORMATION = 0x19;
    static final int RESPONSE_INFORMATION = 0x1A;
    static final int SERVER_REFERENCE = 0x1C;
    static final int REASON_STRING = 0x1F;
    static final int RECEIVE_MAXIMUM = 0x21;
    static final int TOPIC_ALIAS_MAXIMUM = 0x22;
    static final int TOPIC_ALIAS = 0x23;
    static final int MAXIMUM_QOS = 0x24;
    static final int RETAIN_AVAILABLE = 0x25;
    static final int USER_PROPERTY = 0x26;
    static final int MAXIMUM_PACKET_SIZE = 0x27;
    static final int WILDCARD_SUBSCRIPTION_AVAILABLE = 0x28;
    static final int SUBSCRIPTION_IDENTIFIER_AVAILABLE = 0x29;
    static final int SHARED_SUBSCRIPTION_AVAILABLE = 0x2A;

    private static final int LAST = SHARED_SUBSCRIPTION_AVAILABLE;

    /** Sets of properties: the bit 1 << identifier. */
    static final long IN_REASON = set(REASON_STRING, USER_PROPERTY);

    static final long IN_MESSAGE =
            set(
                    PAYLOAD_FORMAT_INDICATOR,
                    MESSAGE_EXPIRY_INTERVAL,
                    CONTENT_TYPE,
                    RESPONSE_TOPIC,
                    CORRELATION_DATA,
                    USER_PROPERTY);
    static final long IN_WILL = IN_MESSAGE | set(WILL_DELAY_INTERVAL);
    static final long IN_PUBLISH = IN_MESSAGE | set(TOPIC_ALIAS, SUBSCRIPTION_IDENTIFIER);
    static final long IN_CONNECT =
            set(
                    SESSION_EXPIRY_INTERVAL,
                    AUTHENTICATION_METHOD,
                    AUTHENTICATION_DATA,
                    REQUEST_PROBLEM_INFORMATION,
                    REQUEST_RESPONSE_INFORMATION,
                    RECEIVE_MAXIMUM,
                    TOPIC_ALIAS_MAXIMUM,
                    USER_PROPERTY,
                    MAXIMUM_PACKET_SIZE);
    static final long IN_CONNACK =
            IN_REASON
                    | set(
                            SESSION_EXPIRY_INTERVAL,
                            ASSIGNED_CLIENT_IDENTIFIER,
                            SERVER_KEEP_ALIVE,
                            AUTHENTICATION_METHOD,
                            AUTHENTICATION_DATA,
                            RESPONSE_INFORMATION,
                            SERVER_REFERENCE,
                            RECEIVE_MAXIMUM,
                            TOPIC_ALIAS_MAXIMUM,
                            MAXIMUM_QOS,
                            RETAIN_AVAILABLE,
                            MAXIMUM_PACKET_SIZE,
                            WILDCARD_SUBSCRIPTION_AVAILABLE,
                            SUBSCRIPTION_IDENTIFIER_AVAILABLE,
                            SHARED_SUBSCRIPTION_AVAILABLE);
    static final long IN_SUBSCRIBE = set(SUBSCRIPTION_IDENTIFIER, USER_PROPERTY);
    static final long IN_UNSUBSCRIBE = set(USER_PROPERTY);
    static final long IN_DISCONNECT = IN_REASON | set(SESSION_EXPIRY_INTERVAL, SERVER_REFERENCE);
    static final long IN_AUTH = IN_REASON | set(AUTHENTICATION_METHOD, AUTHENTICATION_DATA);

    private static final long KNOWN =
            IN_WILL | IN_PUBLISH | IN_CONNECT | IN_CONNACK | IN_DISCONNECT | IN_AUTH;

    private Property() {}

    static boolean isKnown(int identifier) {
        return identifier <= LAST && contains(KNOWN, identifier);
    }

    static boolean contains(long set, int identifier) {
        return (set & 1L << identifier) != 0;
    }

    private static long set(int... identifiers) {
        long set = 0;
        for (int identifier : identifiers) {
            set |= 1L << identifier;
        }
        return set;
    }
}
