package io.busbar.uns.registry.value;

import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldValue;
import io.busbar.api.uns.Quality;
import io.busbar.uns.registry.footprint.Footprint;
import io.busbar.uns.registry.model.FieldSink;
import io.busbar.uns.registry.payload.SourceTime;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The latest value of each field of one modelled topic, as places in the payloads that brought
 * them, so that a message costs no objects. Payloads merge field by field; each keeps its own time.
 * Not thread-safe: guarded by its {@link TopicState}.
 */
final class FieldValues implements FieldSink {
    /**
     * A payload larger than this is not kept for the sake of one old field: the value is copied
     * out.
     */
    private static final int SHARE_UP_TO = 4096;

    /** The object, its six arrays and its two lists. */
    private static final int STRUCTURE = 96 + 6 * Footprint.ARRAY + 2 * 24;

    /** A field's places in the arrays. */
    private static final int FIELD = Footprint.REFERENCE + 4 + 4 + 8 + 1 + 4;

    private static final int UNKNOWN = 2 * Footprint.REFERENCE + 8;

    /** Fields of one source are near each other: so many are looked at for the same payload. */
    private static final int LOOK_BACK = 8;

    private static final byte NEVER = 0;
    private static final byte GOOD = 1;
    private static final byte UNCERTAIN = 2;
    private static final byte BAD = 3;

    private final byte[][] json;
    private final int[] start;
    private final int[] end;
    private final long[] micros;
    private final byte[] state;
    private final int[] touchedIn;
    private int round;

    private final List<byte[]> unknownJson = new ArrayList<>(0);
    private final List<String> unknownNames = new ArrayList<>(0);
    private int[] unknownPlaces = new int[0];

    private long time;

    /** Whether the time of the values that follow is to be trusted, and that of all so far. */
    private boolean sureTime = true;

    private boolean allSure = true;
    private boolean readable = true;

    FieldValues(int size) {
        json = new byte[size][];
        start = new int[size];
        end = new int[size];
        micros = new long[size];
        state = new byte[size];
        touchedIn = new int[size];
    }

    @Override
    public void begin(long receivedMicros) {
        round++;
        time = receivedMicros;
        sureTime = true;
        allSure = true;
        readable = true;
        if (!unknownNames.isEmpty()) {
            forgetUnknown();
        }
    }

    @Override
    public void time(long newMicros, boolean sure) {
        time = newMicros;
        sureTime = sure;
        allSure &= sure;
    }

    @Override
    public void unreadable() {
        readable = false;
    }

    @Override
    public void good(int index, byte[] payload, int from, int to, boolean sure) {
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
        state[index] = sure && sureTime ? GOOD : UNCERTAIN;
        touchedIn[index] = round;
    }

    @Override
    public void bad(int index) {
        state[index] = BAD;
        touchedIn[index] = round;
    }

    @Override
    public void missing(int index) {
        state[index] = BAD;
    }

    @Override
    public boolean touched(int index) {
        return touchedIn[index] == round;
    }

    @Override
    public void unknown(String name, byte[] payload, int from, int to) {
        int at = unknownNames.size() * 2;
        if (at == unknownPlaces.length) {
            unknownPlaces = Arrays.copyOf(unknownPlaces, Math.max(8, at * 2));
        }
        unknownJson.add(payload);
        unknownNames.add(name);
        unknownPlaces[at] = from;
        unknownPlaces[at + 1] = to;
    }

    /**
     * Lets go of all values, because there is no room for them: they are Bad, and none of them is
     * an old one.
     */
    void forget() {
        Arrays.fill(json, null);
        Arrays.fill(state, BAD);
        forgetUnknown();
    }

    /** Lets go of the values that the model does not know, which are in the last payload. */
    void forgetUnknown() {
        unknownJson.clear();
        unknownNames.clear();
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
        for (int i = 0; i < unknownNames.size(); i++) {
            bytes += UNKNOWN + Footprint.of(unknownNames.get(i));
            byte[] own = unknownJson.get(i);
            if (own != payload && (i == 0 || own != unknownJson.get(i - 1))) {
                bytes += Footprint.of(own);
            }
        }
        return bytes;
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

    /** When the last payload was true, in microseconds since the epoch. */
    long time() {
        return time;
    }

    /** Takes over what another model's values knew of fields that are the same. */
    void inherit(List<Field> mine, FieldValues old, List<Field> theirs) {
        for (int i = 0; i < json.length; i++) {
            int from = theirs.indexOf(mine.get(i));
            if (from >= 0) {
                json[i] = old.json[from];
                start[i] = old.start[from];
                end[i] = old.end[from];
                micros[i] = old.micros[from];
                state[i] = old.state[from];
            }
        }
    }

    /**
     * The picture of the fields for readers.
     *
     * @param unread whether nothing can be read at the moment: what was known is Bad
     */
    List<FieldValue> snapshot(List<Field> fields, boolean stale, boolean unread) {
        List<FieldValue> values = new ArrayList<>(json.length + unknownNames.size());
        for (int i = 0; i < json.length; i++) {
            byte[] bytes = json[i];
            values.add(
                    new FieldValue(
                            fields.get(i).name(),
                            bytes == null ? null : text(bytes, start[i], end[i]),
                            quality(unread && state[i] != NEVER ? BAD : state[i], stale),
                            bytes == null ? null : SourceTime.instant(micros[i])));
        }
        for (int i = 0; i < unknownNames.size(); i++) {
            values.add(
                    new FieldValue(
                            unknownNames.get(i),
                            text(
                                    unknownJson.get(i),
                                    unknownPlaces[2 * i],
                                    unknownPlaces[2 * i + 1]),
                            quality(allSure ? GOOD : UNCERTAIN, stale),
                            SourceTime.instant(time)));
        }
        return List.copyOf(values);
    }

    /** How far the topic as a whole can be trusted: as far as its worst field. */
    Quality quality(boolean stale) {
        boolean bad = !readable;
        boolean uncertain = !allSure || stale;
        for (byte each : state) {
            bad |= each == BAD;
            uncertain |= each == UNCERTAIN;
        }
        return bad ? Quality.BAD : uncertain ? Quality.UNCERTAIN : Quality.GOOD;
    }

    private static Quality quality(byte state, boolean stale) {
        return switch (state) {
            case NEVER -> Quality.GOOD_NO_DATA;
            case BAD -> Quality.BAD;
            case UNCERTAIN -> Quality.UNCERTAIN;
            default -> stale ? Quality.UNCERTAIN : Quality.GOOD;
        };
    }

    private static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }
}
