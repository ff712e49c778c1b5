package io.busbar.api.uns;

/** How fields that the model does not define are treated. */
public enum UnknownFields {
    /** They are accepted. */
    ALLOW,
    /** They count as a violation. */
    WARN,
    /**
     * Same as WARN while payloads are only observed. A validation mode that refuses payloads would
     * refuse them.
     */
    DENY
}
