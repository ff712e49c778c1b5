package io.busbar.uns.registry.value;

import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldValue;
import io.busbar.api.uns.Quality;
import io.busbar.uns.registry.footprint.Footprint;
import io.busbar.uns.registry.model.FieldSink;
import io.busbar.uns.registry.payload.ForeignPayload;
import io.busbar.uns.registry.payload.SourceTime;
import io.busbar.uns.registry.search.Likely;
import io.busbar.uns.registry.search.TextSign;
import io.busbar.uns.registry.search.ValueFinder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The latest value of each field of one modelled topic, as places in the payloads that brought
 * them, so that a message costs no objects. Payloads merge field by field; each keeps its own time.
 * The latest is the one that the source measured last, wherever its time can be believed: one that
 * comes late changes nothing. Not thread-safe: guarded by its {@link TopicState}.
 */
final class FieldValues implements FieldSink {
    /**
     * A payload larger than this is not kept for the sake of one old field: the value is copied
     * out.
     */
    private static final int SHARE_UP_TO = 4096;

    /** The object and its seven arrays. */
    private static final int STRUCTURE = 120 + 7 * Footprint.ARRAY;

    /** A field's places in the arrays. */
    private static final int FIELD = Footprint.REFERENCE + 4 + 4 + 8 + 8 + 1 + 4;

    /** A list of unknown values, and one of them with its share of the list. */
    private static final int LIST = 24 + Footprint.ARRAY;

    private static final int UNKNOWN = 40 + 2 * Footprint.REFERENCE;

    /** Fields of one source are near each other: so many are looked at for the same payload. */
    private static final int LOOK_BACK = 8;

    private final byte[][] json;
    private final int[] start;
    private final int[] end;
    private final long[] micros;

    /**
     * What was measured before is late. This is when the field was, but no later than it came: a
     * clock that was ahead and has been put right must not make all that follows late.
     */
    private final long[] order;

    private final byte[] state;
    private final int[] touchedIn;
    private int round;

    /** Values of the last payload that the model does not know, and those of this one. */
    private List<Unknown> unknown = List.of();

    private List<Unknown> found = List.of();

    private long received;
    private long time;

    /** Whether {@link #time} is what the source said. */
    private boolean sourced;

    /** Whether {@link #time} is to be trusted. */
    private boolean sureTime = true;

    /** What the payload brought so far, and how much of it late. */
    private int taken;

    private int late;

    /** The newest of what it brought and is not late; Long.MIN_VALUE if there is nothing yet. */
    private long roundOrder;

    private long roundTime;
    private boolean roundSourced;

    /** Whether the payload can be read, and how far its times are trusted. */
    private boolean roundReadable = true;

    private byte roundTrust = Standing.GOOD;

    /** The same of the last payload that was not late. */
    private boolean readable = true;

    private byte trust = Standing.GOOD;

    /** When that payload was true, and up to which time all others of it are late. */
    private long shown;

    private long newest = Long.MIN_VALUE;

    /** A value that the model does not know. */
    private record Unknown(String name, byte[] json, int from, int to, long micros, byte state) {}

    FieldValues(int size) {
        json = new byte[size][];
        start = new int[size];
        end = new int[size];
        micros = new long[size];
        order = new long[size];
        Arrays.fill(order, Long.MIN_VALUE);
        state = new byte[size];
        touchedIn = new int[size];
    }

    @Override
    public void begin(long receivedMicros) {
        round++;
        received = receivedMicros;
        time = receivedMicros;
        sourced = false;
        sureTime = true;
        taken = 0;
        late = 0;
        roundOrder = Long.MIN_VALUE;
        found = List.of();
        roundTrust = Standing.GOOD;
        roundReadable = true;
    }

    /**
     * The payload has ended.
     *
     * @return whether all that it brought is late, so that the one before it stands
     */
    boolean end() {
        if (roundOrder == Long.MIN_VALUE && late == 0) {
            measured(); // nothing came but perhaps a time
        }
        boolean old = isBefore(roundSourced, roundOrder, newest);
        if (!found.isEmpty()) {
            taken += old ? 0 : 1;
            late += old ? 1 : 0;
        }
        List<Unknown> brought = found;
        found = List.of();
        if (late > 0 && taken == 0) {
            return true;
        }
        readable = roundReadable;
        trust = roundTrust;
        unknown = old ? List.of() : brought;
        if (!old) {
            newest = roundOrder;
            shown = roundTime;
        }
        return false;
    }

    /** Whether the payload brought something late. */
    boolean hasLate() {
        return late > 0;
    }

    private long order() {
        return Math.min(time, received);
    }

    /**
     * Whether a time of the source is older than what there is. What lies ahead of the arrival
     * comes from before the server's clock was put back, and makes nothing old.
     */
    private boolean isBefore(boolean said, long moment, long than) {
        return said && moment < than && than <= received;
    }

    /** Counts a value; whether it is older than what there is. */
    private boolean isLate(long than) {
        if (isBefore(sourced, order(), than)) {
            late++;
            return true;
        }
        taken++;
        measured();
        return false;
    }

    /** The payload has something of the present time. */
    private void measured() {
        if (order() >= roundOrder) {
            roundOrder = order();
            roundTime = time;
            roundSourced = sourced;
        }
    }

    @Override
    public void time(long newMicros, boolean sure) {
        time = newMicros;
        sourced = sure && newMicros != received;
        sureTime = sure;
        if (!sure) {
            roundTrust = Standing.TIME_UNSURE;
        }
    }

    @Override
    public void unreadable() {
        roundReadable = false;
    }

    @Override
    public boolean good(int index, byte[] payload, int from, int to, boolean sure) {
        touchedIn[index] = round;
        if (isLate(order[index])) {
            return true;
        }
        if (payload.length > SHARE_UP_TO) {
            json[index] = Arrays.copyOfRange(payload, from, to);
            start[index] = 0;
            end[index] = to - from;
        } else {
            json[index] = payload;
            start[index] = from;
            end[index] = to;
        }
        micros[index] = time;
        order[index] = order();
        state[index] = state(sure);
        return false;
    }

    @Override
    public boolean bad(int index, boolean said) {
        touchedIn[index] = round;
        if (isLate(order[index])) {
            return true;
        }
        order[index] = order();
        state[index] = said ? Standing.SOURCE_BAD : Standing.VIOLATED;
        return false;
    }

    @Override
    public void missing(int index) {
        boolean nothing = roundOrder == Long.MIN_VALUE;
        if (!isBefore(
                nothing ? sourced : roundSourced, nothing ? order() : roundOrder, order[index])) {
            state[index] = Standing.MISSING;
        }
    }

    @Override
    public boolean touched(int index) {
        return touchedIn[index] == round;
    }

    @Override
    public void unknown(String name, byte[] payload, int from, int to, Quality quality) {
        if (found.isEmpty()) {
            found = new ArrayList<>();
        }
        byte own = quality == Quality.BAD ? Standing.SOURCE_BAD : state(quality == Quality.GOOD);
        found.add(new Unknown(name, payload, from, to, time, own));
        measured();
    }

    private byte state(boolean sure) {
        return !sure ? Standing.SOURCE_UNSURE : sureTime ? Standing.GOOD : Standing.TIME_UNSURE;
    }

    /**
     * Lets go of all values, because there is no room for them: they are Bad, and none of them is
     * an old one.
     */
    void forget() {
        Arrays.fill(json, null);
        Arrays.fill(state, Standing.NO_ROOM);
        forgetUnknown();
    }

    /** Lets go of the values that the model does not know, which are in the last payload. */
    void forgetUnknown() {
        unknown = List.of();
    }

    /**
     * The bytes of the heap that the values take beside the payload.
     *
     * @param payload the last one, which is counted already
     */
    long footprint(byte[] payload) {
        long bytes = STRUCTURE + (long) json.length * FIELD;
        for (int i = 0; i < json.length; i++) {
            byte[] own = json[i];
            if (own != null && own != payload && !isSharedBefore(i)) {
                bytes += Footprint.of(own);
            }
        }
        byte[] before = payload;
        for (Unknown each : unknown) {
            bytes += UNKNOWN + Footprint.of(each.name);
            if (each.json != payload && each.json != before) {
                bytes += Footprint.of(each.json);
            }
            before = each.json;
        }
        return unknown.isEmpty() ? bytes : bytes + LIST;
    }

    /** Whether one of the fields just before is in the same payload. */
    private boolean isSharedBefore(int index) {
        for (int i = index - 1; i >= 0 && i >= index - LOOK_BACK; i--) {
            if (json[i] == json[index]) {
                return true;
            }
        }
        return false;
    }

    /** When the last payload that was not late was true, in microseconds since the epoch. */
    long time() {
        return shown;
    }

    /**
     * How fresh the values are: when the freshest of them was measured, but no later than it came,
     * in microseconds since the epoch; Long.MIN_VALUE if there are none.
     */
    long newest() {
        return newest;
    }

    /**
     * Takes over what another model's values knew of fields that are the same.
     *
     * @param ordered whether times mean the same as there, so that late values are late here too
     */
    void inherit(List<Field> mine, FieldValues old, List<Field> theirs, boolean ordered) {
        if (ordered) {
            newest = old.newest;
            shown = old.shown;
        }
        for (int i = 0; i < json.length; i++) {
            int from = theirs.indexOf(mine.get(i));
            if (from >= 0) {
                json[i] = old.json[from];
                start[i] = old.start[from];
                end[i] = old.end[from];
                micros[i] = old.micros[from];
                order[i] = ordered ? old.order[from] : Long.MIN_VALUE;
                state[i] = old.state[from];
            }
        }
    }

    /**
     * The picture of the fields for readers.
     *
     * @param unread whether nothing can be read at the moment: what was known is Bad
     * @param reasons makes the reasons
     */
    List<FieldValue> snapshot(
            List<Field> fields, boolean stale, boolean unread, Standing.Reasons reasons) {
        List<FieldValue> values = new ArrayList<>(json.length + unknown.size());
        for (int i = 0; i < json.length; i++) {
            byte[] bytes = json[i];
            byte standing =
                    unread && state[i] != Standing.NEVER
                            ? Standing.NO_READER
                            : Standing.of(state[i], stale);
            values.add(
                    new FieldValue(
                            fields.get(i).name(),
                            bytes == null ? null : text(bytes, start[i], end[i]),
                            Standing.quality(standing),
                            reasons.of(standing),
                            bytes == null ? null : SourceTime.instant(micros[i])));
        }
        List<FieldValue> others = new ArrayList<>(unknown.size());
        for (Unknown each : unknown) {
            byte standing = Standing.of(each.state, stale);
            others.add(
                    new FieldValue(
                            each.name,
                            text(each.json, each.from, each.to),
                            Standing.quality(standing),
                            reasons.of(standing),
                            SourceTime.instant(each.micros)));
        }
        values.addAll(ForeignPayload.latest(others));
        return List.copyOf(values);
    }

    /** Lets somebody look through the values. */
    void find(List<Field> fields, ValueFinder into) {
        for (int i = 0; i < json.length; i++) {
            byte[] bytes = json[i];
            if (bytes != null) {
                into.value(fields.get(i).name(), bytes, start[i], end[i]);
            }
        }
        for (Unknown each : unknown) {
            into.unknown(each.name, each.json, each.from, each.to);
        }
    }

    /** Adds the values to a sign; of so much that it is not worth it, everything. */
    void sign(long[] sign, Likely judge) {
        long bytes = 0;
        for (int i = 0; i < json.length; i++) {
            bytes += json[i] == null ? 0 : end[i] - start[i];
        }
        for (Unknown each : unknown) {
            bytes += each.name.length() + each.to - each.from;
        }
        if (!judge.signs(bytes)) {
            TextSign.addAll(sign);
            return;
        }
        for (int i = 0; i < json.length; i++) {
            if (json[i] != null) {
                TextSign.add(sign, json[i], start[i], end[i]);
            }
        }
        for (Unknown each : unknown) {
            byte[] name = each.name.getBytes(StandardCharsets.UTF_8);
            TextSign.add(sign, name, 0, name.length);
            TextSign.add(sign, each.json, each.from, each.to);
        }
    }

    /** How the topic as a whole stands: as its worst field. */
    byte standing(boolean stale) {
        byte worst = Standing.of(readable ? trust : Standing.UNREADABLE, stale);
        for (byte each : state) {
            worst = Standing.worse(worst, Standing.of(each, stale));
        }
        return worst;
    }

    private static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }
}
