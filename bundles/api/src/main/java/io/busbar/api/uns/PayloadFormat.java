package io.busbar.api.uns;

/** How the bytes of a topic's payload are read. */
public enum PayloadFormat {
    /** An object with the model's fields. */
    JSON,
    /** One bare value. */
    SCALAR,
    /** UTF-8 text. */
    TEXT,
    /** Bytes that are not read. */
    BINARY,
    /** Sparkplug B protobuf; shown as bytes. */
    SPARKPLUG_B
}
