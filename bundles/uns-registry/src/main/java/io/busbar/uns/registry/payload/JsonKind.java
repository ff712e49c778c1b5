package io.busbar.uns.registry.payload;

import io.busbar.api.uns.JsonType;

/** The kind of a JSON value. */
public enum JsonKind {
    OBJECT,
    ARRAY,
    STRING,
    /** A string with at least one backslash in it. */
    ESCAPED_STRING,
    /** A number with neither fraction nor exponent. */
    INTEGER,
    /** A number with fraction or exponent. */
    DECIMAL,
    TRUE,
    FALSE,
    NULL;

    /** What people call it. */
    public JsonType type() {
        return switch (this) {
            case OBJECT -> JsonType.OBJECT;
            case ARRAY -> JsonType.ARRAY;
            case STRING, ESCAPED_STRING -> JsonType.STRING;
            case INTEGER, DECIMAL -> JsonType.NUMBER;
            case TRUE, FALSE -> JsonType.BOOLEAN;
            case NULL -> JsonType.NULL;
        };
    }

    /** Whether it is text. */
    public boolean isString() {
        return this == STRING || this == ESCAPED_STRING;
    }

    /** Whether it is a number. */
    public boolean isNumber() {
        return this == INTEGER || this == DECIMAL;
    }

    /** The kind of a value that is known to be well-formed. */
    public static JsonKind of(byte[] json, int from, int to) {
        switch (json[from]) {
            case '{':
                return OBJECT;
            case '[':
                return ARRAY;
            case 't':
                return TRUE;
            case 'f':
                return FALSE;
            case 'n':
                return NULL;
            case '"':
                for (int i = from + 1; i < to; i++) {
                    if (json[i] == '\\') {
                        return ESCAPED_STRING;
                    }
                }
                return STRING;
            default:
                for (int i = from + 1; i < to; i++) {
                    byte c = json[i];
                    if (c == '.' || c == 'e' || c == 'E') {
                        return DECIMAL;
                    }
                }
                return INTEGER;
        }
    }
}
