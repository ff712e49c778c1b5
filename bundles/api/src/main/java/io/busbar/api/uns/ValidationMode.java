package io.busbar.api.uns;

/** What happens to payloads that do not fit the model. */
public enum ValidationMode {
    /** Payloads are not checked. */
    OFF,
    /** Payloads are delivered unchanged. Fields that do not fit are marked, counted and shown. */
    OBSERVE
}
