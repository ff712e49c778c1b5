package io.busbar.api.uns;

import org.jspecify.annotations.Nullable;

/**
 * One thing to be said of a document that was to be imported: a mistake, or what is not kept.
 *
 * @param pointer where it is in the document: a JSON Pointer, e.g. {@code /namespace/0/children/3};
 *     empty for the whole document
 * @param path the path of the node that it is about; empty if it is not known
 * @param line the line in which the node begins, counted from 1; 0 if it is not known
 * @param message what is wrong and what was expected; or what is not kept
 * @param reason the same for programs; null if there are only words for it
 */
public record ImportProblem(
        String pointer, String path, int line, String message, @Nullable Reason reason) {
    /** Where and what, for people. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(pointer.isEmpty() ? "the document" : pointer);
        if (!path.isEmpty()) {
            text.append(" (").append(path).append(')');
        }
        if (line > 0) {
            text.append(", line ").append(line);
        }
        return text.append(": ").append(message).toString();
    }
}
