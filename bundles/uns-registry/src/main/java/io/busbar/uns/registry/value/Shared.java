package io.busbar.uns.registry.value;

import io.busbar.api.memory.MemoryAccount;
import io.busbar.uns.registry.payload.Readers;
import io.busbar.uns.registry.payload.SourceTime;
import io.busbar.uns.registry.sample.SampleFeed;

/**
 * What all topics share.
 *
 * @param limits how much is read and kept
 * @param readers read the payloads
 * @param times reads their times
 * @param samples takes what every message brings
 * @param unmodeled what topics without a model take
 * @param values what the values of topics with a node take
 */
record Shared(
        Limits limits,
        Readers readers,
        SourceTime times,
        SampleFeed samples,
        MemoryAccount unmodeled,
        MemoryAccount values) {
    /** What topics without a model are together, for operators. */
    static final String UNMODELED = "topics without a model";

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
