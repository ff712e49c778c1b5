package io.busbar.uns.registry.payload;

import io.busbar.api.mqtt.Message;
import io.busbar.api.uns.FieldValue;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.PayloadFormat;
import io.busbar.api.uns.Quality;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What can be read from a payload without a model: named values, a single value, text, or only
 * bytes. Read when somebody looks at it, not when it arrives.
 *
 * @param time when the values were measured; null = use the time of arrival
 * @param problem why it cannot be read, as the end of the sentence "the payload …"; null if it can
 */
public record ForeignPayload(
        PayloadFormat format,
        List<FieldValue> fields,
        @Nullable Instant time,
        Quality quality,
        @Nullable String problem) {
    private static final String SPARKPLUG_NAMESPACE = "spBv1.0/";
    private static final int MAX_TEXT_BYTES = 64 * 1024;

    /**
     * Reads a payload.
     *
     * @param format what it is known to be, or null to find out
     * @param zone where the source is if its time does not say so; null if nobody knows
     * @param freshSince what was measured before is stale, in microseconds since the epoch
     */
    public static ForeignPayload read(
            Readers readers,
            Message message,
            @Nullable PayloadFormat format,
            SourceTime times,
            @Nullable ZoneId zone,
            long maxFutureMicros,
            long freshSince) {
        Reading reading = new Reading();
        PayloadFormat seen = format;
        if (seen == null) {
            seen = recognise(readers, message, reading);
        } else {
            read(readers, message, seen, reading);
        }
        String problem = reading.problem();
        if (problem != null) {
            return new ForeignPayload(seen, List.of(), null, Quality.BAD, problem);
        }
        return values(
                seen, reading, message.receivedAt(), times, zone, maxFutureMicros, freshSince);
    }

    /** Finds out what a payload is and reads it; what is nothing else is bytes. */
    private static PayloadFormat recognise(Readers readers, Message message, Reading into) {
        if (message.topic().value().startsWith(SPARKPLUG_NAMESPACE)) {
            readers.of(PayloadFormat.SPARKPLUG_B).read(message, Model.ANY, into);
            return PayloadFormat.SPARKPLUG_B;
        }
        readers.of(PayloadFormat.JSON).read(message, Model.ANY, into);
        if (into.problem() == null) {
            return into.isBare() && into.kind(0) != JsonKind.ARRAY
                    ? PayloadFormat.SCALAR
                    : PayloadFormat.JSON;
        }
        readText(readers, message, into);
        if (into.problem() == null) {
            return PayloadFormat.TEXT;
        }
        readers.of(PayloadFormat.BINARY).read(message, Model.ANY, into);
        return PayloadFormat.BINARY;
    }

    /** What is not the JSON that it should be is shown as text, if it is text. */
    private static void read(Readers readers, Message message, PayloadFormat format, Reading into) {
        if (format.equals(PayloadFormat.TEXT)) {
            readText(readers, message, into);
            return;
        }
        readers.of(format).read(message, Model.ANY, into);
        boolean json = format.equals(PayloadFormat.JSON) || format.equals(PayloadFormat.SCALAR);
        if (json && into.problem() != null) {
            readText(readers, message, into);
        }
    }

    private static void readText(Readers readers, Message message, Reading into) {
        readers.of(PayloadFormat.TEXT).read(message, Model.ANY, into);
        if (message.payload().length > MAX_TEXT_BYTES) {
            into.unreadable("is a text of more than " + MAX_TEXT_BYTES + " bytes");
        }
    }

    private static ForeignPayload values(
            PayloadFormat format,
            Reading reading,
            long receivedAt,
            SourceTime times,
            @Nullable ZoneId zone,
            long maxFutureMicros,
            long freshSince) {
        long latest = receivedAt * 1000 + maxFutureMicros;
        Instant received = Instant.ofEpochMilli(receivedAt);
        int timeIndex = reading.isTimed() || reading.isBare() ? -1 : times.mostTrusted(reading);
        Instant time = null;
        Quality quality = receivedAt * 1000 < freshSince ? Quality.UNCERTAIN : Quality.GOOD;
        if (timeIndex >= 0) {
            long micros = SourceTime.micros(reading, timeIndex, zone);
            if (SourceTime.isTime(micros) && micros <= latest) {
                time = SourceTime.instant(micros);
            }
            if (time == null || micros < freshSince) {
                quality = Quality.UNCERTAIN;
            }
        }
        Instant at = time == null ? received : time;
        Quality worst = quality;
        List<FieldValue> fields = new ArrayList<>(reading.count());
        for (int i = 0; i < reading.count(); i++) {
            if (i == timeIndex) {
                continue;
            }
            Instant own = at;
            Quality trust = quality;
            long micros = reading.micros(i);
            if (SourceTime.isTime(micros) && micros <= latest) {
                own = SourceTime.instant(micros);
                time = own;
            }
            if (micros != Reading.NO_TIME && (time != own || micros < freshSince)) {
                trust = Quality.UNCERTAIN;
            }
            if (reading.quality(i) != Quality.GOOD) {
                trust = reading.quality(i);
            }
            String name = reading.isBare() ? "value" : reading.name(i);
            fields.add(new FieldValue(name, reading.text(i), trust, own));
            worst = worse(worst, trust);
        }
        return new ForeignPayload(format, List.copyOf(fields), time, worst, null);
    }

    private static Quality worse(Quality a, Quality b) {
        return a == Quality.BAD || b == Quality.BAD ? Quality.BAD : a == Quality.GOOD ? b : a;
    }
}
