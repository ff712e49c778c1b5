package io.busbar.transfer;

import io.busbar.api.storage.StoreBatch.OutboundState;
import io.busbar.json.JsonMapper;
import io.busbar.json.OptionalKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A line of an export. The components of the records are the keys in the file, which docs/state.md
 * describes: they do not change without a new {@link Header#version}.
 */
sealed interface Line {
    /** The lines by their {@code type}. */
    Map<String, Class<? extends Line>> TYPES =
            Map.of(
                    "busbar-state",
                    Header.class,
                    Moved.TYPE,
                    Moved.class,
                    "retained",
                    Retained.class,
                    "session",
                    SessionLine.class,
                    "subscription",
                    SubscriptionLine.class,
                    "message",
                    Queued.class,
                    "end",
                    End.class);

    /** Reads lines, and writes what is behind their type; unknown keys are left out. */
    JsonMapper MAPPER =
            JsonMapper.builder().tolerateUnknownKeys().variants(Line.class, "type", TYPES).build();

    /** The latest moment that RFC 3339 can write. */
    Instant LATEST = Instant.parse("9999-12-31T23:59:59.999Z");

    /** As it stands in a file, without the end of the line. */
    static String write(Line line) {
        for (Map.Entry<String, Class<? extends Line>> type : TYPES.entrySet()) {
            if (type.getValue() == line.getClass()) {
                return typed(type.getKey(), MAPPER.write(line));
            }
        }
        throw new IllegalArgumentException(line + ": no line");
    }

    /** Puts the type before the other keys of an object that has some. */
    static String typed(String type, String json) {
        return "{\"type\":\"" + type + "\"," + json.substring(1);
    }

    /**
     * Reads a line.
     *
     * @throws IllegalArgumentException if it is none; the message says where
     */
    static Line read(String text) {
        return MAPPER.read(text, Line.class);
    }

    /**
     * A moment in milliseconds since the epoch.
     *
     * @throws IllegalArgumentException if it is before that, or too far in the future
     */
    static long millis(String key, Instant moment) {
        if (moment.isBefore(Instant.EPOCH) || moment.isAfter(LATEST)) {
            throw new IllegalArgumentException(key + " is " + moment + " (expected: 1970 to 9999)");
        }
        return moment.toEpochMilli();
    }

    /** The first line. */
    record Header(
            int version,
            @OptionalKey String server,
            @OptionalKey @Nullable Instant exportedAt,
            @OptionalKey List<String> parts)
            implements Line {
        /** The version that this server writes, and the newest that it reads. */
        static final int VERSION = 1;
    }

    /** A credential; its other keys are the business of those who keep it. */
    record Moved() implements Line {
        static final String TYPE = "credential";
    }

    /** A retained message. */
    record Retained(MessageText message) implements Line {}

    /** A session, without what follows it in lines of its own. */
    record SessionLine(
            String clientId,
            String principalId,
            @OptionalKey String username,
            long expirySeconds,
            Instant createdAt,
            @OptionalKey @Nullable Instant disconnectedAt,
            @OptionalKey @Nullable MessageText will,
            @OptionalKey long willDelaySeconds,
            @OptionalKey List<Integer> inbound)
            implements Line {}

    /** A subscription of the session before it. */
    record SubscriptionLine(
            String clientId,
            String filter,
            int qos,
            @OptionalKey boolean noLocal,
            @OptionalKey boolean retainAsPublished,
            @OptionalKey int retainHandling,
            @OptionalKey int identifier)
            implements Line {}

    /** A message that is queued for the session before it. */
    record Queued(
            String clientId,
            int qos,
            @OptionalKey boolean retain,
            @OptionalKey List<Integer> subscriptionIdentifiers,
            @OptionalKey @Nullable String share,
            @OptionalKey int packetId,
            @OptionalKey @Nullable OutboundState state,
            MessageText message)
            implements Line {}

    /**
     * The last line.
     *
     * @param lines how many are before it
     * @param leftOut how many things were damaged, and are not there
     * @param leftOutNames the first of these
     */
    record End(long lines, @OptionalKey long leftOut, @OptionalKey List<String> leftOutNames)
            implements Line {}
}
