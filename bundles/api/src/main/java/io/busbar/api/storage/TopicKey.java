package io.busbar.api.storage;

import io.busbar.api.mqtt.TopicName;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A topic, or the beginning of one, in the order in which retained messages are kept: level by
 * level, each by its bytes in UTF-8, so that everything below a level stands together and directly
 * behind it. Immutable and thread-safe.
 *
 * <p>Its bytes are those of the topic with 0 in place of '/', which no topic contains
 * [MQTT5-1.5.4-2]. Keys are compared byte by byte without sign.
 */
public final class TopicKey implements Comparable<TopicKey> {
    private final byte[] bytes;

    private TopicKey(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The key of a topic. */
    public static TopicKey of(TopicName topic) {
        return of(topic.utf8().clone());
    }

    /** The key of a topic or of any beginning of one, as people write it; may be empty. */
    public static TopicKey of(String beginning) {
        return of(beginning.getBytes(StandardCharsets.UTF_8));
    }

    private static TopicKey of(byte[] utf8) {
        for (int i = 0; i < utf8.length; i++) {
            if (utf8[i] == '/') {
                utf8[i] = 0;
            }
        }
        return new TopicKey(utf8);
    }

    /** A key from its {@link #bytes}, which must not be modified afterwards. */
    public static TopicKey ofBytes(byte[] bytes) {
        return new TopicKey(bytes);
    }

    /** Its bytes. The array is shared and must not be modified. */
    public byte[] bytes() {
        return bytes;
    }

    /** The topic that it is the key of. */
    public TopicName topic() {
        return TopicName.of(new String(utf8(bytes.clone()), StandardCharsets.UTF_8));
    }

    /** Makes a key's bytes those of its topic in UTF-8, in place. */
    public static byte[] utf8(byte[] keyBytes) {
        for (int i = 0; i < keyBytes.length; i++) {
            if (keyBytes[i] == 0) {
                keyBytes[i] = '/';
            }
        }
        return keyBytes;
    }

    @Override
    public int compareTo(TopicKey other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TopicKey key && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return new String(bytes, StandardCharsets.UTF_8).replace('\0', '/');
    }
}
