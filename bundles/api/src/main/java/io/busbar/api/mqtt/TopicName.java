package io.busbar.api.mqtt;

import java.nio.charset.StandardCharsets;

/**
 * The topic that a message is published to. At least one character, at most 65,535 bytes of UTF-8,
 * no wildcard and no U+0000 [MQTT5-4.7.3-1] [MQTT5-4.7.3-2] [MQTT5-4.7.3-3] [MQTT5-3.3.2-2].
 *
 * <p>Levels are separated by '/' and may be empty. Names are compared byte by byte, without Unicode
 * normalisation [MQTT5-4.7.3-4]. Immutable and thread-safe.
 */
public final class TopicName implements Comparable<TopicName> {
    private final String value;
    private final byte[] utf8;

    /**
     * Computed when first asked for; 0 until then. Two threads may compute it at the same time,
     * which is harmless: both get the same number.
     */
    private int levelCount;

    private TopicName(String value, byte[] utf8) {
        this.value = value;
        this.utf8 = utf8;
    }

    /**
     * Creates a topic name from text.
     *
     * @throws IllegalArgumentException if the text is not a topic name; the message says why
     */
    public static TopicName of(String value) {
        String problem = problemOf(value);
        if (problem != null) {
            throw new IllegalArgumentException("topic name: " + problem);
        }
        return new TopicName(value, value.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns in a few words why the text is not a topic name, or null if it is one. */
    public static @org.jspecify.annotations.Nullable String problemOf(String value) {
        if (value.isEmpty()) {
            return "is empty";
        }
        int bytes = Utf8.length(value);
        if (bytes < 0) {
            return "holds U+0000 or an unpaired surrogate";
        }
        if (bytes > Utf8.MAX_BYTES) {
            return bytes + " bytes (expected: at most " + Utf8.MAX_BYTES + ")";
        }
        if (value.indexOf('+') >= 0 || value.indexOf('#') >= 0) {
            return "holds a wildcard";
        }
        return null;
    }

    /** The name as text. */
    public String value() {
        return value;
    }

    /** The name in UTF-8, as it is sent. The array is shared and must not be modified. */
    public byte[] utf8() {
        return utf8;
    }

    /**
     * Whether the name begins with '$'. Filters that begin with a wildcard do not match such topics
     * [MQTT5-4.7.2-1].
     */
    public boolean isSystem() {
        return value.charAt(0) == '$';
    }

    /** The number of levels, 1 or more. Computed once. */
    public int levelCount() {
        int count = levelCount;
        if (count == 0) {
            count = 1;
            for (int i = value.indexOf('/'); i >= 0; i = value.indexOf('/', i + 1)) {
                count++;
            }
            levelCount = count;
        }
        return count;
    }

    @Override
    public int compareTo(TopicName other) {
        return value.compareTo(other.value);
    }

    @Override
    public boolean equals(Object other) {
        return this == other || other instanceof TopicName name && value.equals(name.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return value;
    }
}
