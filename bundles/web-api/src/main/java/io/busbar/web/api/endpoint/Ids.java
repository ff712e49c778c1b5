package io.busbar.web.api.endpoint;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads ids that clients send. */
final class Ids {
    private Ids() {}

    /** The id that a text is; null if it is none. */
    static @Nullable UUID parse(@Nullable String text) {
        try {
            return text == null ? null : UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
