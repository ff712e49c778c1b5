package io.busbar.api.uns;

/** What to think of fields that the model does not know. */
public enum UnknownFields {
    ALLOW,
    /** A violation is noted. */
    WARN,
    /** As WARN while payloads are only observed; refused by modes that refuse. */
    DENY
}
