package io.busbar.json;

/**
 * Thrown when a text is not the JSON that was asked for. The message says what is wrong and where.
 */
public final class JsonException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String reason;
    private final String path;
    private final int line;
    private final int column;

    JsonException(String reason, String path, int line, int column) {
        super(message(reason, path, line, column));
        this.reason = reason;
        this.path = path;
        this.line = line;
        this.column = column;
    }

    private static String message(String reason, String path, int line, int column) {
        String at = line == 0 ? "" : " at line " + line + " column " + column;
        return reason + at + (path.isEmpty() ? "" : " in " + path);
    }

    /** What is wrong, without the place. */
    public String reason() {
        return reason;
    }

    /**
     * The path of the wrong value, e.g. {@code credentials[0].acl[1].filter}; empty for the whole
     * text.
     */
    public String path() {
        return path;
    }

    /** Line in the text, counted from 1; 0 if unknown. */
    public int line() {
        return line;
    }

    /** Column in the line, counted from 1; 0 if unknown. */
    public int column() {
        return column;
    }
}
