package io.busbar.mqtt.broker.feature;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;

/**
 * Which clients are sent to another server, MQTT 5.0 section 4.11.
 *
 * @param reference the other servers, in the form of a Server Reference: {@code host[:port]},
 *     separated by spaces; empty for none
 * @param when which clients are sent there
 */
public record Redirect(String reference, When when) {
    private static final int MAX_BYTES = 65_535;

    /** Nobody is sent elsewhere. */
    public static final Redirect NONE = new Redirect("", When.OVERLOAD);

    /** Which clients are sent to another server. */
    public enum When {
        /** Those for whom there is no room, and all when the server stops: 0x9C. */
        OVERLOAD,
        /** Everybody who connects: use another server for now, 0x9C. */
        TEMPORARY,
        /** Everybody who connects: use another server from now on, 0x9D. */
        PERMANENT;

        /** The choice of a configuration. */
        public static When of(String text) {
            for (When when : values()) {
                if (when.name().toLowerCase(Locale.ROOT).equals(text)) {
                    return when;
                }
            }
            throw new IllegalArgumentException(
                    "server.redirect: \""
                            + text
                            + "\" (expected: overload, temporary or permanent)");
        }
    }

    public Redirect {
        Objects.requireNonNull(reference, "reference");
        Objects.requireNonNull(when, "when");
        if (when != When.OVERLOAD && reference.isEmpty()) {
            throw new IllegalArgumentException(
                    "server.reference: empty (expected: a server, as server.redirect is not"
                            + " overload)");
        }
        if (reference.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES
                || reference.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    "server.reference: too long or with control characters (expected: servers,"
                            + " separated by spaces)");
        }
    }

    /** Whether there is another server. */
    public boolean isKnown() {
        return !reference.isEmpty();
    }

    /** Whether nobody is served here. */
    public boolean isForAll() {
        return when != When.OVERLOAD;
    }
}
