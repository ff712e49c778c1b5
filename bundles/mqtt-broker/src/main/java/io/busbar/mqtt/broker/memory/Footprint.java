package io.busbar.mqtt.broker.memory;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.mqtt.UserProperty;
import java.util.List;

/**
 * How many bytes of the heap things take, with the objects that they are made of: as on a 64-bit
 * JVM with compressed pointers, rounded up. Text that others share is counted nevertheless.
 */
public final class Footprint {
    /** A text without its characters. */
    private static final int TEXT = 48;

    private static final int ARRAY = 24;
    private static final int ENTRY = 24;

    /** A Message and the array of its payload. */
    private static final int MESSAGE = 48 + ARRAY;

    private static final int PROPERTIES = 88;

    /** A Routed, and a message in one of its forms on the wire. */
    private static final int ROUTED = 48 + 64 + 64 + ARRAY;

    /** A level of a tree: its node, its map of children and its place in that of its parent. */
    public static final int LEVEL = 160;

    /**
     * What a session is made of while its client is away, with its place among all, without its
     * name.
     */
    private static final int SESSION = 120;

    /** The same in a store that keeps it in memory. */
    private static final int STORED_SESSION = 2_200;

    /** What there is in addition while its client is connected. */
    public static final int PRESENCE = 1_900;

    /** A message's place in the queue of a session, and in a store that keeps it in memory. */
    public static final int OWED = 240;

    /** A message of QoS 2 that is being taken over; or what marks who has it, with its place. */
    public static final int RECEIPT = 160;

    /** What a session has for messages of QoS 2 from its client, without any. */
    public static final int INBOUND = 200;

    /** So many Packet Identifiers are together in a store that keeps them in memory. */
    public static final int INBOUND_PLACES = 16;

    /** What they take there, be it one or all of them, that wait for PUBREL. */
    public static final int INBOUND_PAGE = 200;

    /** What a session has for marks that were there when the server started, without any. */
    public static final int MARKS = 160;

    /** One of them, without whom it names. */
    public static final int MARK = 240;

    /** A subscription without its filter. */
    private static final int SUBSCRIPTION = 56;

    /** The same in a store that keeps it in memory. */
    private static final int STORED_SUBSCRIPTION = 160;

    /** A longer filter does not stay in memory for one of its levels in the tree. */
    public static final int MAX_SHARED_TEXT = 128;

    /** A level of the tree of subscriptions, with its place in that above. */
    private static final int FILTER_LEVEL = 36;

    /** A topic's place among those that a loop remembers, and one subscriber of it. */
    private static final int ROUTE = 48 + 32 + 2 * ARRAY;

    private static final int MATCH = 4 + 48;

    private Footprint() {}

    /** A text that is kept for long, which is worth a look at its characters. */
    public static int name(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0xFF) {
                return TEXT + 2 * text.length();
            }
        }
        return TEXT + text.length();
    }

    /** A topic name: its text and its bytes. */
    public static int topic(TopicName topic) {
        int bytes = topic.utf8().length;
        int characters = topic.value().length();
        return 24 + TEXT + (bytes == characters ? characters : 2 * characters) + ARRAY + bytes;
    }

    private static int properties(Message message) {
        MessageProperties properties = message.properties();
        if (properties.isEmpty()) {
            return 0;
        }
        String contentType = properties.contentType();
        String responseTopic = properties.responseTopic();
        byte[] correlation = properties.correlationData();
        int texts = (contentType == null ? 0 : 1) + (responseTopic == null ? 0 : 1);
        int characters =
                (contentType == null ? 0 : contentType.length())
                        + (responseTopic == null ? 0 : responseTopic.length());
        List<UserProperty> user = properties.userProperties();
        for (int i = 0; i < user.size(); i++) {
            UserProperty property = user.get(i);
            characters += property.name().length() + property.value().length();
        }
        int data = correlation == null ? 0 : correlation.length;
        int utf8 =
                message.sizeBytes()
                        - message.topic().utf8().length
                        - message.payload().length
                        - data;
        return PROPERTIES
                + (correlation == null ? 0 : ARRAY + data)
                + user.size() * (ENTRY + 8)
                + (texts + 2 * user.size()) * TEXT
                // If none is more than a byte in UTF-8, none takes two in memory.
                + (utf8 == characters ? characters : 2 * characters);
    }

    /** A message as it is kept. */
    public static int message(Message message) {
        return MESSAGE + message.payload().length + topic(message.topic()) + properties(message);
    }

    /** A message that is being delivered, with what it is encoded to. */
    public static int routed(Message message) {
        int properties = properties(message);
        return ROUTED
                + MESSAGE
                + message.payload().length
                + topic(message.topic())
                + message.topic().utf8().length
                + 2 * properties;
    }

    /** A topic with so many subscribers that were found for it. */
    public static int route(TopicName topic, int subscribers) {
        return ROUTE + topic(topic) + subscribers * MATCH;
    }

    /** A level of a tree of topics. */
    public static int level(String level) {
        return LEVEL + TEXT + level.length();
    }

    /**
     * A session that has nothing yet.
     *
     * @param paged whether the store is not in memory
     */
    public static int session(String clientId, boolean paged) {
        return SESSION + name(clientId) + (paged ? 0 : STORED_SESSION);
    }

    /**
     * A subscription, with its filter's way through the tree.
     *
     * @param paged whether the store is not in memory
     */
    public static int subscription(String filter, boolean paged) {
        int levels = 1;
        for (int i = 0; i < filter.length(); i++) {
            levels += filter.charAt(i) == '/' ? 1 : 0;
        }
        int name = name(filter);
        return SUBSCRIPTION
                + name
                // The levels of a long one have texts of their own.
                + (filter.length() <= MAX_SHARED_TEXT ? 0 : name + levels * TEXT)
                + levels * FILTER_LEVEL
                + (paged ? 0 : STORED_SUBSCRIPTION);
    }
}
