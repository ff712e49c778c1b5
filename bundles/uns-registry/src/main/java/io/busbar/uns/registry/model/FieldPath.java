package io.busbar.uns.registry.model;

import io.busbar.api.uns.Field;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a value is inside of objects and lists: keys with dots between them, places in lists in
 * brackets, and other keys in brackets and quotes, in which a quote is doubled: {@code
 * spindle.load}, {@code axes[0].pos}, {@code ['PM2.5'].value}.
 *
 * @param steps from the outside in, at least one
 */
record FieldPath(List<Step> steps) {
    /** Longest source of a field, in characters. */
    static final int MAX_LENGTH = 1000;

    /**
     * One step inwards.
     *
     * @param key of a member; null for an element
     * @param place of an element, from 0
     */
    record Step(@Nullable String key, int place) {
        static Step of(String key) {
            return new Step(key, -1);
        }

        static Step of(int place) {
            return new Step(null, place);
        }
    }

    FieldPath {
        steps = List.copyOf(steps);
    }

    /** The path of a field whose value is inside of another; null if its source is a key. */
    static @Nullable FieldPath of(Field field) {
        String source = field.source();
        FieldPath path = source == null ? null : parse(source);
        return path == null || path.steps.size() < 2 ? null : path;
    }

    /** The key of the payload that is the field's value, if there is such a key. */
    static String keyOf(Field field) {
        String source = field.source();
        if (source == null) {
            return field.name();
        }
        FieldPath path = parse(source);
        String first = path == null || path.steps.size() > 1 ? null : path.steps.get(0).key();
        return first == null ? source : first;
    }

    /** One step further in. */
    FieldPath then(Step step) {
        List<Step> longer = new ArrayList<>(steps);
        longer.add(step);
        return new FieldPath(longer);
    }

    /** Reads a path; null if the text is none. */
    static @Nullable FieldPath parse(String text) {
        List<Step> steps = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            int end;
            if (c == '[') {
                end = bracket(text, at, steps);
            } else {
                int from = c == '.' && at > 0 ? at + 1 : at;
                end = from;
                while (end < text.length() && ".[]'".indexOf(text.charAt(end)) < 0) {
                    end++;
                }
                boolean first = from == 0;
                if (end == from || first != steps.isEmpty() || at == from && !first) {
                    return null;
                }
                steps.add(Step.of(text.substring(from, end)));
            }
            if (end < 0) {
                return null;
            }
            at = end;
        }
        return steps.isEmpty() ? null : new FieldPath(steps);
    }

    /** Reads {@code [0]} or {@code ['key']}; the place after it, or -1. */
    private static int bracket(String text, int at, List<Step> into) {
        if (text.startsWith("['", at)) {
            StringBuilder key = new StringBuilder();
            for (int i = at + 2; i < text.length(); i++) {
                if (text.charAt(i) != '\'') {
                    key.append(text.charAt(i));
                } else if (text.startsWith("''", i)) {
                    key.append('\'');
                    i++;
                } else if (text.startsWith("']", i)) {
                    into.add(Step.of(key.toString()));
                    return i + 2;
                } else {
                    return -1;
                }
            }
            return -1;
        }
        int end = text.indexOf(']', at);
        if (end <= at + 1 || end > at + 6 || into.isEmpty()) {
            return -1;
        }
        int place = 0;
        for (int i = at + 1; i < end; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            place = place * 10 + digit;
        }
        into.add(Step.of(place));
        return end + 1;
    }

    /** The text that {@link #parse} reads. */
    String text() {
        StringBuilder text = new StringBuilder();
        for (Step step : steps) {
            String key = step.key();
            if (key == null) {
                text.append('[').append(step.place()).append(']');
            } else if (isPlain(key)) {
                text.append(text.length() == 0 ? "" : ".").append(key);
            } else {
                text.append("['").append(key.replace("'", "''")).append("']");
            }
        }
        return text.toString();
    }

    /** The same with all keys in quotes, which is no key of any payload. */
    String quotedText() {
        StringBuilder text = new StringBuilder();
        for (Step step : steps) {
            String key = step.key();
            text.append(
                    key == null ? "[" + step.place() + "]" : "['" + key.replace("'", "''") + "']");
        }
        return text.toString();
    }

    private static boolean isPlain(String key) {
        return !key.isEmpty() && key.chars().noneMatch(c -> ".[]'".indexOf(c) >= 0);
    }

    /** What people call it: the keys and places with dots between them. */
    String name() {
        StringBuilder name = new StringBuilder();
        for (Step step : steps) {
            name.append(name.length() == 0 ? "" : ".");
            name.append(step.key() == null ? Integer.toString(step.place()) : step.key());
        }
        return name.toString();
    }
}
