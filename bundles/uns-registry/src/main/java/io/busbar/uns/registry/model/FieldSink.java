package io.busbar.uns.registry.model;

/**
 * Where a {@link Schema} puts what it finds in a payload. Fields go by their place in the model.
 * Values are JSON: the bytes of an array from one place up to another.
 */
public interface FieldSink {
    /** A new payload begins; its values count as of this time unless it says otherwise. */
    void begin(long receivedMicros);

    /** The payload says when it was true, in microseconds since the epoch. */
    void sourceTime(long sourceMicros);

    /** The payload gives a time that cannot be believed. */
    void doubtTime();

    /** The payload cannot be read. */
    void unreadable();

    /** A field has a new value. */
    void good(int index, byte[] payload, int from, int to);

    /** The payload has a value for a field that does not fit. */
    void bad(int index);

    /** The payload has no value for a field that must have one. */
    void missing(int index);

    /** Whether this payload said anything of a field. */
    boolean touched(int index);

    /** A value for which the model has no field. */
    void unknown(String name, byte[] payload, int from, int to);
}
