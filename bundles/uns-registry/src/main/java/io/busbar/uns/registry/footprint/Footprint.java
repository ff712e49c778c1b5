package io.busbar.uns.registry.footprint;

import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.UserProperty;
import org.jspecify.annotations.Nullable;

/**
 * What texts, arrays and parts of messages take, with 64-bit references compressed to 4 bytes, as
 * in all heaps below 32 GiB. A test compares the sums with a real heap.
 */
public final class Footprint {
    /** A reference in an array or an object. */
    public static final int REFERENCE = 4;

    /** An entry of a hash map, with its share of the table. */
    public static final int HASH_ENTRY = 32 + 6;

    /** An entry of a skip list, with its share of the levels above. */
    public static final int SKIP_ENTRY = 24 + 32;

    /** The header of an array. */
    public static final int ARRAY = 16;

    private static final int STRING = 24;
    private static final int PROPERTIES = 48;
    private static final int USER_PROPERTY = 24 + REFERENCE;

    /**
     * All messages of a connection share one publisher. So only what is beyond an ordinary one is
     * counted with what keeps a message.
     */
    private static final int ORDINARY_PUBLISHER = 256;

    private Footprint() {}

    /** A text with its characters; nothing for null. */
    public static long of(@Nullable String text) {
        if (text == null) {
            return 0;
        }
        long bytes = text.length();
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0xFF) {
                bytes *= 2;
                break;
            }
        }
        return STRING + array(bytes);
    }

    /** An array of bytes; nothing for null or an empty one, which is shared. */
    public static long of(byte @Nullable [] bytes) {
        return bytes == null || bytes.length == 0 ? 0 : array(bytes.length);
    }

    /** An array whose elements take so many bytes. */
    public static long array(long bytes) {
        return ARRAY + (bytes + 7 & ~7L);
    }

    /** The properties of a message. */
    public static long of(MessageProperties properties) {
        if (properties == MessageProperties.NONE) {
            return 0;
        }
        long bytes =
                PROPERTIES
                        + of(properties.contentType())
                        + of(properties.responseTopic())
                        + of(properties.correlationData());
        for (UserProperty each : properties.userProperties()) {
            bytes += USER_PROPERTY + of(each.name()) + of(each.value());
        }
        return bytes;
    }

    /** What a publisher takes beyond an ordinary one. */
    public static long of(@Nullable Publisher publisher) {
        if (publisher == null) {
            return 0;
        }
        // Its identity is that of a credential and belongs to it.
        return Math.max(0, of(publisher.clientId()) + of(publisher.address()) - ORDINARY_PUBLISHER);
    }
}
