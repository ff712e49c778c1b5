package io.busbar.uns.registry.value;

import io.busbar.api.memory.MemoryAccount;
import io.busbar.uns.registry.payload.Readers;
import io.busbar.uns.registry.payload.SourceTime;
import io.busbar.uns.registry.sample.SampleFeed;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/**
 * What all topics share.
 *
 * @param limits how much is read and kept
 * @param readers read the payloads
 * @param times reads their times
 * @param samples takes what every message brings
 * @param unmodeled what topics without a model take
 * @param values what the values of topics with a node take
 * @param recentKept whether a topic without a model may have more payloads than its last
 * @param recentForgotten counts payloads before the last one that were not kept, or let go of,
 *     because there was no room for them
 */
record Shared(
        Limits limits,
        Readers readers,
        SourceTime times,
        SampleFeed samples,
        MemoryAccount unmodeled,
        MemoryAccount values,
        AtomicBoolean recentKept,
        LongAdder recentForgotten) {
    /** What topics without a model are together, for operators. */
    static final String UNMODELED = "topics without a model";

    /** Whether topics without a model may keep what only helps to model them. */
    boolean hasRoomToSpare() {
        return unmodeled.bytes() < limits.unmodeledBytes() / 2;
    }

    /** Whether topics without a model may take so many bytes more; if so, they are counted. */
    boolean takeUnmodeled(long more) {
        long held = unmodeled.bytes();
        if (held + more > limits.unmodeledBytes()) {
            return false;
        }
        boolean room = unmodeled.take(held, more);
        if (!room) {
            unmodeled.refused(UNMODELED, held);
        }
        return room;
    }
}
