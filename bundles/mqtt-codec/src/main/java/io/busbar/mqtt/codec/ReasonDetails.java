package io.busbar.mqtt.codec;

import io.busbar.api.mqtt.UserProperty;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Additional information about a reason code, for people: Reason String and User Properties of MQTT
 * 5.0. The encoder leaves them out if they do not fit into the receiver's Maximum Packet Size.
 *
 * @param reasonString a text for diagnosis, or null
 */
public record ReasonDetails(@Nullable String reasonString, List<UserProperty> userProperties) {
    /** Nothing to say: the usual case, and all that MQTT 3 knows. */
    public static final ReasonDetails NONE = new ReasonDetails(null, List.of());

    public ReasonDetails {
        Objects.requireNonNull(userProperties, "userProperties");
    }

    /** A reason string alone. */
    public static ReasonDetails of(@Nullable String reasonString) {
        return reasonString == null ? NONE : new ReasonDetails(reasonString, List.of());
    }
}
