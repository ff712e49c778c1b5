package io.busbar.api.uns;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Checks the names of nodes, which are the levels of a path.
 *
 * <p>A name has 1 to 63 characters: letters and digits of any script, '_', '-', '.' and inner
 * spaces, in Unicode normal form C. It must not be "." or ".." or begin with '$'. A path has at
 * most {@link #MAX_LEVELS} levels, none of them empty. These rules apply to nodes only: clients may
 * publish to other topics.
 */
public final class NodeName {
    /** Longest name, in characters (code points). */
    public static final int MAX_LENGTH = 63;

    /** Most levels of a path. */
    public static final int MAX_LEVELS = 16;

    private NodeName() {}

    /** Returns in a few words why the text is not a valid name, or null if it is one. */
    public static @Nullable String problemOf(String name) {
        if (name.isEmpty()) {
            return "is empty";
        }
        if (name.codePointCount(0, name.length()) > MAX_LENGTH) {
            return "has more than " + MAX_LENGTH + " characters";
        }
        if (name.equals(".") || name.equals("..")) {
            return "is '" + name + "'";
        }
        if (name.charAt(0) == ' ' || name.charAt(name.length() - 1) == ' ') {
            return "begins or ends with a space";
        }
        for (int i = 0; i < name.length(); ) {
            int c = name.codePointAt(i);
            int type = Character.getType(c);
            boolean mark =
                    type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
            if (!Character.isLetterOrDigit(c)
                    && !mark
                    && c != '_'
                    && c != '-'
                    && c != '.'
                    && c != ' ') {
                return "holds "
                        + (Character.isISOControl(c) || type == Character.SURROGATE
                                ? String.format(Locale.ROOT, "U+%04X", c)
                                : "'" + Character.toString(c) + "'")
                        + " (expected: letters, digits, '_', '-', '.' and inner spaces)";
            }
            i += Character.charCount(c);
        }
        if (!Normalizer.isNormalized(name, Normalizer.Form.NFC)) {
            return "is not in Unicode normal form C";
        }
        return null;
    }

    /** Returns in a few words why the text is not a valid path of a node, or null if it is one. */
    public static @Nullable String pathProblemOf(String path) {
        List<String> levels = levels(path);
        if (levels.size() > MAX_LEVELS) {
            return "has " + levels.size() + " levels (expected: at most " + MAX_LEVELS + ")";
        }
        for (String level : levels) {
            String problem = problemOf(level);
            if (problem != null) {
                return level.isEmpty() ? "has an empty level" : "level '" + level + "' " + problem;
            }
        }
        return null;
    }

    /** Splits a path or topic into its levels, including empty ones. */
    public static List<String> levels(String path) {
        List<String> levels = new ArrayList<>();
        int start = 0;
        for (int slash; (slash = path.indexOf('/', start)) >= 0; start = slash + 1) {
            levels.add(path.substring(start, slash));
        }
        levels.add(path.substring(start));
        return levels;
    }
}
