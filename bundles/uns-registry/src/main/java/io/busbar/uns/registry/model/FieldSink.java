package io.busbar.uns.registry.model;

import io.busbar.api.uns.Quality;

/**
 * Receives what a {@link Schema} finds in a payload. Fields are named by their position in the
 * model. A value is JSON: a range of bytes in an array, from its start to before its end.
 */
public interface FieldSink {
    /** A new payload begins; its values count as of this time unless it says otherwise. */
    void begin(long receivedMicros);

    /**
     * When the values that follow were true, by the source or, if that cannot be believed, by the
     * time of arrival.
     *
     * @param micros since the epoch
     * @param sure false if the source gave another time that cannot be believed
     */
    void time(long micros, boolean sure);

    /** The payload cannot be read. */
    void unreadable();

    /**
     * A field has a new value.
     *
     * @param sure false if the source itself is not
     * @return whether it is late: the field has a newer one, and keeps it
     */
    boolean good(int index, byte[] json, int from, int to, boolean sure);

    /**
     * The payload has no value for a field that can be used.
     *
     * @param said whether the source itself says so; else it does not fit
     * @return whether it is late: the field has something newer, and keeps it
     */
    boolean bad(int index, boolean said);

    /** The payload has no value for a field that must have one. */
    void missing(int index);

    /** Whether this payload said anything of a field. */
    boolean touched(int index);

    /**
     * A value for which the model has no field.
     *
     * @param quality how far the source trusts it: Good, Uncertain or Bad
     */
    void unknown(String name, byte[] json, int from, int to, Quality quality);
}
