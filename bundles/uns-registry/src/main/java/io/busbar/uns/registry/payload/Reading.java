package io.busbar.uns.registry.payload;

import io.busbar.api.uns.FieldName;
import io.busbar.api.uns.PayloadValues;
import io.busbar.api.uns.Quality;
import io.busbar.api.uns.Reason;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The values that a reader has found in one payload. Names and values are ranges in arrays, so that
 * a payload needs no objects. Reused from payload to payload; confined to one thread at a time.
 */
public final class Reading implements PayloadValues {
    /** A payload has more than {@link #MAX_VALUES}: no fault of the reader. */
    static final class TooManyValues extends IllegalStateException {
        private static final long serialVersionUID = 1;

        TooManyValues() {
            super("more than " + MAX_VALUES + " values in one payload");
        }
    }

    /** The time of a value that says none of its own. */
    public static final long NO_TIME = Long.MIN_VALUE;

    private static final Quality[] QUALITIES = Quality.values();
    private static final String ONE_BARE_VALUE = "a bare value is the only one of its payload";
    private static final byte[] NULL = {'n', 'u', 'l', 'l'};

    private static final int ROOM = 32;

    /** Room for more values is not kept for the next payload: few are so large. */
    private static final int MOST_ROOM = 512;

    private byte[][] names = new byte[ROOM][];
    private int[] nameFrom = new int[ROOM];
    private int[] nameTo = new int[ROOM];

    /** Names in normal form C, as far as somebody has asked for them. */
    private @Nullable String[] normalNames = new String[0];

    private byte[][] values = new byte[ROOM][];
    private int[] from = new int[ROOM];
    private int[] to = new int[ROOM];
    private long[] micros = new long[ROOM];
    private byte[] qualities = new byte[ROOM];
    private int count;

    private boolean bare;
    private boolean timed;
    private @Nullable String problem;
    private @Nullable Reason reason;

    /** Whether values come from a reader that is known to give nothing but JSON. */
    private boolean trusted;

    private @Nullable ZoneId zone;
    private @Nullable JsonScan check;
    private long time = NO_TIME;
    private Quality quality = Quality.GOOD;

    /**
     * Begins with the next payload.
     *
     * @param sourceZone where the source is if its times do not say so; null if nobody knows
     */
    void begin(boolean fromTrustedReader, @Nullable ZoneId sourceZone) {
        clear();
        bare = false;
        timed = false;
        problem = null;
        reason = null;
        trusted = fromTrustedReader;
        zone = sourceZone;
        time = NO_TIME;
        quality = Quality.GOOD;
    }

    /** Lets go of all values, so that no payload is held between messages. */
    public void clear() {
        if (names.length > MOST_ROOM) {
            resize(ROOM);
            normalNames = new String[0];
        }
        Arrays.fill(names, 0, Math.min(count, names.length), null);
        Arrays.fill(values, 0, Math.min(count, values.length), null);
        Arrays.fill(normalNames, 0, Math.min(count, normalNames.length), null);
        count = 0;
        if (check != null) {
            check.clear();
        }
    }

    /** How many values there are. */
    public int count() {
        return count;
    }

    /** Whether the payload is one bare value, without a name. */
    public boolean isBare() {
        return bare;
    }

    /** Whether values say their own times. */
    public boolean isTimed() {
        return timed;
    }

    /** Why the payload cannot be read, in words that follow "the payload"; null if it can. */
    public @Nullable String problem() {
        return problem;
    }

    /** The same as {@link #problem()} for programs. */
    public @Nullable Reason reason() {
        return reason;
    }

    /** The name of a value. */
    public String name(int index) {
        return new String(
                names[index],
                nameFrom[index],
                nameTo[index] - nameFrom[index],
                StandardCharsets.UTF_8);
    }

    /** The name of a value in Unicode normal form C; made once, however many ask for it. */
    public String normalName(int index) {
        if (index >= normalNames.length) {
            normalNames = Arrays.copyOf(normalNames, names.length);
        }
        String normal = normalNames[index];
        if (normal == null) {
            normal = FieldName.normalized(name(index));
            normalNames[index] = normal;
        }
        return normal;
    }

    /** How many bytes a value's name has. */
    public int nameLength(int index) {
        return nameTo[index] - nameFrom[index];
    }

    /** {@link JsonScan#hash} of a value's name. */
    public int nameHash(int index) {
        return JsonScan.hash(names[index], nameFrom[index], nameTo[index]);
    }

    /** Whether these bytes are a value's name. */
    public boolean nameIs(int index, byte[] name) {
        return nameTo[index] - nameFrom[index] == name.length
                && Arrays.equals(
                        names[index], nameFrom[index], nameTo[index], name, 0, name.length);
    }

    /** Whether a value's name has no character beyond ASCII. */
    public boolean isNameAscii(int index) {
        for (int i = nameFrom[index]; i < nameTo[index]; i++) {
            if (names[index][i] < 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether a text is a value's name when the letters from A to Z are made small. */
    boolean nameFoldsTo(int index, byte[] lower) {
        return SourceTime.foldsTo(names[index], nameFrom[index], nameTo[index], lower);
    }

    /** The array that holds a value. */
    public byte[] json(int index) {
        return values[index];
    }

    /** Where a value begins. */
    public int from(int index) {
        return from[index];
    }

    /** Where a value ends. */
    public int to(int index) {
        return to[index];
    }

    /** A value as JSON text. */
    public String text(int index) {
        return new String(
                values[index], from[index], to[index] - from[index], StandardCharsets.UTF_8);
    }

    /** What a value is. */
    public JsonKind kind(int index) {
        return JsonKind.of(values[index], from[index], to[index]);
    }

    /** When a value was true by what the reader said, in microseconds, or {@link #NO_TIME}. */
    public long micros(int index) {
        return micros[index];
    }

    /** How far the source trusts a value. */
    public Quality quality(int index) {
        return QUALITIES[qualities[index]];
    }

    @Override
    public @Nullable ZoneId timeZone() {
        return zone;
    }

    @Override
    public void time(Instant newTime) {
        time = SourceTime.micros(newTime);
        timed = true;
    }

    @Override
    public void quality(Quality newQuality) {
        quality = Objects.requireNonNull(newQuality, "quality");
    }

    @Override
    public void number(String name, double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            add(name, NULL, Quality.BAD);
        } else {
            add(name, Double.toString(value).getBytes(StandardCharsets.US_ASCII), quality);
        }
    }

    @Override
    public void number(String name, long value) {
        add(name, Long.toString(value).getBytes(StandardCharsets.US_ASCII), quality);
    }

    @Override
    public void bool(String name, boolean value) {
        add(name, Boolean.toString(value).getBytes(StandardCharsets.US_ASCII), quality);
    }

    @Override
    public void text(String name, String value) {
        add(name, JsonText.quote(value).getBytes(StandardCharsets.UTF_8), quality);
    }

    @Override
    public void json(String name, String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        checked(bytes, 0, bytes.length);
        add(name, bytes, quality);
    }

    @Override
    public void json(
            byte[] name, int newNameFrom, int newNameTo, byte[] json, int newFrom, int newTo) {
        checked(json, newFrom, newTo);
        add(name, newNameFrom, newNameTo, json, newFrom, newTo, quality);
    }

    @Override
    public void bare(byte[] json, int newFrom, int newTo) {
        checked(json, newFrom, newTo);
        if (count > 0) {
            throw new IllegalStateException(ONE_BARE_VALUE);
        }
        add(NULL, 0, 0, json, newFrom, newTo, quality);
        bare = true;
    }

    @Override
    public void unreadable(String why) {
        unreadable(why, Reason.of(Reason.Code.PAYLOAD_READER_SAYS, "text", why));
    }

    @Override
    public void unreadable(String why, Reason said) {
        problem = Objects.requireNonNull(why, "why");
        reason = Objects.requireNonNull(said, "reason");
    }

    private void checked(byte[] json, int valueFrom, int valueTo) {
        if (trusted) {
            return;
        }
        JsonScan scan = check;
        if (scan == null) {
            scan = new JsonScan();
            check = scan;
        }
        byte[] value = Arrays.copyOfRange(json, valueFrom, valueTo);
        if (!scan.scan(value) || scan.start() != 0 || scan.end() != value.length) {
            throw new IllegalArgumentException(
                    "json: '"
                            + JsonText.clip(new String(value, StandardCharsets.UTF_8))
                            + "' (expected: one JSON value and no space around it)");
        }
    }

    private void add(String name, byte[] json, Quality valueQuality) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        add(bytes, 0, bytes.length, json, 0, json.length, valueQuality);
    }

    private void add(
            byte[] name,
            int newNameFrom,
            int newNameTo,
            byte[] json,
            int newFrom,
            int newTo,
            Quality valueQuality) {
        int at = count;
        if (at == names.length) {
            grow();
        }
        if (bare) {
            throw new IllegalStateException(ONE_BARE_VALUE);
        }
        names[at] = name;
        nameFrom[at] = newNameFrom;
        nameTo[at] = newNameTo;
        values[at] = json;
        from[at] = newFrom;
        to[at] = newTo;
        micros[at] = time;
        qualities[at] = (byte) valueQuality.ordinal();
        count = at + 1;
    }

    private void grow() {
        if (count >= MAX_VALUES) {
            throw new TooManyValues();
        }
        resize(Math.min(count * 2, MAX_VALUES));
    }

    private void resize(int size) {
        names = Arrays.copyOf(names, size);
        nameFrom = Arrays.copyOf(nameFrom, size);
        nameTo = Arrays.copyOf(nameTo, size);
        values = Arrays.copyOf(values, size);
        from = Arrays.copyOf(from, size);
        to = Arrays.copyOf(to, size);
        micros = Arrays.copyOf(micros, size);
        qualities = Arrays.copyOf(qualities, size);
    }
}
