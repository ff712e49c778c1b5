package io.busbar.api.uns;

/** What happens to payloads that do not fit the model. */
public enum ValidationMode {
    /** Nothing is checked. */
    OFF,
    /** Delivered unchanged; bad fields are marked, counted and shown. */
    OBSERVE
}
