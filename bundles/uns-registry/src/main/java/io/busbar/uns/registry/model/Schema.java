package io.busbar.uns.registry.model;

import io.busbar.api.mqtt.Message;
import io.busbar.api.uns.Expectation;
import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.PayloadFormat;
import io.busbar.api.uns.Quality;
import io.busbar.api.uns.Reason;
import io.busbar.api.uns.UnknownFields;
import io.busbar.api.uns.Violation;
import io.busbar.uns.registry.payload.FormatReader;
import io.busbar.uns.registry.payload.JsonKind;
import io.busbar.uns.registry.payload.JsonScan;
import io.busbar.uns.registry.payload.JsonText;
import io.busbar.uns.registry.payload.Reading;
import io.busbar.uns.registry.payload.SourceQuality;
import io.busbar.uns.registry.payload.SourceTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A model prepared for checking payloads. Finds the field of each value and the time of the
 * payload. {@link FieldCheck} checks the single values. Immutable and thread-safe.
 */
public final class Schema {
    private static final boolean[] NONE = new boolean[0];

    private final Schemas.Source source;
    private final boolean json;
    private final boolean checks;
    private final boolean unknownIsViolation;

    /** Else what is unknown comes after everything else that is wrong. */
    private final boolean unknownIsRefused;

    private final FieldCheck[] fields;

    /** Places of the fields by the hash of their keys; -1 = empty. */
    private final int[] table;

    /** Where fields are that are inside of other values; null if there are none. */
    private final @Nullable FieldPlaces places;

    /** The name of the value that is the source's quality; null if there is none. */
    private final @Nullable PayloadKey quality;

    private final SourceTime times;
    private final long maxFutureMicros;

    /**
     * Compiles a model that has at least one field.
     *
     * @param maxFutureMicros how far ahead of the server's clock a source's time may be
     */
    Schema(Schemas.Source source, SourceTime times, long maxFutureMicros) {
        this.source = source;
        Model model = source.model();
        this.json = source.format().equals(PayloadFormat.JSON);
        this.checks = source.checks();
        this.unknownIsViolation = model.unknownFields() != UnknownFields.ALLOW;
        this.unknownIsRefused = model.unknownFields() == UnknownFields.DENY;
        String name = model.quality();
        this.quality = name == null ? null : new PayloadKey(name);
        this.times = times;
        this.maxFutureMicros = maxFutureMicros;
        this.fields = new FieldCheck[model.fields().size()];
        this.table = new int[Integer.highestOneBit(Math.max(fields.length, 2)) * 4];
        Arrays.fill(table, -1);
        for (int i = 0; i < fields.length; i++) {
            fields[i] = new FieldCheck(model.fields().get(i), times, source.zone());
            int place = fields[i].hash & table.length - 1;
            while (table[place] >= 0) {
                place = place + 1 & table.length - 1;
            }
            table[place] = i;
        }
        this.places = places(model.fields());
    }

    private static @Nullable FieldPlaces places(List<Field> fields) {
        FieldPlaces places = null;
        for (int i = 0; i < fields.size(); i++) {
            FieldPath path = FieldPath.of(fields.get(i));
            if (path != null) {
                places = places == null ? new FieldPlaces() : places;
                places.put(path, i);
            }
        }
        return places;
    }

    /** Whether it was made of this very model, and the same else. */
    boolean isOf(Schemas.Source other) {
        return source.model() == other.model()
                && source.format().equals(other.format())
                && source.checks() == other.checks()
                && Objects.equals(source.zone(), other.zone());
    }

    /** Whether times in payloads mean the same as for another model. */
    public boolean hasTimesAs(Schema other) {
        return Objects.equals(source.zone(), other.source.zone());
    }

    /** Where sources are whose times do not say so; null if nobody knows. */
    @Nullable ZoneId zone() {
        return source.zone();
    }

    /** Compiles another model for the same topic. */
    public Schema with(Model other) {
        return new Schema(
                new Schemas.Source(other, source.format(), source.checks(), source.zone()),
                times,
                maxFutureMicros);
    }

    /** What was compiled. */
    public Model model() {
        return source.model();
    }

    /** The fields as the model lists them. */
    public List<Field> fields() {
        return source.model().fields();
    }

    /** The checks of a field like those of this model. */
    FieldCheck check(Field field) {
        return new FieldCheck(field, times, source.zone());
    }

    /** Whether what does not fit is a violation. */
    public boolean checks() {
        return checks;
    }

    /**
     * Reads a payload and holds it against the fields of a topic. Nothing of it is in the reading
     * afterwards.
     *
     * @return the first thing that is wrong with it, or null if it fits or nothing is checked
     */
    public @Nullable Violation examine(
            FormatReader reader, Message message, Reading reading, FieldSink into) {
        try {
            reader.read(message, source.model(), source.zone(), reading);
            return hold(reading, message.receivedAt(), into);
        } finally {
            reading.clear();
        }
    }

    /**
     * What is wrong with a payload that is too long to be read; null if nothing is checked.
     *
     * @param at in milliseconds since the epoch
     */
    public @Nullable Violation tooLong(int bytes, int mostBytes, long at) {
        return checks ? Excess.size(bytes, mostBytes, at) : null;
    }

    /**
     * Holds what was read of a payload against the fields of a topic: what fits becomes the new
     * value of its field, what does not marks its field Bad.
     *
     * @param receivedAt in milliseconds since the epoch
     * @return the first thing that is wrong with it, or null if it fits or nothing is checked
     */
    public @Nullable Violation hold(Reading reading, long receivedAt, FieldSink into) {
        into.begin(receivedAt * 1000);
        String problem = reading.problem();
        if (problem != null) {
            return unreadable(problem, reading.reason(), receivedAt, into);
        }
        if (reading.isBare()) {
            return bare(reading, receivedAt, into);
        }
        if (reading.count() == 0 && !json) {
            return null;
        }
        return named(reading, receivedAt, into);
    }

    private @Nullable Violation unreadable(
            String problem, @Nullable Reason why, long at, FieldSink into) {
        into.unreadable();
        return checks ? Violations.unreadable("the payload " + problem, why, at) : null;
    }

    private @Nullable Violation bare(Reading reading, long at, FieldSink into) {
        if (reading.kind(0) == JsonKind.ARRAY) {
            return unreadable(
                    "is an array (expected: an object)",
                    Reason.of(Reason.Code.PAYLOAD_ARRAY),
                    at,
                    into);
        }
        if (fields.length != 1) {
            return unreadable(
                    json
                            ? "is a bare value (expected: an object with "
                                    + fields.length
                                    + " fields)"
                            : "is one value (the model has " + fields.length + " fields)",
                    Reason.of(Reason.Code.PAYLOAD_BARE, "max", String.valueOf(fields.length)),
                    at,
                    into);
        }
        Violation time = reading.isTimed() ? ownTime(reading, 0, at, into) : null;
        Violation wrong = take(0, reading, 0, Quality.GOOD, at, into);
        return wrong != null ? wrong : time;
    }

    private @Nullable Violation named(Reading reading, long at, FieldSink into) {
        boolean timed = reading.isTimed();
        int timeValue = timed ? -1 : timeValue(reading);
        int timeField = timeValue < 0 ? -1 : indexOf(reading, timeValue, 0);
        Violation time = timeValue < 0 ? null : sourceTime(reading, timeValue, timeField, at, into);
        int qualityValue = qualityValue(reading);
        Quality said = qualityValue < 0 ? Quality.GOOD : SourceQuality.of(reading, qualityValue);
        Quality trust = said == null ? Quality.UNCERTAIN : said;
        boolean[] keyed = keyed(reading);
        Violation first = null;
        Violation strange = null;
        int expected = 0;
        for (int i = 0; i < reading.count(); i++) {
            if (timed) {
                Violation late = ownTime(reading, i, at, into);
                time = time != null ? time : late;
            }
            int index = i == timeValue ? timeField : indexOf(reading, i, expected);
            FieldPlaces.Place place = places == null ? null : places.of(reading, i);
            if (place != null) {
                Violation wrong = inside(place, reading, i, trust, keyed, at, into);
                first = first != null ? first : wrong;
            }
            if (index >= 0) {
                expected = index + 1;
                Quality own = i == qualityValue ? Quality.GOOD : trust;
                Violation wrong = take(index, reading, i, own, at, into);
                first = first != null ? first : wrong;
            } else if (place == null
                    && i != qualityValue
                    && (timed || i != timeValue && times.rank(reading, i) < 0)) {
                Violation wrong = unknown(reading, i, worse(reading.quality(i), trust), at, into);
                strange = strange != null ? strange : wrong;
            }
        }
        if (unknownIsRefused) {
            first = first != null ? first : strange;
        }
        if (checks) {
            Violation missing = required(at, into);
            first = first != null ? first : missing;
        }
        if (first == null && said == null && checks) {
            first = noQuality(reading, qualityValue, at);
        }
        return first != null ? first : time != null ? time : strange;
    }

    /** Whether something that is wrong is no reason to refuse a payload. */
    public boolean isWarning(Violation wrong) {
        return wrong.code() == Violation.Code.UNKNOWN_FIELD && !unknownIsRefused;
    }

    /**
     * Which fields have a key of the payload that is their whole source: it comes before what is at
     * the path that the same text is, wherever the two stand.
     */
    private boolean[] keyed(Reading reading) {
        if (places == null) {
            return NONE;
        }
        boolean[] keyed = new boolean[fields.length];
        for (int i = 0; i < reading.count(); i++) {
            int index = indexOf(reading, i, i);
            if (index >= 0) {
                keyed[index] = true;
            }
        }
        return keyed;
    }

    /** The value that is the source's quality; -1 if there is none. */
    private int qualityValue(Reading reading) {
        PayloadKey key = quality;
        for (int i = 0; key != null && i < reading.count(); i++) {
            if (key.isOf(reading, i)) {
                return i;
            }
        }
        return -1;
    }

    private static Violation noQuality(Reading reading, int i, long at) {
        return new Violations(JsonText.clip(reading.name(i)))
                .type(
                        reading.json(i),
                        reading.from(i),
                        reading.to(i),
                        Expectation.Kind.QUALITY,
                        at);
    }

    private @Nullable Violation unknown(
            Reading reading, int i, Quality quality, long at, FieldSink into) {
        String name = reading.name(i);
        into.unknown(name, reading.json(i), reading.from(i), reading.to(i), quality);
        return unknownIsViolation && checks
                ? new Violations(JsonText.clip(name))
                        .of(
                                Violation.Code.UNKNOWN_FIELD,
                                reading.kind(i).type(),
                                "the model has no such field",
                                at)
                : null;
    }

    private @Nullable Violation required(long at, FieldSink into) {
        Violation first = null;
        for (int i = 0; i < fields.length; i++) {
            if (fields[i].field.required() && !into.touched(i)) {
                into.missing(i);
                first = first != null ? first : fields[i].missing(at);
            }
        }
        return first;
    }

    /**
     * The field of a value, or -1; tries first the one that would come next if the source keeps the
     * model's order.
     */
    private int indexOf(Reading reading, int value, int expected) {
        if (expected < fields.length && reading.nameIs(value, fields[expected].key)) {
            return expected;
        }
        int hash = reading.nameHash(value);
        int place = hash & table.length - 1;
        for (int index; (index = table[place]) >= 0; place = place + 1 & table.length - 1) {
            if (fields[index].hash == hash && reading.nameIs(value, fields[index].key)) {
                return index;
            }
        }
        return reading.isNameAscii(value) ? -1 : indexOfNormalized(reading.normalName(value));
    }

    /**
     * The field of a key that is in another Unicode normal form than the field's name or source.
     */
    private int indexOfNormalized(String normal) {
        for (int i = 0; i < fields.length; i++) {
            if (fields[i].normalKey.equals(normal)) {
                return i;
            }
        }
        return -1;
    }

    /**
     * Holds one value against its field and stores it if it fits.
     *
     * @param said what the source says of all values of the payload
     */
    private @Nullable Violation take(
            int index, Reading reading, int i, Quality said, long at, FieldSink into) {
        return take(
                index,
                reading.json(i),
                reading.from(i),
                reading.to(i),
                worse(reading.quality(i), said),
                at,
                into);
    }

    private @Nullable Violation take(
            int index, byte[] value, int start, int end, Quality trust, long at, FieldSink into) {
        if (trust == Quality.BAD) {
            into.bad(index, true);
            return null;
        }
        FieldCheck field = fields[index];
        byte[] json = value;
        int from = start;
        int to = end;
        if (checks) {
            JsonKind kind = JsonKind.of(json, from, to);
            if (kind == JsonKind.STRING && field.coerces()) {
                byte[] text = Arrays.copyOfRange(json, from + 1, to - 1);
                JsonScan inner = new JsonScan();
                if (inner.scan(text) && !inner.kind().isString()) {
                    json = text;
                    from = inner.start();
                    to = inner.end();
                    kind = inner.kind();
                }
            }
            Violation wrong = field.check(json, from, to, kind, at);
            if (wrong != null) {
                into.bad(index, false);
                return wrong;
            }
        }
        into.good(index, json, from, to, trust == Quality.GOOD);
        return null;
    }

    /** Takes the values of fields that are inside of a value of the payload. */
    private @Nullable Violation inside(
            FieldPlaces.Place place,
            Reading reading,
            int i,
            Quality said,
            boolean[] keyed,
            long at,
            FieldSink into) {
        Quality trust = worse(reading.quality(i), said);
        FoundInside found = new FoundInside(trust, keyed, at, into);
        place.find(reading.json(i), reading.from(i), reading.to(i), found);
        return found.first;
    }

    private final class FoundInside implements FieldPlaces.Finder {
        private final Quality trust;
        private final boolean[] keyed;
        private final long at;
        private final FieldSink into;
        private @Nullable Violation first;

        FoundInside(Quality trust, boolean[] keyed, long at, FieldSink into) {
            this.trust = trust;
            this.keyed = keyed;
            this.at = at;
            this.into = into;
        }

        @Override
        public void found(int index, byte[] json, int from, int to) {
            if (!keyed[index]) {
                Violation wrong = take(index, json, from, to, trust, at, into);
                first = first != null ? first : wrong;
            }
        }
    }

    /**
     * Finds the values of the fields in a payload that would be held against them, without doing
     * so: none of those that are Bad by the source.
     */
    void find(Reading reading, FieldPlaces.Finder finder) {
        if (reading.problem() != null) {
            return;
        }
        if (reading.isBare()) {
            if (fields.length == 1 && worse(reading.quality(0), Quality.GOOD) != Quality.BAD) {
                finder.found(0, reading.json(0), reading.from(0), reading.to(0));
            }
            return;
        }
        int qualityValue = qualityValue(reading);
        Quality said = qualityValue < 0 ? null : SourceQuality.of(reading, qualityValue);
        Quality trust = said == null ? Quality.GOOD : said;
        boolean[] keyed = keyed(reading);
        FieldPlaces.Finder unkeyed =
                (index, json, from, to) -> {
                    if (!keyed[index]) {
                        finder.found(index, json, from, to);
                    }
                };
        for (int i = 0; i < reading.count(); i++) {
            Quality own = i == qualityValue ? Quality.GOOD : trust;
            if (worse(reading.quality(i), own) == Quality.BAD) {
                continue;
            }
            int index = indexOf(reading, i, i);
            if (index >= 0) {
                finder.found(index, reading.json(i), reading.from(i), reading.to(i));
            }
            FieldPlaces.Place place = places == null ? null : places.of(reading, i);
            if (place != null) {
                place.find(reading.json(i), reading.from(i), reading.to(i), unkeyed);
            }
        }
    }

    private static Quality worse(Quality a, Quality b) {
        return !isUsable(a) || !isUsable(b)
                ? Quality.BAD
                : a == Quality.GOOD ? b : Quality.UNCERTAIN;
    }

    private static boolean isUsable(Quality quality) {
        return quality == Quality.GOOD || quality == Quality.UNCERTAIN;
    }

    /** Takes over the time that the reader gave for a value. */
    private @Nullable Violation ownTime(Reading reading, int i, long at, FieldSink into) {
        long micros = reading.micros(i);
        if (micros == Reading.NO_TIME) {
            into.time(at * 1000, true);
            return null;
        }
        if (SourceTime.isTime(micros) && micros <= at * 1000 + maxFutureMicros) {
            into.time(micros, true);
            return null;
        }
        into.time(at * 1000, false);
        if (!checks) {
            return null;
        }
        if (SourceTime.isTime(micros)) {
            String found = SourceTime.instant(micros).toString();
            return Violations.PAYLOAD.of(
                    Violation.Code.TIMESTAMP, null, found, ahead(), found + aheadText(), at);
        }
        return Violations.PAYLOAD.of(
                Violation.Code.TIMESTAMP,
                null,
                null,
                Expectation.of(Expectation.Kind.TIME_IN_RANGE),
                "a time before 1971 or after 2500",
                at);
    }

    /**
     * The value that is the source's time: of those with one of the known names the most trusted,
     * unless a field of the model has the name and is something else. -1 if there is none.
     */
    private int timeValue(Reading reading) {
        int best = -1;
        int bestRank = Integer.MAX_VALUE;
        for (int i = 0; i < reading.count(); i++) {
            int rank = times.rank(reading, i);
            if (rank >= 0 && rank < bestRank) {
                int index = indexOf(reading, i, 0);
                if (index < 0 || fields[index].time) {
                    best = i;
                    bestRank = rank;
                }
            }
        }
        return best;
    }

    /** Gives the source's time to the values; a violation if it cannot be believed. */
    private @Nullable Violation sourceTime(
            Reading reading, int best, int index, long at, FieldSink into) {
        if (index >= 0 && reading.kind(best) == JsonKind.NULL && fields[index].field.nullable()) {
            return null;
        }
        long micros = SourceTime.micros(reading, best, source.zone(), at * 1000);
        boolean readable = SourceTime.isTime(micros);
        if (readable && micros <= at * 1000 + maxFutureMicros) {
            into.time(micros, true);
            return null;
        }
        if (!readable && index >= 0 && fields[index].field.type() == FieldType.LONG) {
            return null;
        }
        into.time(at * 1000, false);
        if (!checks) {
            return null;
        }
        Violations wrong = new Violations(reading.name(best));
        byte[] json = reading.json(best);
        int from = reading.from(best);
        int to = reading.to(best);
        return readable
                ? wrong.of(
                        Violation.Code.TIMESTAMP,
                        reading.kind(best).type(),
                        Violations.raw(json, from, to),
                        ahead(),
                        Violations.raw(json, from, to) + aheadText(),
                        at)
                : wrong.of(
                        Violation.Code.TIMESTAMP, json, from, to, SourceTime.expected(micros), at);
    }

    private Expectation ahead() {
        return new Expectation(Expectation.Kind.AHEAD, String.valueOf(maxFutureMicros / 1_000_000));
    }

    private String aheadText() {
        return " is ahead of the server's clock by more than " + maxFutureMicros / 1_000_000 + " s";
    }
}
