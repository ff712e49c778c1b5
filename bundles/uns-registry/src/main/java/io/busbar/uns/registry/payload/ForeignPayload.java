package io.busbar.uns.registry.payload;

import io.busbar.api.uns.FieldValue;
import io.busbar.api.uns.PayloadFormat;
import io.busbar.api.uns.Quality;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What can be read off a payload without a model: the members of a JSON object, one bare value,
 * text, or nothing but bytes. Read when somebody looks, not when it arrives.
 *
 * @param time when it was true; null = when it was received
 */
public record ForeignPayload(
        PayloadFormat format, List<FieldValue> fields, @Nullable Instant time, Quality quality) {
    private static final String SPARKPLUG_NAMESPACE = "spBv1.0/";
    private static final int MAX_TEXT_BYTES = 64 * 1024;

    /**
     * Reads a payload.
     *
     * @param format what it is known to be, or null to find out
     * @param stale whether the value is older than it should be
     */
    public static ForeignPayload read(
            String topic,
            @Nullable PayloadFormat format,
            byte[] payload,
            long receivedAt,
            SourceTime times,
            long maxFutureMicros,
            boolean stale) {
        Quality fresh = stale ? Quality.UNCERTAIN : Quality.GOOD;
        if (format == PayloadFormat.BINARY || format == PayloadFormat.SPARKPLUG_B) {
            return new ForeignPayload(format, List.of(), null, fresh);
        }
        if (format == null && topic.startsWith(SPARKPLUG_NAMESPACE)) {
            return new ForeignPayload(PayloadFormat.SPARKPLUG_B, List.of(), null, fresh);
        }
        Instant received = Instant.ofEpochMilli(receivedAt);
        JsonScan scan = new JsonScan();
        if (format != PayloadFormat.TEXT && scan.scan(payload)) {
            if (scan.kind() == JsonScan.Kind.OBJECT) {
                return members(
                        format == null ? PayloadFormat.JSON : format,
                        payload,
                        scan,
                        receivedAt,
                        times,
                        maxFutureMicros,
                        fresh);
            }
            PayloadFormat seen =
                    scan.kind() == JsonScan.Kind.ARRAY ? PayloadFormat.JSON : PayloadFormat.SCALAR;
            String json =
                    new String(
                            payload,
                            scan.start(),
                            scan.end() - scan.start(),
                            StandardCharsets.UTF_8);
            return new ForeignPayload(
                    format == null ? seen : format,
                    List.of(new FieldValue("value", json, fresh, received)),
                    null,
                    fresh);
        }
        byte[] quoted = payload.length > MAX_TEXT_BYTES ? null : JsonText.quoted(payload);
        if (quoted == null) {
            return new ForeignPayload(
                    format == null ? PayloadFormat.BINARY : format,
                    List.of(),
                    null,
                    format == null ? fresh : Quality.BAD);
        }
        return new ForeignPayload(
                format == null ? PayloadFormat.TEXT : format,
                List.of(
                        new FieldValue(
                                "value",
                                new String(quoted, StandardCharsets.UTF_8),
                                fresh,
                                received)),
                null,
                fresh);
    }

    private static ForeignPayload members(
            PayloadFormat format,
            byte[] payload,
            JsonScan scan,
            long receivedAt,
            SourceTime times,
            long maxFutureMicros,
            Quality fresh) {
        int best = -1;
        int bestRank = Integer.MAX_VALUE;
        for (int i = 0; i < scan.count(); i++) {
            int rank = times.rank(scan, i);
            if (rank >= 0 && rank < bestRank) {
                best = i;
                bestRank = rank;
            }
        }
        Instant time = null;
        Quality quality = fresh;
        if (best >= 0) {
            long micros =
                    SourceTime.micros(
                            payload,
                            scan.valueStart(best),
                            scan.valueEnd(best),
                            scan.valueKind(best));
            if (micros > SourceTime.OUT_OF_RANGE && micros <= receivedAt * 1000 + maxFutureMicros) {
                time = SourceTime.instant(micros);
            } else {
                quality = Quality.UNCERTAIN;
            }
        }
        Instant at = time == null ? Instant.ofEpochMilli(receivedAt) : time;
        List<FieldValue> fields = new ArrayList<>(scan.count());
        for (int i = 0; i < scan.count(); i++) {
            if (i != best) {
                String json =
                        new String(
                                payload,
                                scan.valueStart(i),
                                scan.valueEnd(i) - scan.valueStart(i),
                                StandardCharsets.UTF_8);
                fields.add(new FieldValue(scan.key(i), json, quality, at));
            }
        }
        return new ForeignPayload(format, List.copyOf(fields), time, quality);
    }
}
