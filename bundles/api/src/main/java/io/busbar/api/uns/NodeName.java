package io.busbar.api.uns;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Checks the names of nodes, which are the levels of a path.
 *
 * <p>A name has 1 to 63 characters, and may have any that can be seen: {@code Größe}, {@code Pump
 * (old)}, {@code ns=2;s=Tag[0]}. It must not be "." or ".." or begin with '$', and has neither '/'
 * nor the wildcards '+' and '#'. Refused are control characters, white space other than inner usual
 * spaces, what cannot be seen, and what is no character. A path has at most {@link #MAX_LEVELS}
 * levels, none of them empty. These rules apply to nodes only: clients may publish to other topics,
 * and a node may get its values from such a one ({@link NodePayload#wireTopic}).
 *
 * <p>Names are in Unicode normal form C; a text in another form is refused, not changed, because
 * MQTT compares topics without normalisation [MQTT5-4.7.3-4].
 */
public final class NodeName {
    /** Longest name, in characters (code points). */
    public static final int MAX_LENGTH = 63;

    /** Most levels of a path. */
    public static final int MAX_LEVELS = 16;

    private NodeName() {}

    /** Returns in a few words why the text is not a valid name, or null if it is one. */
    public static @Nullable String problemOf(String name) {
        NameProblem problem = problem(name);
        return problem == null ? null : problem.text();
    }

    /** Returns why the text is not a valid name, or null if it is one. */
    public static @Nullable NameProblem problem(String name) {
        if (name.equals(".") || name.equals("..")) {
            return NameProblem.of("is '" + name + "'", Reason.Code.NAME_RESERVED, name);
        }
        NameProblem problem = NameText.problemOf(name, MAX_LENGTH);
        if (problem != null) {
            return problem;
        }
        if (name.charAt(0) == '$') {
            return NameProblem.of("begins with '$'", Reason.Code.NAME_DOLLAR, name);
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '/' || c == '+' || c == '#') {
                return NameProblem.of(
                        "holds '" + c + "'",
                        Reason.Code.NAME_CHARACTER,
                        name,
                        "character",
                        String.valueOf(c));
            }
        }
        return null;
    }

    /** Returns in a few words why the text is not a valid path of a node, or null if it is one. */
    public static @Nullable String pathProblemOf(String path) {
        return pathProblemOf(path, none -> false);
    }

    /**
     * The same where some nodes are there already: the rules for names may have become stricter
     * since they were made, so only new levels are held against them.
     *
     * @param exists whether there is a node at a path; asked only about levels that would be
     *     refused
     */
    public static @Nullable String pathProblemOf(String path, Predicate<String> exists) {
        NameProblem problem = pathProblem(path, exists);
        return problem == null ? null : problem.text();
    }

    /** Returns why the text is not a valid path of a node, or null if it is one. */
    public static @Nullable NameProblem pathProblem(String path, Predicate<String> exists) {
        List<String> levels = levels(path);
        if (levels.size() > MAX_LEVELS) {
            String found = String.valueOf(levels.size());
            String max = String.valueOf(MAX_LEVELS);
            return new NameProblem(
                    "has " + found + " levels (expected: at most " + max + ")",
                    Reason.of(Reason.Code.TOO_MANY_LEVELS, "found", found, "max", max));
        }
        int end = 0;
        for (String level : levels) {
            end += level.length();
            NameProblem problem = problem(level);
            if (level.isEmpty()) {
                return NameProblem.of("has an empty level", Reason.Code.LEVEL_EMPTY, path);
            }
            if (problem != null && !exists.test(path.substring(0, end))) {
                return new NameProblem("level '" + level + "' " + problem.text(), problem.reason());
            }
            end++;
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
