package io.busbar.uns.registry.search;

import java.text.Normalizer;
import java.util.Locale;

/** Text for comparing without regard to case and Unicode normal form. */
final class Folding {
    private Folding() {}

    /** The folded text; the same object if it is folded already, as most names are. */
    static String fold(String text) {
        boolean capitals = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                return Normalizer.normalize(text, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
            }
            capitals |= c >= 'A' && c <= 'Z';
        }
        return capitals ? text.toLowerCase(Locale.ROOT) : text;
    }

    /**
     * Whether a text, once it is folded, contains a folded one; without folding it if it can be.
     */
    static boolean contains(String text, String folded) {
        int last = text.length() - folded.length();
        boolean found = false;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return fold(text).contains(folded);
            }
            found = found || i <= last && startsWith(text, i, folded);
        }
        return found;
    }

    private static boolean startsWith(String text, int at, String folded) {
        for (int i = 0; i < folded.length(); i++) {
            char c = text.charAt(at + i);
            if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != folded.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
