package io.busbar.mqtt.broker.session;

import io.busbar.api.mqtt.Message;
import io.busbar.mqtt.broker.gate.Rights;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a session whose client is connected, and of few others: its rights, and its Will
 * Message. Confined to the session's loop, except for {@link #rights}.
 */
final class Terms {
    /** What its client may do; null if nobody was asked since the server began. */
    volatile @Nullable Rights rights;

    /** Questions for its rights that were asked. */
    int questions;

    /** Whether the last of them is not answered. */
    boolean asked;

    /** The Will Message that was not sent yet, or null. */
    @Nullable Message will;

    long willDelaySeconds;

    /** Whether there is a will that only the store has. */
    boolean willStored;

    /** Before this moment the will is not looked for again, because it could not be read. */
    int notBefore;

    /** Packet Identifiers for which PUBREL is owed, in the order in which PUBREC came. */
    int[] released = NONE;

    /** What makes room in a full queue while the client is away, or null. */
    @Nullable Overflow overflow;

    static final int[] NONE = {};

    /** After a will could not be read, it is read again when so much time is over. */
    static final int UNTIL_READ_AGAIN = 5 * Moments.PER_SECOND;

    boolean hasWill() {
        return will != null || willStored;
    }
}
