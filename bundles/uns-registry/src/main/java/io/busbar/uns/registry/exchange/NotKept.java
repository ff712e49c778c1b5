package io.busbar.uns.registry.exchange;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.busbar.api.uns.ImportProblem;
import io.busbar.api.uns.ImportResult;
import io.busbar.uns.registry.payload.JsonText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Collects what a document has and the namespace cannot keep: one note for each node. Confined to
 * one thread.
 */
final class NotKept {
    /** Most parts of one node that are named. */
    private static final int MAX_PARTS = 10;

    private final List<ImportProblem> notes = new ArrayList<>();
    private long more;

    /** Parts of the node that is being read. */
    private final List<String> parts = new ArrayList<>();

    /** Begins with the next node: of the one before nothing more is said. */
    void begin() {
        parts.clear();
    }

    /** A part of the node is not kept. */
    void add(String part) {
        parts.add(part);
    }

    /** Of these keys, those that say anything are not kept. */
    void add(String prefix, JsonObject json, Set<String> keys) {
        for (Map.Entry<String, JsonElement> each : json.entrySet()) {
            if (keys.contains(each.getKey()) && LooseJson.says(each.getValue())) {
                parts.add(prefix + each.getKey() + " " + JsonText.clip(each.getValue().toString()));
            }
        }
    }

    /** The node is taken over, without its parts that were named. */
    void end(String pointer, String path, int line) {
        if (parts.isEmpty()) {
            return;
        }
        List<String> named = parts.subList(0, Math.min(parts.size(), MAX_PARTS));
        String others =
                parts.size() > MAX_PARTS ? " and " + (parts.size() - MAX_PARTS) + " more" : "";
        note(pointer, path, line, "not kept: " + String.join(", ", named) + others);
        parts.clear();
    }

    /** Says something that is not about a node. */
    void note(String pointer, String path, int line, String message) {
        if (notes.size() == ImportResult.MAX_PROBLEMS) {
            more++;
        } else {
            notes.add(new ImportProblem(pointer, path, line, message));
        }
    }

    /** Begins anew, because the document is read again. */
    void clear() {
        notes.clear();
        parts.clear();
        more = 0;
    }

    /** What was said, the first of it. */
    List<ImportProblem> notes() {
        return notes;
    }

    /** How much more there was. */
    long more() {
        return more;
    }
}
