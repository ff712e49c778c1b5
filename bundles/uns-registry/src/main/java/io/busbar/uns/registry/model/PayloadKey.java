package io.busbar.uns.registry.model;

import io.busbar.api.uns.FieldName;
import io.busbar.uns.registry.payload.JsonWalk;
import io.busbar.uns.registry.payload.Reading;
import java.nio.charset.StandardCharsets;

/** A key of payloads, which is found in whatever Unicode normal form it comes. Immutable. */
final class PayloadKey {
    private final byte[] bytes;
    private final String normal;

    /** Whether it looks the same in every form, so that its bytes are enough. */
    private final boolean plain;

    PayloadKey(String key) {
        bytes = key.getBytes(StandardCharsets.UTF_8);
        normal = FieldName.normalized(key);
        plain = bytes.length == key.length();
    }

    /** Whether it is the name of a value. */
    boolean isOf(Reading reading, int value) {
        return reading.nameIs(value, bytes)
                || !plain
                        && !reading.isNameAscii(value)
                        && normal.equals(reading.normalName(value));
    }

    /** Whether it is the key of a member. */
    boolean isOf(JsonWalk member) {
        return member.keyIs(bytes)
                || !plain && !member.isKeyAscii() && normal.equals(member.normalKey());
    }
}
