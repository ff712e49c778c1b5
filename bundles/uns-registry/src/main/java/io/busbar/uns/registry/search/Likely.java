package io.busbar.uns.registry.search;

import java.util.HashMap;
import java.util.Map;

/**
 * The topics whose current values may have the words of a search, as their signs say. Confined to
 * one search.
 */
public final class Likely {
    /** The signs of larger values would say nothing. */
    private static final int LONGEST_SIGNED = 4096;

    private final long[][] wanted;
    private final int needed;
    private final ValueFinder finder;
    private final Map<String, Integer> topics = new HashMap<>();

    /**
     * Starts with no topics.
     *
     * @param needed the words without which a topic is of no interest
     * @param finder knows how much may still be looked through
     */
    Likely(SearchWords words, int needed, ValueFinder finder) {
        this.needed = needed;
        this.finder = finder;
        this.wanted = new long[words.size()][];
        for (int i = 0; i < wanted.length; i++) {
            wanted[i] = TextSign.of(words.get(i));
        }
    }

    /**
     * Whether it is worth it to make a sign of values; if not, they count as having everything.
     *
     * @param bytes how long they are
     */
    public boolean signs(long bytes) {
        return bytes <= LONGEST_SIGNED && finder.takes(bytes);
    }

    /** Looks at the sign of the values of a topic. */
    public void look(String topic, long[] sign) {
        int may = 0;
        for (int i = 0; i < wanted.length; i++) {
            if (TextSign.covers(sign, wanted[i])) {
                may |= 1 << i;
            }
        }
        if (may != 0 && (needed & ~may) == 0) {
            topics.put(topic, may);
        }
    }

    /** Whether there is no such topic. */
    boolean isEmpty() {
        return topics.isEmpty();
    }

    /** Whether the values of a topic may have all of some words, at least one. */
    boolean mayHave(String topic, int missing) {
        return (missing & ~topics.getOrDefault(topic, 0)) == 0;
    }
}
