package io.busbar.uns.registry.exchange;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.busbar.api.uns.TextSource;
import io.busbar.json.Json;
import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;

/**
 * Puts the children of every node of a document after its other keys, as {@link NamespaceReader}
 * needs them. Exports have them so. Other documents are changed in memory, so their size is
 * limited.
 */
final class ChildrenLast {
    static final String TOO_LARGE =
            "has keys after 'children' (expected: 'children' is the last key, because the document"
                    + " has more than 4 million characters or 500,000 values)";

    private static final int MAX_CHARS = 4_000_000;
    private static final int MAX_VALUES = 500_000;

    private ChildrenLast() {}

    /** The same document in the right order; null if it is too large. */
    static @Nullable TextSource of(TextSource document) throws IOException {
        StringBuilder text = new StringBuilder();
        char[] part = new char[8192];
        try (Reader in = document.open()) {
            for (int n; (n = in.read(part)) >= 0; ) {
                if (text.length() + n > MAX_CHARS) {
                    return null;
                }
                text.append(part, 0, n);
            }
        }
        int values = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            values += c == ',' || c == '[' || c == '{' ? 1 : 0;
        }
        if (values > MAX_VALUES) {
            return null;
        }
        JsonElement json = Json.parse(text.toString(), Json.MAX_DEPTH, MAX_VALUES);
        order(json);
        return TextSource.of(Json.write(json));
    }

    private static void order(JsonElement json) {
        if (json instanceof JsonArray array) {
            array.forEach(ChildrenLast::order);
        } else if (json instanceof JsonObject object) {
            object.entrySet().forEach(each -> order(each.getValue()));
            JsonElement children = object.remove("children");
            if (children != null) {
                object.add("children", children);
            }
        }
    }
}
