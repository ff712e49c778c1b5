package io.busbar.api.uns;

/**
 * Why a value is Uncertain or Bad.
 *
 * @param code the kind of reason
 * @param seconds of STALE: after how long a value is; of SOURCE_TIME: how far a source's time may
 *     be ahead of the server's; otherwise 0
 */
public record QualityReason(Code code, long seconds) {
    /** The kinds of reasons. */
    public enum Code {
        /** Uncertain: it was measured too long ago. */
        STALE,
        /** Uncertain: the time that the source says cannot be read, or is ahead of the server's. */
        SOURCE_TIME,
        /** Uncertain or Bad: the source says so itself. */
        SOURCE,
        /** Uncertain: the payload is too large to be read. */
        TOO_LARGE,
        /** Bad: the value does not fit the model. */
        VIOLATION,
        /** Bad: the last payload had no value, and must have one. */
        MISSING,
        /** Bad: the last payload cannot be read. */
        UNREADABLE,
        /** Bad: nothing reads payloads of this format at the moment. */
        NO_READER,
        /** Uncertain or Bad: not all of it was kept, because memory is short. */
        NO_ROOM
    }

    /** A reason that needs no number. */
    public static QualityReason of(Code code) {
        return new QualityReason(code, 0);
    }
}
