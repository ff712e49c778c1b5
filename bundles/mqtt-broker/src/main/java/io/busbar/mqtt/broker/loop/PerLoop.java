package io.busbar.mqtt.broker.loop;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Holds one instance of something for each event loop, created when the loop first asks for it.
 * Thread-safe; later requests cost two reads.
 */
public final class PerLoop<T> {
    private static final int STEP = 16;

    private final Function<Loop, T> maker;
    private volatile @Nullable Object[] all = new Object[STEP];

    /**
     * Makes it without any.
     *
     * @param maker makes the one of a loop, on that loop
     */
    public PerLoop(Function<Loop, T> maker) {
        this.maker = maker;
    }

    /** The one of the loop; called on it. */
    @SuppressWarnings("unchecked") // only the maker's are in it
    public T of(Loop loop) {
        int slot = loop.slot();
        @Nullable Object[] known = all;
        Object one = slot < known.length ? known[slot] : null;
        return one != null ? (T) one : make(loop);
    }

    @SuppressWarnings("unchecked") // only the maker's are in it
    private synchronized T make(Loop loop) {
        int slot = loop.slot();
        if (slot < all.length && all[slot] != null) {
            return (T) all[slot];
        }
        T one = maker.apply(loop);
        @Nullable Object[] more = Arrays.copyOf(all, Math.max(all.length, slot + STEP));
        more[slot] = one;
        all = more;
        return one;
    }

    /** All that were made. */
    @SuppressWarnings("unchecked")
    public List<T> all() {
        List<T> made = new ArrayList<>();
        for (Object one : all) {
            if (one != null) {
                made.add((T) one);
            }
        }
        return made;
    }
}
