package io.busbar.uns.registry.payload;

import io.busbar.api.mqtt.Message;
import io.busbar.api.uns.FieldValue;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.PayloadFormat;
import io.busbar.api.uns.Quality;
import io.busbar.api.uns.QualityReason;
import io.busbar.api.uns.Reason;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What can be read from a payload without a model: named values, a single value, text, or only
 * bytes. Read when somebody looks at it, not when it arrives.
 *
 * @param fields in the order of the payload; several of one name if it has several
 * @param time when the newest value was measured; null = use the time of arrival
 * @param reason why the quality is not Good; else null
 * @param problem why it cannot be read, as the end of the sentence "the payload …"; null if it can
 * @param why the same for programs
 */
public record ForeignPayload(
        PayloadFormat format,
        List<FieldValue> fields,
        @Nullable Instant time,
        Quality quality,
        @Nullable QualityReason reason,
        @Nullable String problem,
        @Nullable Reason why) {
    private static final String SPARKPLUG_NAMESPACE = "spBv1.0/";

    /** What host applications say of themselves there is JSON. */
    private static final String SPARKPLUG_STATE = "spBv1.0/STATE/";

    /** What other payloads are held for, one after the other. */
    private static final List<PayloadFormat> RECOGNISED =
            List.of(PayloadFormat.JSON, PayloadFormat.TEXT, PayloadFormat.BINARY);

    private static final int MAX_TEXT_BYTES = 64 * 1024;

    /**
     * What makes a value Uncertain.
     *
     * @param freshSince what was measured before is stale, in microseconds since the epoch
     * @param staleAfterSeconds why it is
     * @param maxFutureMicros how far a source's time may be ahead of the server's
     */
    public record Patience(long freshSince, long staleAfterSeconds, long maxFutureMicros) {
        private QualityReason stale() {
            return new QualityReason(QualityReason.Code.STALE, staleAfterSeconds);
        }

        private QualityReason sourceTime() {
            return new QualityReason(QualityReason.Code.SOURCE_TIME, maxFutureMicros / 1_000_000);
        }
    }

    /**
     * Reads a payload.
     *
     * @param format what it is known to be, or null to find out
     * @param zone where the source is if its time does not say so; null if nobody knows
     */
    public static ForeignPayload read(
            Readers readers,
            Message message,
            @Nullable PayloadFormat format,
            SourceTime times,
            @Nullable ZoneId zone,
            Patience patience) {
        Reading reading = new Reading();
        PayloadFormat seen = format;
        if (seen == null) {
            seen = recognise(readers, message, zone, reading);
        } else {
            read(readers, message, seen, zone, reading);
        }
        String problem = reading.problem();
        if (problem != null) {
            return new ForeignPayload(
                    seen,
                    List.of(),
                    null,
                    Quality.BAD,
                    QualityReason.of(QualityReason.Code.UNREADABLE),
                    problem,
                    reading.reason());
        }
        return new Values(reading, message, times, zone, patience).of(seen);
    }

    /**
     * Whether values stand in a payload as they are shown, so that its bytes tell what is in it. It
     * is not so if another bundle reads it.
     *
     * @param format as in {@link #read}
     */
    public static boolean isPlain(Readers readers, String topic, @Nullable PayloadFormat format) {
        if (format != null) {
            return !readers.of(format).isForeign();
        }
        return isSparkplug(topic)
                ? !readers.of(PayloadFormat.SPARKPLUG_B).isForeign()
                : RECOGNISED.stream().noneMatch(each -> readers.of(each).isForeign());
    }

    private static boolean isSparkplug(String topic) {
        return topic.startsWith(SPARKPLUG_NAMESPACE) && !topic.startsWith(SPARKPLUG_STATE);
    }

    /** The last of the values of each name, by their times; all if none is there twice. */
    public static List<FieldValue> latest(List<FieldValue> values) {
        Map<String, FieldValue> last = new LinkedHashMap<>();
        for (FieldValue each : values) {
            last.merge(
                    each.name(),
                    each,
                    (one, next) -> next.timestamp().isBefore(one.timestamp()) ? one : next);
        }
        return last.size() == values.size() ? values : List.copyOf(last.values());
    }

    /** The same with only the latest value of each name: the picture after the payload. */
    public ForeignPayload latest() {
        List<FieldValue> last = latest(fields);
        return last == fields ? this : of(format, last, time, null);
    }

    /** Finds out what a payload is and reads it; what is nothing else is bytes. */
    private static PayloadFormat recognise(
            Readers readers, Message message, @Nullable ZoneId zone, Reading into) {
        if (isSparkplug(message.topic().value())) {
            readers.of(PayloadFormat.SPARKPLUG_B).read(message, Model.ANY, zone, into);
            return PayloadFormat.SPARKPLUG_B;
        }
        readers.of(PayloadFormat.JSON).read(message, Model.ANY, zone, into);
        if (into.problem() == null) {
            return into.isBare() && into.kind(0) != JsonKind.ARRAY
                    ? PayloadFormat.SCALAR
                    : PayloadFormat.JSON;
        }
        readText(readers, message, into);
        if (into.problem() == null) {
            return PayloadFormat.TEXT;
        }
        readers.of(PayloadFormat.BINARY).read(message, Model.ANY, zone, into);
        return PayloadFormat.BINARY;
    }

    /** What is not the JSON that it should be is shown as text, if it is text. */
    private static void read(
            Readers readers,
            Message message,
            PayloadFormat format,
            @Nullable ZoneId zone,
            Reading into) {
        if (format.equals(PayloadFormat.TEXT)) {
            readText(readers, message, into);
            return;
        }
        readers.of(format).read(message, Model.ANY, zone, into);
        boolean json = format.equals(PayloadFormat.JSON) || format.equals(PayloadFormat.SCALAR);
        if (json && into.problem() != null) {
            readText(readers, message, into);
        }
    }

    private static void readText(Readers readers, Message message, Reading into) {
        readers.of(PayloadFormat.TEXT).read(message, Model.ANY, null, into);
        if (message.payload().length > MAX_TEXT_BYTES) {
            into.unreadable(
                    "is a text of more than " + MAX_TEXT_BYTES + " bytes",
                    Reason.of(
                            Reason.Code.PAYLOAD_LONG_TEXT, "max", String.valueOf(MAX_TEXT_BYTES)));
        }
    }

    /**
     * Values with the quality of the worst of them.
     *
     * @param doubt why all of them are Uncertain; null if they are not
     */
    private static ForeignPayload of(
            PayloadFormat format,
            List<FieldValue> fields,
            @Nullable Instant time,
            @Nullable QualityReason doubt) {
        Quality worst = quality(doubt);
        QualityReason why = doubt;
        for (FieldValue each : fields) {
            if (isWorse(each.quality(), worst)) {
                worst = each.quality();
                why = each.reason();
            }
        }
        return new ForeignPayload(format, fields, time, worst, why, null, null);
    }

    private static Quality quality(@Nullable QualityReason doubt) {
        return doubt == null ? Quality.GOOD : Quality.UNCERTAIN;
    }

    private static boolean isWorse(Quality a, Quality b) {
        return a != b && (a == Quality.BAD || b == Quality.GOOD);
    }

    /** The values of a payload with their times and qualities. */
    private static final class Values {
        private final Reading reading;
        private final Patience patience;
        private final long received;
        private final long latest;

        /** The value that is the time of all others; -1 if there is none. */
        private final int timeIndex;

        /** What that value says; not to be believed if it is no time. */
        private final long saidTime;

        Values(
                Reading reading,
                Message message,
                SourceTime times,
                @Nullable ZoneId zone,
                Patience patience) {
            this.reading = reading;
            this.patience = patience;
            this.received = message.receivedAt() * 1000;
            this.latest = received + patience.maxFutureMicros();
            this.timeIndex =
                    reading.isTimed() || reading.isBare() ? -1 : times.mostTrusted(reading);
            this.saidTime =
                    timeIndex < 0
                            ? Reading.NO_TIME
                            : SourceTime.micros(reading, timeIndex, zone, received);
        }

        ForeignPayload of(PayloadFormat format) {
            long newest = newest();
            boolean stale =
                    (newest == Reading.NO_TIME ? received : Math.min(newest, received))
                            < patience.freshSince();
            boolean unsure = timeIndex >= 0 && !isBelieved(saidTime);
            QualityReason doubt = unsure ? patience.sourceTime() : stale ? patience.stale() : null;
            List<FieldValue> fields = new ArrayList<>(reading.count());
            for (int i = 0; i < reading.count(); i++) {
                if (i != timeIndex) {
                    fields.add(field(i, doubt));
                }
            }
            return ForeignPayload.of(
                    format,
                    List.copyOf(fields),
                    newest == Reading.NO_TIME ? null : SourceTime.instant(newest),
                    doubt);
        }

        private FieldValue field(int i, @Nullable QualityReason ofAll) {
            long micros = timeIndex < 0 ? reading.micros(i) : saidTime;
            boolean unsure = micros != Reading.NO_TIME && !isBelieved(micros);
            QualityReason doubt = unsure ? patience.sourceTime() : ofAll;
            Quality said = reading.quality(i);
            boolean good = said == Quality.GOOD;
            return new FieldValue(
                    reading.isBare() ? "value" : reading.name(i),
                    reading.text(i),
                    good ? quality(doubt) : said,
                    good ? doubt : QualityReason.of(QualityReason.Code.SOURCE),
                    SourceTime.instant(isBelieved(micros) ? micros : received));
        }

        private boolean isBelieved(long micros) {
            return SourceTime.isTime(micros) && micros <= latest;
        }

        /** When the newest value was measured, or {@link Reading#NO_TIME} if none says so. */
        private long newest() {
            long newest = isBelieved(saidTime) ? saidTime : Reading.NO_TIME;
            for (int i = 0; i < reading.count() && reading.isTimed(); i++) {
                long micros = reading.micros(i);
                newest = Math.max(newest, isBelieved(micros) ? micros : received);
            }
            return newest;
        }
    }
}
