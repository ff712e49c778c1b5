package io.busbar.mqtt.broker.transfer;

import io.busbar.api.storage.StorageException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a walk does about what is damaged in the store: it leaves that out. */
final class Damage {
    private static final int MOST = 0xFF;

    private Damage() {}

    /**
     * Nothing but damage is passed over.
     *
     * @throws StorageException if something else is wrong
     */
    static void only(StorageException failure) {
        if (failure.kind() != StorageException.Kind.DAMAGED) {
            throw failure;
        }
    }

    /**
     * Keys behind one that nothing can be read after, from near to far: what follows it at each of
     * its places, in steps that double.
     */
    static List<byte[]> keysAfter(byte[] key) {
        List<byte[]> keys = new ArrayList<>();
        for (int length = key.length; length > 0; length--) {
            int end = length - 1;
            for (int step = 1; (key[end] & MOST) + step <= MOST; step *= 2) {
                byte[] next = Arrays.copyOf(key, length);
                next[end] = (byte) (next[end] + step);
                keys.add(next);
            }
        }
        return keys;
    }
}
