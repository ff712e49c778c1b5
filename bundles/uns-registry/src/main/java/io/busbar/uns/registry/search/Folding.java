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
}
