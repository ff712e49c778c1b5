package io.busbar.api.transfer;

/** What can be moved by itself, in the order in which it stands in a file. */
public enum StatePart {
    /** Credentials of MQTT clients, with what is kept of their passwords. */
    CREDENTIALS,
    /** Retained messages. */
    RETAINED,
    /** Sessions that outlive their connection, with subscriptions, messages and wills. */
    SESSIONS
}
