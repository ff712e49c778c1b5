package io.busbar.api.uns;

import java.text.Normalizer;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the names of nodes and of fields have in common: text that can be seen, told apart from
 * other names, and written again.
 *
 * <p>Names are in Unicode normal form C. So two names that look the same because one of them is
 * composed of more characters are the same name.
 */
final class NameText {
    private static final int NON_JOINER = 0x200C;
    private static final int JOINER = 0x200D;

    private NameText() {}

    /**
     * Returns why the text cannot be a name, or null if it can.
     *
     * @param max most characters (code points)
     */
    static @Nullable NameProblem problemOf(String name, int max) {
        if (name.isEmpty()) {
            return new NameProblem("is empty", Reason.of(Reason.Code.NAME_EMPTY));
        }
        if (name.codePointCount(0, name.length()) > max) {
            return NameProblem.of(
                    "has more than " + max + " characters",
                    Reason.Code.NAME_TOO_LONG,
                    name,
                    "max",
                    String.valueOf(max));
        }
        int before = ' ';
        for (int i = 0; i < name.length(); ) {
            int c = name.codePointAt(i);
            i += Character.charCount(c);
            String problem = problemOf(c, before, i == name.length());
            if (problem != null) {
                return NameProblem.of(
                        problem, Reason.Code.NAME_INVISIBLE, name, "character", code(c));
            }
            before = c;
        }
        if (name.charAt(0) == ' ' || name.charAt(name.length() - 1) == ' ') {
            return NameProblem.of("begins or ends with a space", Reason.Code.NAME_SPACE, name);
        }
        if (!Normalizer.isNormalized(name, Normalizer.Form.NFC)) {
            return NameProblem.of(
                    "is not in Unicode normal form C", Reason.Code.NAME_NOT_NORMAL, name);
        }
        return null;
    }

    private static @Nullable String problemOf(int c, int before, boolean last) {
        if (c > ' ' && c < 0x7F || c == ' ') {
            return null;
        }
        if ((c == JOINER || c == NON_JOINER) && before > 0x7F && !last) {
            return null;
        }
        if ((c & 0xFFFE) == 0xFFFE || c >= 0xFDD0 && c <= 0xFDEF) {
            return "holds " + code(c) + ", which is no character";
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL -> "holds the control character " + code(c);
            case Character.SURROGATE -> "holds " + code(c) + ", half of a surrogate pair";
            case Character.SPACE_SEPARATOR,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    "holds the white space " + code(c) + " (expected: U+0020, the usual space)";
            case Character.FORMAT -> "holds " + code(c) + ", which cannot be seen";
            default -> isBlank(c) ? "holds " + code(c) + ", which cannot be seen" : null;
        };
    }

    /**
     * Letters, marks and signs that show nothing: fillers, a joiner, a pattern without dots, and
     * those that only choose the form of the character before.
     */
    private static boolean isBlank(int c) {
        return c == 0x034F
                || c == 0x115F
                || c == 0x1160
                || c == 0x17B4
                || c == 0x17B5
                || c == 0x2800
                || c == 0x3164
                || c == 0xFFA0
                || c >= 0x180B && c <= 0x180F
                || c >= 0xFE00 && c <= 0xFE0F
                || c >= 0xE0100 && c <= 0xE01EF;
    }

    private static String code(int c) {
        return String.format(Locale.ROOT, "U+%04X", c);
    }
}
