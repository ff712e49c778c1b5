package io.busbar.auth.passwords;

/**
 * How much is hashed; {@link Argon2Hashes.Config} has the bounds.
 *
 * @param atOnce hashes computed at the same time
 * @param waiting hashes that may wait for their turn
 * @param waitSeconds how long one may wait
 */
record Bounds(int atOnce, int waiting, int waitSeconds) {
    /**
     * Part of the heap that hashes may take by default: threads keep it from one hash to the next.
     */
    private static final int PART_OF_HEAP = 10;

    /**
     * What is configured.
     *
     * @param atOnce 0 = half of the processors, but at least 2 and at most 4, and no more than a
     *     tenth of the heap holds
     * @param heapBytes the largest size of the heap
     */
    static Bounds of(int atOnce, int waiting, int waitSeconds, int processors, long heapBytes) {
        if (atOnce != 0) {
            return new Bounds(atOnce, waiting, waitSeconds);
        }
        long fitting = heapBytes / PART_OF_HEAP / Argon2id.MEMORY_BYTES;
        int wanted = Math.max(2, Math.min(4, processors / 2));
        return new Bounds((int) Math.max(1, Math.min(wanted, fitting)), waiting, waitSeconds);
    }

    long waitMillis() {
        return waitSeconds * 1000L;
    }
}
