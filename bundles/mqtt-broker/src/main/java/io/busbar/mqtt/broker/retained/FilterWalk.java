package io.busbar.mqtt.broker.retained;

import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.storage.TopicKey;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Finds the topics that match a filter in anything that is in the order of {@link TopicKey}. It
 * looks at a key and says whether it matches, and if not where the next that may match is: so it
 * jumps over what cannot match instead of looking at all of it. Not thread-safe.
 */
final class FilterWalk {
    /** What is to be done after a look at a key. */
    enum Step {
        /** It matches. */
        MATCH,
        /** It does not; go to the one behind it. */
        NEXT,
        /** It does not; go to {@link #target}. */
        SEEK,
        /** It does not, and none behind it does. */
        END
    }

    private static final byte SEPARATOR = 0;
    private static final byte BEHIND_SEPARATOR = 1;
    private static final byte DOLLAR = '$';

    private final byte[][] levels;
    private final boolean[] any;

    /** Of each level that is not any, the bytes of it and of those behind it up to one that is. */
    private final byte[][] literals;

    /** Whether the filter ends with '#', which is not one of the levels then. */
    private final boolean rest;

    private TopicKey target = TopicKey.of("");

    FilterWalk(TopicFilter filter) {
        List<String> all = filter.levels();
        rest = all.get(all.size() - 1).equals("#");
        int count = rest ? all.size() - 1 : all.size();
        levels = new byte[count][];
        any = new boolean[count];
        for (int i = 0; i < count; i++) {
            any[i] = all.get(i).equals("+");
            levels[i] = all.get(i).getBytes(StandardCharsets.UTF_8);
        }
        literals = new byte[count][];
        for (int i = count - 1; i >= 0; i--) {
            literals[i] =
                    i + 1 < count && !any[i + 1]
                            ? join(levels[i], levels[i].length + 1, literals[i + 1])
                            : levels[i];
        }
    }

    /** Where to go after {@link Step#SEEK}. */
    TopicKey target() {
        return target;
    }

    /** Looks at the bytes of a key. */
    Step look(byte[] key) {
        if (key.length > 0 && key[0] == DOLLAR && (levels.length == 0 || any[0])) {
            return seek(new byte[] {DOLLAR + 1}); // [MQTT5-4.7.2-1]
        }
        int start = 0;
        for (int i = 0; i < levels.length; i++) {
            if (start > key.length) {
                // A level above those that may match: they are below it.
                return any[i] ? Step.NEXT : seek(join(key, start, literals[i]));
            }
            int end = endOf(key, start);
            if (!any[i]) {
                byte[] level = levels[i];
                int order = Arrays.compareUnsigned(key, start, end, level, 0, level.length);
                if (order < 0) {
                    return seek(join(key, start, literals[i]));
                }
                if (order > 0) {
                    return behind(key, i - 1, start - 1);
                }
            }
            start = end + 1;
        }
        if (rest || start > key.length) {
            return Step.MATCH;
        }
        return behind(key, levels.length - 1, start - 1);
    }

    private static int endOf(byte[] key, int start) {
        int end = start;
        while (end < key.length && key[end] != SEPARATOR) {
            end++;
        }
        return end;
    }

    /**
     * Nothing more matches below the first levels: on to what stands behind the last of them that
     * may be any.
     *
     * @param level the last of these levels
     * @param end where it ends in the key
     */
    private Step behind(byte[] key, int level, int end) {
        int to = end;
        for (int i = level; i >= 0; i--) {
            if (any[i]) {
                byte[] beginning = Arrays.copyOf(key, to + 1);
                beginning[to] = BEHIND_SEPARATOR;
                return seek(beginning);
            }
            to -= levels[i].length + 1;
        }
        return Step.END;
    }

    private Step seek(byte[] beginning) {
        target = TopicKey.ofBytes(beginning);
        return Step.SEEK;
    }

    /**
     * The beginning of a key, and something in place of what stands there.
     *
     * @param start where that is; may be one behind the end, where a separator is put then
     */
    private static byte[] join(byte[] key, int start, byte[] with) {
        byte[] joined = Arrays.copyOf(key, start + with.length);
        System.arraycopy(with, 0, joined, start, with.length);
        return joined;
    }
}
