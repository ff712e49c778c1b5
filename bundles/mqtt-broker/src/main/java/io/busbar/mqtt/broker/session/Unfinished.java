package io.busbar.mqtt.broker.session;

import io.busbar.api.storage.SessionRecord;

/**
 * A session that is being taken up, as the store has it until it is whole: the only one that was
 * made at no time. Another session of the same client may be there, which stays if this one never
 * gets whole.
 */
final class Unfinished {
    private static final long NEVER = 0;

    private Unfinished() {}

    static SessionRecord of(SessionRecord whole) {
        return new SessionRecord(
                whole.session(),
                whole.clientId(),
                whole.principalId(),
                whole.username(),
                0,
                NEVER,
                whole.disconnectedAt(),
                null,
                0);
    }

    static boolean is(SessionRecord record) {
        return record.createdAt() == NEVER;
    }

    /** When a session was made that is whole. */
    static long createdAt(long millis) {
        return Math.max(NEVER + 1, millis);
    }
}
