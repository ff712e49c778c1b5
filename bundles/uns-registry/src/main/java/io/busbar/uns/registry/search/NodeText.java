package io.busbar.uns.registry.search;

import io.busbar.api.uns.Field;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.SearchHit.Matched;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All texts of a node that a search looks through, folded and in one: one look at one object finds
 * a word, or that it is not there. The name comes first and the description last, so where a word
 * is found first is where it counts most. The path is not in it: it is that of the names above.
 */
public final class NodeText {
    private static final char SECTION = '\0';
    private static final char ITEM = '\1';

    /** What is where, in this order. */
    private static final List<Matched> SECTIONS =
            List.of(
                    Matched.NAME,
                    Matched.DISPLAY_NAME,
                    Matched.LABEL,
                    Matched.FIELD,
                    Matched.WIRE_TOPIC,
                    Matched.DESCRIPTION);

    private NodeText() {}

    /** The text of a node; the same object as its name if there is no other and it is folded. */
    public static String of(Node node) {
        StringBuilder text = new StringBuilder(64).append(node.name());
        section(text, node.labels().displayName());
        text.append(SECTION);
        for (String label : node.labels().labels()) {
            append(text, label);
            text.append(ITEM);
        }
        text.append(SECTION);
        for (Field field : node.payload().model().fields()) {
            text.append(field.name()).append(ITEM);
        }
        section(text, node.payload().wireTopic());
        section(text, node.labels().description());
        int end = text.length();
        while (text.charAt(end - 1) == SECTION) {
            end--;
        }
        String name = node.name();
        return Folding.fold(end == name.length() ? name : text.substring(0, end));
    }

    private static void section(StringBuilder text, @Nullable String part) {
        text.append(SECTION);
        if (part != null) {
            append(text, part);
        }
    }

    /** Without the characters that stand between the parts. */
    private static void append(StringBuilder text, String part) {
        for (int i = 0; i < part.length(); i++) {
            char each = part.charAt(i);
            if (each != SECTION && each != ITEM) {
                text.append(each);
            }
        }
    }

    /** Where the name ends. */
    static int nameEnd(String text) {
        int end = text.indexOf(SECTION);
        return end < 0 ? text.length() : end;
    }

    /** Where in a node a word is that is found at a place of its text. */
    static Matched section(String text, int at) {
        int section = 0;
        for (int i = 0; i < at; i++) {
            if (text.charAt(i) == SECTION) {
                section++;
            }
        }
        return SECTIONS.get(section);
    }
}
