package io.busbar.api.uns;

/** The types of fields and what JSON each accepts. */
public enum FieldType {
    /** A number without fraction, 32 bits; 6.0 is fine. */
    INTEGER,
    /** A number without fraction, 64 bits, exact. */
    LONG,
    /** A finite number. */
    FLOAT,
    /** A finite number. */
    DOUBLE,
    /** true or false. */
    BOOLEAN,
    /**
     * RFC 3339 text, or a number since the epoch in seconds, milliseconds or microseconds, told
     * apart by its size.
     */
    DATETIME,
    /** Text. */
    STRING,
    /** One of the texts of {@link Field#allowed}; State and Action only. */
    ENUM,
    /** A JSON object; State and Action only. */
    OBJECT,
    /** A JSON array; State and Action only. */
    ARRAY,
    /** Bytes as base64 text; State and Action only. */
    BLOB
}
