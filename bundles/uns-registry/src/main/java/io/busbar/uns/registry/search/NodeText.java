package io.busbar.uns.registry.search;

import io.busbar.api.uns.Field;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.SearchHit.Matched;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All texts of a node that a search looks through, folded. Those of the node itself are in one: the
 * name comes first and the description last, so where a word is found first is where it counts
 * most. The names of the fields are a text of their own, which all nodes with the same model share.
 * The path is in neither: it is that of the names above.
 */
public final class NodeText {
    private static final char SECTION = '\0';
    private static final char ITEM = '\1';

    /** What is where, in this order. Fields count more than what comes after the labels. */
    private static final List<Matched> SECTIONS =
            List.of(
                    Matched.NAME,
                    Matched.DISPLAY_NAME,
                    Matched.LABEL,
                    Matched.WIRE_TOPIC,
                    Matched.DESCRIPTION);

    private static final int LABELS = SECTIONS.indexOf(Matched.LABEL);

    private NodeText() {}

    /**
     * The text of a node without its fields; the same object as its name if there is no other and
     * it is folded.
     */
    public static String of(Node node) {
        StringBuilder text = new StringBuilder(64).append(node.name());
        section(text, node.labels().displayName());
        text.append(SECTION);
        for (String label : node.labels().labels()) {
            append(text, label);
            text.append(ITEM);
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

    /** The text of the fields of a model; empty if it has none. */
    public static String of(Model model) {
        if (model.fields().isEmpty()) {
            return "";
        }
        StringBuilder text = new StringBuilder(64);
        for (Field field : model.fields()) {
            text.append(field.name()).append(ITEM);
        }
        return Folding.fold(text.toString());
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

    /**
     * Where in a node a word counts most.
     *
     * @param at where it is first in the text of the node; below 0 = nowhere
     * @param inFields whether it is in the text of its fields
     * @return {@link Matched#PATH} if it is in neither
     */
    static Matched section(String text, int at, boolean inFields) {
        int section = 0;
        for (int i = 0; i < at; i++) {
            if (text.charAt(i) == SECTION) {
                section++;
            }
        }
        if (inFields && (at < 0 || section > LABELS)) {
            return Matched.FIELD;
        }
        return at < 0 ? Matched.PATH : SECTIONS.get(section);
    }
}
