package io.busbar.uns.registry.value;

import io.busbar.api.mqtt.Publisher;
import io.busbar.api.uns.Violation;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Refused messages of one topic that are not counted with its violations yet: whoever refuses must
 * not wait until a payload of the topic is read. Thread-safe, without locks.
 */
final class WaitingRefusals {
    /** What it takes of the heap when nothing waits. */
    static final int BYTES = 24 + 16 + 16;

    /** Of more messages only the number is kept; they count as the last one of these. */
    private static final int MOST = 64;

    private final AtomicReference<@Nullable Link> latest = new AtomicReference<>();
    private final AtomicBoolean announced = new AtomicBoolean();

    /**
     * Some refused messages.
     *
     * @param count how many
     */
    record Refusal(Violation wrong, Publisher by, long count) {}

    /** A refusal with those before it; there are as many as {@code place} says. */
    private record Link(Refusal refusal, @Nullable Link before, int place) {
        static Link after(@Nullable Link before, Violation wrong, Publisher by) {
            return before != null && before.place == MOST
                    ? before.again()
                    : new Link(
                            new Refusal(wrong, by, 1),
                            before,
                            before == null ? 1 : before.place + 1);
        }

        private Link again() {
            return new Link(
                    new Refusal(refusal.wrong, refusal.by, refusal.count + 1), before, place);
        }
    }

    /**
     * Adds a message.
     *
     * @return true if somebody has to come and count: nobody was asked since the last one came
     */
    boolean add(Violation wrong, Publisher by) {
        Link before;
        do {
            before = latest.get();
        } while (!latest.compareAndSet(before, Link.after(before, wrong, by)));
        return !announced.get() && announced.compareAndSet(false, true);
    }

    /** Somebody has come to count; called before {@link #take}. */
    void heard() {
        announced.set(false);
    }

    /** Takes out what waits, the oldest first. */
    Collection<Refusal> take() {
        Deque<Refusal> taken = new ArrayDeque<>();
        for (Link link = latest.getAndSet(null); link != null; link = link.before) {
            taken.addFirst(link.refusal);
        }
        return taken;
    }
}
