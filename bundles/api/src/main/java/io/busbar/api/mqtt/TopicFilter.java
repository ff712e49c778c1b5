package io.busbar.api.mqtt;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client subscribes to: a topic name that may hold the wildcards '+' (one level) and '#'
 * (all remaining levels), MQTT 5.0 section 4.7. It may be a Shared Subscription, {@code
 * $share/ShareName/filter}, section 4.8.2. Immutable and thread-safe.
 */
public final class TopicFilter {
    private static final String SHARE = "$share/";

    private final String value;
    private final @Nullable String shareName;
    private final List<String> levels;

    private TopicFilter(String value, @Nullable String shareName, List<String> levels) {
        this.value = value;
        this.shareName = shareName;
        this.levels = levels;
    }

    /**
     * Creates a topic filter from text.
     *
     * @throws IllegalArgumentException if the text is not a topic filter; the message says why
     */
    public static TopicFilter of(String value) {
        String problem = problemOf(value);
        if (problem != null) {
            throw new IllegalArgumentException("topic filter: " + problem);
        }
        String shareName = null;
        String filter = value;
        if (value.startsWith(SHARE)) {
            int end = value.indexOf('/', SHARE.length());
            shareName = value.substring(SHARE.length(), end);
            filter = value.substring(end + 1);
        }
        return new TopicFilter(value, shareName, List.copyOf(levelsOf(filter)));
    }

    /** Returns in a few words why the text is not a topic filter, or null if it is one. */
    public static @Nullable String problemOf(String value) {
        if (value.isEmpty()) {
            return "is empty"; // [MQTT5-4.7.3-1]
        }
        int bytes = Utf8.length(value);
        if (bytes < 0) {
            return "holds U+0000 or an unpaired surrogate"; // [MQTT5-4.7.3-2]
        }
        if (bytes > Utf8.MAX_BYTES) {
            return bytes + " bytes (expected: at most " + Utf8.MAX_BYTES + ")"; // [MQTT5-4.7.3-3]
        }
        String filter = value;
        if (value.equals("$share")) {
            return "$share without a share name and a filter";
        }
        if (value.startsWith(SHARE)) {
            int end = value.indexOf('/', SHARE.length());
            if (end < 0 || end == value.length() - 1) {
                return "$share without a filter"; // [MQTT5-4.8.2-2]
            }
            String name = value.substring(SHARE.length(), end);
            if (name.isEmpty() || name.indexOf('+') >= 0 || name.indexOf('#') >= 0) {
                return "share name is empty or holds a wildcard"; // [MQTT5-4.8.2-1] [MQTT5-4.8.2-2]
            }
            filter = value.substring(end + 1);
        }
        for (int start = 0; start <= filter.length(); ) {
            int slash = filter.indexOf('/', start);
            int end = slash < 0 ? filter.length() : slash;
            for (int i = start; i < end; i++) {
                char c = filter.charAt(i);
                if ((c == '#' || c == '+') && end - start > 1) {
                    return "'" + c + "' shares its level with other characters"; // [MQTT5-4.7.1-1]
                    // [MQTT5-4.7.1-2]
                }
                if (c == '#' && slash >= 0) {
                    return "'#' is not the last level"; // [MQTT5-4.7.1-1]
                }
            }
            start = end + 1;
        }
        return null;
    }

    private static List<String> levelsOf(String text) {
        List<String> levels = new ArrayList<>();
        int start = 0;
        for (int slash; (slash = text.indexOf('/', start)) >= 0; start = slash + 1) {
            levels.add(text.substring(start, slash));
        }
        levels.add(text.substring(start));
        return levels;
    }

    /** The complete filter as the client wrote it, including {@code $share/ShareName/}. */
    public String value() {
        return value;
    }

    /** The name of the Shared Subscription, or null if this is an ordinary filter. */
    public @Nullable String shareName() {
        return shareName;
    }

    /** Whether this is a Shared Subscription. */
    public boolean isShared() {
        return shareName != null;
    }

    /**
     * The levels of the filter without {@code $share/ShareName}. Never empty; a level may be an
     * empty string.
     */
    public List<String> levels() {
        return levels;
    }

    /**
     * The filter without {@code $share/ShareName}. Topics are matched and permissions are checked
     * against this part.
     */
    public String filter() {
        return shareName == null ? value : value.substring(SHARE.length() + shareName.length() + 1);
    }

    /** Whether the filter holds a wildcard. */
    public boolean hasWildcard() {
        return levels.contains("+") || levels.get(levels.size() - 1).equals("#");
    }

    /**
     * Returns whether a message with this topic matches the filter: [MQTT5-4.7.1-1],
     * [MQTT5-4.7.1-2] and, for '$', [MQTT5-4.7.2-1].
     */
    public boolean matches(TopicName topic) {
        return matches(topic.value());
    }

    /**
     * Same as {@link #matches(TopicName)}.
     *
     * @param topic a valid topic name; this is not checked
     */
    public boolean matches(String topic) {
        String first = levels.get(0);
        if (topic.charAt(0) == '$' && (first.equals("+") || first.equals("#"))) {
            return false;
        }
        int start = 0;
        for (int i = 0; i < levels.size(); i++) {
            String level = levels.get(i);
            if (level.equals("#")) {
                return true;
            }
            if (start > topic.length()) {
                return false;
            }
            int slash = topic.indexOf('/', start);
            int end = slash < 0 ? topic.length() : slash;
            if (!level.equals("+")
                    && (level.length() != end - start || !topic.startsWith(level, start))) {
                return false;
            }
            start = end + 1;
        }
        return start > topic.length();
    }

    /**
     * Returns whether this filter matches every topic that the other one matches. Share names are
     * ignored.
     */
    public boolean covers(TopicFilter other) {
        List<String> theirs = other.levels;
        String first = levels.get(0);
        if (theirs.get(0).startsWith("$") && (first.equals("+") || first.equals("#"))) {
            return false;
        }
        for (int i = 0; i < levels.size(); i++) {
            String level = levels.get(i);
            if (level.equals("#")) {
                return true;
            }
            if (i >= theirs.size()) {
                return false;
            }
            String their = theirs.get(i);
            if (their.equals("#") || !level.equals("+") && !level.equals(their)) {
                return false;
            }
        }
        return theirs.size() == levels.size();
    }

    /** Returns whether there is a topic that both filters match. Share names are ignored. */
    public boolean overlaps(TopicFilter other) {
        List<String> a = levels;
        List<String> b = other.levels;
        if (startsWithWildcard(a) && b.get(0).startsWith("$")
                || startsWithWildcard(b) && a.get(0).startsWith("$")) {
            return false;
        }
        for (int i = 0; ; i++) {
            boolean endA = i == a.size();
            boolean endB = i == b.size();
            if (endA || endB) {
                return endA && endB || endA && b.get(i).equals("#") || endB && a.get(i).equals("#");
            }
            String x = a.get(i);
            String y = b.get(i);
            if (x.equals("#") || y.equals("#")) {
                return true;
            }
            if (!x.equals("+") && !y.equals("+") && !x.equals(y)) {
                return false;
            }
        }
    }

    private static boolean startsWithWildcard(List<String> levels) {
        return levels.get(0).equals("+") || levels.get(0).equals("#");
    }

    @Override
    public boolean equals(Object other) {
        return this == other || other instanceof TopicFilter filter && value.equals(filter.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return value;
    }
}
