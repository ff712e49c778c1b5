package io.busbar.api.uns;

import java.text.Normalizer;
import org.jspecify.annotations.Nullable;

/**
 * Checks the names of fields, which are keys of payloads.
 *
 * <p>A name has 1 to 255 characters, and may have any that can be seen: {@code 温度}, {@code PM2.5},
 * {@code 1-0:1.8.0}, {@code _id}. Refused are control characters, white space other than inner
 * usual spaces, what cannot be seen, and what is no character. A name means exactly the key that is
 * so called; it is never taken apart, whatever dots or slashes it has.
 *
 * <p>Names are in Unicode normal form C. A key that differs from a name in nothing but its form is
 * that field.
 */
public final class FieldName {
    /** Longest name, in characters (code points). */
    public static final int MAX_LENGTH = 255;

    private FieldName() {}

    /** Returns in a few words why the text is not a valid name, or null if it is one. */
    public static @Nullable String problemOf(String name) {
        NameProblem problem = problem(name);
        return problem == null ? null : problem.text();
    }

    /** Returns why the text is not a valid name, or null if it is one. */
    public static @Nullable NameProblem problem(String name) {
        return NameText.problemOf(name, MAX_LENGTH);
    }

    /** The same name in Unicode normal form C. */
    public static String normalized(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFC);
    }
}
