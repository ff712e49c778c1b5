package io.busbar.api.uns;

/** The types of fields, and which JSON values each of them accepts. */
public enum FieldType {
    /** A whole number of 32 bits. 6.0 is accepted. */
    INTEGER,
    /** A whole number of 64 bits, exact. */
    LONG,
    /** A finite number. */
    FLOAT,
    /** A finite number. */
    DOUBLE,
    /** true or false. */
    BOOLEAN,
    /**
     * A time: RFC 3339 text, or a number since the epoch, which may be text. Whether the number
     * means seconds, milliseconds, microseconds or nanoseconds is decided by its size. A text
     * without offset is a time of the {@link NodePolicy#timeZone} that holds for the node.
     */
    DATETIME,
    /** Text. */
    STRING,
    /** One of the texts in {@link Field#allowed}. Only for State and Action. */
    ENUM,
    /** A JSON object. Only for State and Action. */
    OBJECT,
    /** A JSON array. Only for State and Action. */
    ARRAY,
    /** Bytes as base64 text. Only for State and Action. */
    BLOB
}
