package io.busbar.uns.registry.model;

import org.jspecify.annotations.Nullable;

/** Checks single values. A value out of bounds causes an {@link IllegalArgumentException}. */
public final class Bounds {
    /** Most characters of a display name. */
    public static final int DISPLAY_NAME = 128;

    /** Most characters of a description. */
    public static final int DESCRIPTION = 1000;

    private Bounds() {}

    /** Throws if a number is there and outside of {@code min..max}. */
    public static void range(String what, @Nullable Integer value, int min, int max) {
        if (value != null && (value < min || value > max)) {
            throw new IllegalArgumentException(
                    what + ": " + value + " (expected: " + min + ".." + max + ")");
        }
    }

    /** Throws if a text is there and has more characters. */
    public static void length(String what, @Nullable String text, int max) {
        if (text != null && text.codePointCount(0, text.length()) > max) {
            throw new IllegalArgumentException(
                    what
                            + ": "
                            + text.codePointCount(0, text.length())
                            + " characters (expected: at most "
                            + max
                            + ")");
        }
    }
}
