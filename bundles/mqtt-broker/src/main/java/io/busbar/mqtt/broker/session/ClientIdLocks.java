package io.busbar.mqtt.broker.session;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lets one after the other have a Client Identifier, so that take-overs of one identifier never
 * meet. Thread-safe.
 */
final class ClientIdLocks {
    private static final int STRIPES = 64;

    /** A client that is told to wait so long has no use for the answer. */
    static final int MAX_WAITING = 64;

    private final Stripe[] stripes = new Stripe[STRIPES];

    /** Those who wait, by identifier; present as long as somebody holds it. */
    private static final class Stripe {
        final Map<String, ArrayDeque<Runnable>> waiting = new HashMap<>();
    }

    ClientIdLocks() {
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new Stripe();
        }
    }

    /** What became of a wish for an identifier. */
    enum Outcome {
        /** It is the caller's. */
        HELD,
        /** The action will be run when it is. */
        WAITS,
        /** Too many wait for it. */
        REFUSED
    }

    /**
     * Takes the identifier, or waits for it.
     *
     * @param later is run when it is the caller's after all, on the thread that releases it: it
     *     must do no more there than to go elsewhere
     */
    Outcome acquire(String clientId, Runnable later) {
        Stripe stripe = stripeOf(clientId);
        synchronized (stripe) {
            ArrayDeque<Runnable> queue = stripe.waiting.get(clientId);
            if (queue == null) {
                stripe.waiting.put(clientId, new ArrayDeque<>(1));
                return Outcome.HELD;
            }
            if (queue.size() >= MAX_WAITING) {
                return Outcome.REFUSED;
            }
            queue.add(later);
            return Outcome.WAITS;
        }
    }

    void release(String clientId) {
        Runnable next = next(clientId);
        if (next != null) {
            next.run();
        }
    }

    private @Nullable Runnable next(String clientId) {
        Stripe stripe = stripeOf(clientId);
        synchronized (stripe) {
            ArrayDeque<Runnable> queue = stripe.waiting.get(clientId);
            Runnable next = queue == null ? null : queue.poll();
            if (next == null) {
                stripe.waiting.remove(clientId);
            }
            return next;
        }
    }

    private Stripe stripeOf(String clientId) {
        int hash = clientId.hashCode();
        return stripes[(hash ^ hash >>> 16) & STRIPES - 1];
    }
}
