package io.busbar.mqtt.codec;

/**
 * Limits of a decoder. They are checked before a packet is read or buffered.
 *
 * @param connectSizeBytes largest CONNECT, and so the most that the server keeps for a client that
 *     is not authenticated yet
 * @param packetSizeBytes largest later packet: the Maximum Packet Size that CONNACK announces
 * @param userProperties most User Properties in one packet
 * @param topicFilters most Topic Filters in one SUBSCRIBE or UNSUBSCRIBE
 */
public record DecoderLimits(
        int connectSizeBytes, int packetSizeBytes, int userProperties, int topicFilters) {
    /** More than anybody subscribes to at once, and few enough for the memory they take. */
    public static final int TOPIC_FILTERS_DEFAULT = 10_000;

    /**
     * 72 KiB for CONNECT, which leaves room for the largest Will Payload; 1 MiB for others; 256
     * User Properties.
     */
    public static final DecoderLimits DEFAULT = new DecoderLimits(72 << 10, 1 << 20, 256);

    public DecoderLimits {
        check("connectSizeBytes", connectSizeBytes, 64, Packet.MAXIMUM_SIZE_BYTES);
        check("packetSizeBytes", packetSizeBytes, 64, Packet.MAXIMUM_SIZE_BYTES);
        check("userProperties", userProperties, 0, Integer.MAX_VALUE);
        check("topicFilters", topicFilters, 1, Integer.MAX_VALUE);
    }

    /** With the default for topic filters. */
    public DecoderLimits(int connectSizeBytes, int packetSizeBytes, int userProperties) {
        this(connectSizeBytes, packetSizeBytes, userProperties, TOPIC_FILTERS_DEFAULT);
    }

    private static void check(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    name + ": " + value + " (expected: " + min + ".." + max + ")");
        }
    }
}
