package io.busbar.uns.registry.model;

import io.busbar.api.uns.Reason;
import io.busbar.api.uns.RefusedException;
import org.jspecify.annotations.Nullable;

/** Checks single values. A value out of bounds causes an {@link IllegalArgumentException}. */
public final class Bounds {
    /** Most characters of a display name. */
    public static final int DISPLAY_NAME = 128;

    /** Most characters of a description. */
    public static final int DESCRIPTION = 1000;

    private Bounds() {}

    /** Throws if there are more of something than there may be. */
    public static void most(String what, int found, int max, String words) {
        if (found > max) {
            throw new RefusedException(
                    what + ": " + found + words + " (expected: at most " + max + ")",
                    Reason.Code.TOO_MANY,
                    "at",
                    what,
                    "found",
                    String.valueOf(found),
                    "max",
                    String.valueOf(max));
        }
    }

    /** Throws if a number is there and outside of {@code min..max}. */
    public static void range(String what, @Nullable Integer value, int min, int max) {
        if (value != null && (value < min || value > max)) {
            throw new RefusedException(
                    what + ": " + value + " (expected: " + min + ".." + max + ")",
                    Reason.Code.OUT_OF_RANGE,
                    "at",
                    what,
                    "found",
                    value.toString(),
                    "min",
                    String.valueOf(min),
                    "max",
                    String.valueOf(max));
        }
    }

    /** Throws if a text is there and has more characters. */
    public static void length(String what, @Nullable String text, int max) {
        if (text != null && text.codePointCount(0, text.length()) > max) {
            int found = text.codePointCount(0, text.length());
            throw new RefusedException(
                    what + ": " + found + " characters (expected: at most " + max + ")",
                    Reason.Code.TOO_LONG,
                    "at",
                    what,
                    "found",
                    String.valueOf(found),
                    "max",
                    String.valueOf(max));
        }
    }
}
