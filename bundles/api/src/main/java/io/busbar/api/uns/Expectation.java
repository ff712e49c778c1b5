package io.busbar.api.uns;

/**
 * What would have fitted where a value did not.
 *
 * @param kind what it is about
 * @param value the limit, the allowed texts or the pattern; empty if the kind says it all
 */
public record Expectation(Kind kind, String value) {
    /** The kinds of expectation, each with its words. */
    public enum Kind {
        /** A number. */
        NUMBER("a number"),
        /** A number without fraction. */
        WHOLE_NUMBER("a number without fraction"),
        /** A number that a field of this type can hold. */
        BITS_32("32 bits"),
        /** A number that a field of this type can hold. */
        BITS_64("64 bits"),
        /** A number that a field of type FLOAT can hold. */
        FLOAT("FLOAT"),
        /** A number that a field of type DOUBLE can hold. */
        DOUBLE("DOUBLE"),
        /** No less than the value. */
        AT_LEAST("at least "),
        /** No more than the value. */
        AT_MOST("at most "),
        /** True or false. */
        BOOLEAN("true or false"),
        /** A text. */
        TEXT("text"),
        /** Bytes as text. */
        BASE64("base64 text"),
        /** An object. */
        OBJECT("an object"),
        /** A list. */
        ARRAY("an array"),
        /** A text that the pattern matches; the value is the pattern. */
        PATTERN(""),
        /** One of some texts; the value lists them. */
        ONE_OF(""),
        /** A time. */
        TIME("RFC 3339 with an offset, or s, ms, µs or ns since 1970"),
        /** A time that the server can hold. */
        TIME_IN_RANGE("a time between 1971 and 2500"),
        /** A time that is not too far in the future; the value is how many seconds it may be. */
        AHEAD("seconds ahead of the server's clock: at most "),
        /** A time that says where it is, or a node that does. */
        TIME_ZONE("an offset such as Z or +02:00, or a timeZone of the topic or a path above it"),
        /** How good a value is, in one of the forms that sources have. */
        QUALITY("Good, Uncertain or Bad, true or false, or a code of OPC: 0 to 255, or 32 bits");

        private final String words;

        Kind(String words) {
            this.words = words;
        }
    }

    /** One whose kind says it all. */
    public static Expectation of(Kind kind) {
        return new Expectation(kind, "");
    }

    /** In English, to stand after "expected: ". */
    public String text() {
        return kind.words + value;
    }
}
