package io.busbar.uns.registry.exchange;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.busbar.api.uns.ImportProblem;
import io.busbar.api.uns.ImportResult;
import io.busbar.api.uns.Reason;
import io.busbar.uns.registry.payload.JsonText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Collects what a document has and the namespace cannot keep: one note for each node. Confined to
 * one thread.
 */
final class NotKept {
    /** Most parts of one node that are named. */
    private static final int MAX_PARTS = 10;

    private final List<ImportProblem> notes = new ArrayList<>();
    private long more;

    /** Parts of the node that is being read, in words and as they stand in the document. */
    private final List<Part> parts = new ArrayList<>();

    private record Part(String words, String key) {}

    /** Begins with the next node: of the one before nothing more is said. */
    void begin() {
        parts.clear();
    }

    /**
     * A part of the node is not kept.
     *
     * @param words what it is, for people
     * @param key the same as the document has it
     */
    void add(String words, String key) {
        parts.add(new Part(words, key));
    }

    /** Of these keys, those that say anything are not kept. */
    void add(String prefix, JsonObject json, Set<String> keys) {
        for (Map.Entry<String, JsonElement> each : json.entrySet()) {
            if (keys.contains(each.getKey()) && LooseJson.says(each.getValue())) {
                String part =
                        prefix + each.getKey() + " " + JsonText.clip(each.getValue().toString());
                parts.add(new Part(part, part));
            }
        }
    }

    /** The node is taken over, without its parts that were named. */
    void end(String pointer, String path, int line) {
        if (parts.isEmpty()) {
            return;
        }
        List<Part> named = parts.subList(0, Math.min(parts.size(), MAX_PARTS));
        int others = parts.size() - named.size();
        note(
                pointer,
                path,
                line,
                "not kept: "
                        + String.join(", ", named.stream().map(Part::words).toList())
                        + (others > 0 ? " and " + others + " more" : ""),
                Reason.of(
                        Reason.Code.NOT_KEPT,
                        "parts",
                        String.join(", ", named.stream().map(Part::key).toList()),
                        "more",
                        String.valueOf(others)));
        parts.clear();
    }

    /** Says something that is not about a node. */
    void note(String pointer, String path, int line, String message, @Nullable Reason reason) {
        if (notes.size() == ImportResult.MAX_PROBLEMS) {
            more++;
        } else {
            notes.add(new ImportProblem(pointer, path, line, message, reason));
        }
    }

    /** Says what another one says. */
    void addAll(NotKept other) {
        other.notes.forEach(
                each ->
                        note(
                                each.pointer(),
                                each.path(),
                                each.line(),
                                each.message(),
                                each.reason()));
        more += other.more;
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
