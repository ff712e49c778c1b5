package io.busbar.uns.registry.gate;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Keeps some {@link Look}s, so that a message costs no new one. Each thread finds one where it left
 * it, as long as there are few. Thread-safe.
 */
final class Looks {
    /** A power of two, more than there are event loops on most machines. */
    private static final int PLACES = 16;

    private final AtomicReferenceArray<Look> places = new AtomicReferenceArray<>(PLACES);

    Look take() {
        Look look = places.getAndSet(place(), null);
        return look == null ? new Look() : look;
    }

    void give(Look look) {
        places.set(place(), look);
    }

    private static int place() {
        return (int) Thread.currentThread().getId() & PLACES - 1;
    }
}
