package io.busbar.storage.rocksdb.record;

import io.busbar.api.mqtt.Message;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What decides about a retained message, without what its receivers get of it. Reads one message
 * after the other, each as a whole, so that it is known to be what was written. Not thread-safe.
 */
public final class RetainedHead {
    private static final int KNOWN = 256;

    private record Known(byte[] utf8, String id) {}

    /** Identities of late, by their bytes: they come again and again. */
    private final @Nullable Known[] known = new Known[KNOWN];

    private String principalId = "";
    private int payloadBytes;
    private long expiresAt = Long.MAX_VALUE;

    /**
     * Reads what {@link Values#writeRetained} wrote.
     *
     * @param length where the value ends in its array
     * @throws DamagedRecordException if these are not the bytes that were written
     */
    public void read(byte[] value, int length) {
        ByteSource source = ByteSource.sealed(value, length, Values.FORMAT);
        expiresAt = Long.MAX_VALUE;
        MessageRecord.readHead(source, this);
        source.end();
    }

    void principal(String id) {
        principalId = id;
    }

    /** The identity with these bytes, as the same object if it was seen of late. */
    void principal(byte[] bytes, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + bytes[i];
        }
        int place = (hash ^ hash >>> 16) & KNOWN - 1;
        Known seen = known[place];
        if (seen == null || !Arrays.equals(bytes, from, to, seen.utf8(), 0, seen.utf8().length)) {
            byte[] utf8 = Arrays.copyOfRange(bytes, from, to);
            seen = new Known(utf8, new String(utf8, StandardCharsets.UTF_8));
            known[place] = seen;
        }
        principalId = seen.id();
    }

    void expires(long at) {
        expiresAt = at;
    }

    void payload(int bytes) {
        payloadBytes = bytes;
    }

    /** Who published it; often the same object as for others of it. */
    public String principalId() {
        return principalId;
    }

    public int payloadBytes() {
        return payloadBytes;
    }

    /** See {@link Message#expiresAt}. */
    public long expiresAt() {
        return expiresAt;
    }
}
