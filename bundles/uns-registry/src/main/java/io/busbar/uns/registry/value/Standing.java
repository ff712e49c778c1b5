package io.busbar.uns.registry.value;

import io.busbar.api.uns.Quality;
import io.busbar.api.uns.QualityReason;
import org.jspecify.annotations.Nullable;

/** How a value stands: its quality with the reason, as one byte. The worse, the larger. */
final class Standing {
    static final byte NEVER = 0;
    static final byte GOOD = 1;
    static final byte STALE = 2;
    static final byte SOURCE_UNSURE = 3;
    static final byte TIME_UNSURE = 4;
    static final byte MISSING = 5;
    static final byte SOURCE_BAD = 6;
    static final byte VIOLATED = 7;
    static final byte NO_READER = 8;
    static final byte UNREADABLE = 9;
    static final byte NO_ROOM = 10;

    private Standing() {}

    /**
     * How a value stands that may have become stale since it came.
     *
     * @param stale whether it is older than it should be
     */
    static byte of(byte standing, boolean stale) {
        return standing == GOOD && stale ? STALE : standing;
    }

    static byte worse(byte a, byte b) {
        return a > b ? a : b;
    }

    static Quality quality(byte standing) {
        return switch (standing) {
            case NEVER -> Quality.GOOD_NO_DATA;
            case GOOD -> Quality.GOOD;
            case STALE, SOURCE_UNSURE, TIME_UNSURE -> Quality.UNCERTAIN;
            default -> Quality.BAD;
        };
    }

    /**
     * Makes the reasons of one topic.
     *
     * @param staleAfterSeconds after how long its values are stale
     * @param maxAheadSeconds how far a source's time may be ahead of the server's
     */
    record Reasons(long staleAfterSeconds, long maxAheadSeconds) {
        @Nullable QualityReason of(byte standing) {
            return switch (standing) {
                case NEVER, GOOD -> null;
                case STALE -> new QualityReason(QualityReason.Code.STALE, staleAfterSeconds);
                case TIME_UNSURE ->
                        new QualityReason(QualityReason.Code.SOURCE_TIME, maxAheadSeconds);
                case SOURCE_UNSURE, SOURCE_BAD -> QualityReason.of(QualityReason.Code.SOURCE);
                case MISSING -> QualityReason.of(QualityReason.Code.MISSING);
                case VIOLATED -> QualityReason.of(QualityReason.Code.VIOLATION);
                case NO_READER -> QualityReason.of(QualityReason.Code.NO_READER);
                case UNREADABLE -> QualityReason.of(QualityReason.Code.UNREADABLE);
                default -> QualityReason.of(QualityReason.Code.NO_ROOM);
            };
        }
    }
}
