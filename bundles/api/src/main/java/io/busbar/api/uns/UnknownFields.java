package io.busbar.api.uns;

/** How fields that the model does not define are treated. */
public enum UnknownFields {
    /** They are accepted. */
    ALLOW,
    /** They count as a violation, but no payload is refused because of them. */
    WARN,
    /** They count as a violation, for which {@link ValidationMode#REJECT} refuses the payload. */
    DENY
}
