package io.busbar.uns.registry.payload;

import io.busbar.api.mqtt.Message;
import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldName;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.PayloadValues;
import io.busbar.api.uns.Quality;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON in which a gateway sends the values of many tags at once. Each value has its own name,
 * and may have its own time and quality; there may be several values of one name.
 *
 * <ul>
 *   <li>{@code {"timestamp":…,"values":[{"id":"a","v":1,"q":true,"t":…},…]}}: the IoT gateway of
 *       Kepware; see {@link TagItems}
 *   <li>{@code {"timestamp":…,"tags":[{"name":"a","value":1},{"name":"b","error":2014}]}}: Neuron
 *   <li>{@code {"timestamp":…,"values":{"a":1},"errors":{"b":2014}}}: Neuron; what has an error is
 *       Bad, and its null, if it is there as well, no value
 *   <li>{@code [{"ts":…,"values":{"a":1}},…]}: ThingsBoard, taken in the order of the times
 *   <li>{@code [{"name":"a","value":1,"t":…},…]}: the elements alone; see {@link SenMl} for those
 *       with base names and times
 *   <li>{@code {"2026-11-23T08:15:30Z":5,…}} and {@code {"2026-11-23T08:15:30Z":{"a":5},…}}: times
 *       as keys, taken in the order of the times
 * </ul>
 *
 * <p>What else is at the top of an object, or beside {@code values} in an element (the name of the
 * gateway, of a group) is about the list and no value, unless the model names it. Without a model,
 * numbers and true or false are values beside it: a sensor that tells its {@code tags} means its
 * numbers. A model that has a field of the name {@code values}, or of such a time, means the plain
 * member, so nothing is a list then. Thread-safe.
 */
final class ValueList {
    private static final String VALUES = "values";
    private static final byte[] VALUES_BYTES = VALUES.getBytes(StandardCharsets.US_ASCII);
    private static final String TAGS = "tags";
    private static final String ERRORS = "errors";
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

    /** Shortest time in a key: a day and a minute. */
    private static final int SHORTEST_TIME = 16;

    private final SourceTime times;
    private final TagItems items;

    /**
     * Values that are of one time.
     *
     * @param at where they stand, or which member they are
     */
    private record Block(long micros, int at) {}

    ValueList(SourceTime times) {
        this.times = times;
        this.items = new TagItems(times);
    }

    /**
     * Reads the values, if it is such a payload.
     *
     * @param scan has scanned the message's payload
     * @return false if it is none; nothing was read then
     */
    boolean read(JsonScan scan, Message message, Model model, PayloadValues into) {
        byte[] payload = message.payload();
        long arrival = message.receivedAt() * 1000;
        if (scan.kind() == JsonKind.ARRAY) {
            return readArray(payload, scan.start(), arrival, model, into);
        }
        int list = member(scan, VALUES);
        if (list < 0) {
            list = member(scan, TAGS);
            list = list >= 0 && payload[scan.valueStart(list)] == '[' ? list : -1;
        }
        if (list >= 0) {
            return !isNamed(model, scan.key(list))
                    && readMember(scan, list, payload, arrival, model, into);
        }
        return scan.count() > 0
                && isDigit(scan.keyBytes(0), scan.keyStart(0), scan.keyEnd(0))
                && readTimes(scan, payload, arrival, model, into);
    }

    private boolean readArray(
            byte[] payload, int from, long arrival, Model model, PayloadValues into) {
        if (SenMl.is(payload, from)) {
            SenMl.read(payload, from, arrival, into);
        } else if (TagItems.are(payload, from)) {
            items.read(payload, from, Reading.NO_TIME, arrival, into);
        } else {
            return readBlocks(payload, from, arrival, model, into);
        }
        return true;
    }

    private static int member(JsonScan scan, String key) {
        byte[] wanted = key.getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < scan.count(); i++) {
            int from = scan.keyStart(i);
            int to = scan.keyEnd(i);
            if (Arrays.equals(scan.keyBytes(i), from, to, wanted, 0, wanted.length)) {
                return i;
            }
        }
        return -1;
    }

    /** Whether a field of the model, or its quality, is this member or something in it. */
    private static boolean isNamed(Model model, String key) {
        String normal = key.chars().allMatch(c -> c < 0x80) ? key : FieldName.normalized(key);
        if (key.equals(model.quality()) || normal.equals(model.quality())) {
            return true;
        }
        for (Field field : model.fields()) {
            String own = field.source() == null ? field.name() : field.source();
            if (isAt(own, key) || isAt(own, normal)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a source is a key, or begins with it as a path does. */
    private static boolean isAt(String source, String key) {
        if (source.startsWith("['")) {
            return source.startsWith("['" + key.replace("'", "''") + "']");
        }
        return source.startsWith(key)
                && (source.length() == key.length()
                        || source.charAt(key.length()) == '.'
                        || source.charAt(key.length()) == '[');
    }

    private boolean readMember(
            JsonScan scan,
            int list,
            byte[] payload,
            long arrival,
            Model model,
            PayloadValues into) {
        int from = scan.valueStart(list);
        int errors = member(scan, ERRORS);
        long time = listTime(scan, payload, into.timeZone(), arrival);
        boolean dictionary = payload[from] == '{' && (errors >= 0 || time != Reading.NO_TIME);
        if (!dictionary && !(payload[from] == '[' && TagItems.are(payload, from))) {
            return false;
        }
        begin(time, into);
        for (int i = 0; i < scan.count(); i++) {
            int start = scan.valueStart(i);
            JsonKind kind = JsonKind.of(payload, start, scan.valueEnd(i));
            if (i != list && i != errors && isBeside(scan.key(i), kind, model)) {
                into.json(
                        scan.keyBytes(i),
                        scan.keyStart(i),
                        scan.keyEnd(i),
                        payload,
                        start,
                        scan.valueEnd(i));
            }
        }
        boolean failed = errors >= 0 && payload[scan.valueStart(errors)] == '{';
        if (dictionary) {
            Set<String> missing = failed ? keys(payload, scan.valueStart(errors)) : Set.of();
            for (JsonWalk each = new JsonWalk(payload, from); each.next(); ) {
                if (each.kind() != JsonKind.NULL || !missing.contains(each.key())) {
                    value(each, payload, each.start(), each.end(), into);
                }
            }
        } else {
            items.read(payload, from, time, arrival, into);
        }
        if (failed) {
            begin(dictionary || time != Reading.NO_TIME ? time : arrival, into);
            into.quality(Quality.BAD);
            for (JsonWalk each = new JsonWalk(payload, scan.valueStart(errors)); each.next(); ) {
                if (TagItems.isError(payload, each)) {
                    value(each, NULL, 0, NULL.length, into);
                }
            }
        }
        return true;
    }

    /** Whether a member that is not of the list is a value. */
    private boolean isBeside(String key, JsonKind kind, Model model) {
        if (!model.fields().isEmpty()) {
            return isNamed(model, key);
        }
        return switch (kind) {
            case INTEGER, DECIMAL, TRUE, FALSE -> !times.isName(key) && !TagItems.isOfAll(key);
            default -> false;
        };
    }

    /** The keys of errors; 0, false, null and an empty text are none. */
    private static Set<String> keys(byte[] payload, int from) {
        Set<String> keys = new HashSet<>();
        for (JsonWalk each = new JsonWalk(payload, from); each.next(); ) {
            if (TagItems.isError(payload, each)) {
                keys.add(each.key());
            }
        }
        return keys;
    }

    private static void members(byte[] payload, int from, PayloadValues into) {
        for (JsonWalk each = new JsonWalk(payload, from); each.next(); ) {
            value(each, payload, each.start(), each.end(), into);
        }
    }

    private static void value(JsonWalk at, byte[] json, int from, int to, PayloadValues into) {
        into.json(at.keyBytes(), at.keyStart(), at.keyEnd(), json, from, to);
    }

    /** The time of the whole list, in microseconds, or {@link Reading#NO_TIME}. */
    private long listTime(JsonScan scan, byte[] payload, @Nullable ZoneId zone, long arrival) {
        for (int i = 0; i < scan.count(); i++) {
            if (times.isName(scan.key(i))) {
                return time(payload, scan.valueStart(i), scan.valueEnd(i), zone, arrival);
            }
        }
        return Reading.NO_TIME;
    }

    /** A time that is none is out of range, so that its value is not of the time of another. */
    static long time(byte[] payload, int from, int to, @Nullable ZoneId zone, long arrival) {
        JsonKind kind = JsonKind.of(payload, from, to);
        long micros = SourceTime.micros(payload, from, to, kind, zone, arrival);
        return Math.max(micros, SourceTime.NO_OFFSET);
    }

    /** The values that follow are of this time, and Good. */
    static void begin(long micros, PayloadValues into) {
        into.quality(Quality.GOOD);
        if (micros != Reading.NO_TIME) {
            into.time(SourceTime.isTime(micros) ? SourceTime.instant(micros) : Instant.EPOCH);
        }
    }

    /** Elements of a list that have their values in an object, and mostly a time beside it. */
    private boolean readBlocks(
            byte[] payload, int from, long arrival, Model model, PayloadValues into) {
        List<Block> blocks = new ArrayList<>();
        for (JsonWalk each = new JsonWalk(payload, from); each.next(); ) {
            if (each.kind() != JsonKind.OBJECT) {
                return false;
            }
            long micros = arrival;
            boolean some = false;
            for (JsonWalk part = new JsonWalk(payload, each.start()); part.next(); ) {
                if (isBlock(part)) {
                    some = true;
                } else if (times.isName(part.key())) {
                    micros = time(payload, part.start(), part.end(), into.timeZone(), arrival);
                }
            }
            if (!some) {
                return false;
            }
            blocks.add(new Block(micros, each.start()));
        }
        blocks.sort(Comparator.comparingLong(Block::micros));
        for (Block block : blocks) {
            begin(block.micros, into);
            for (JsonWalk part = new JsonWalk(payload, block.at); part.next(); ) {
                if (isBlock(part)) {
                    members(payload, part.start(), into);
                } else if (isBeside(part.key(), part.kind(), model)) {
                    value(part, payload, part.start(), part.end(), into);
                }
            }
        }
        return !blocks.isEmpty();
    }

    private static boolean isBlock(JsonWalk part) {
        return part.keyIs(VALUES_BYTES) && part.kind() == JsonKind.OBJECT;
    }

    /** Times as keys: the values in the order of their times. */
    private static boolean readTimes(
            JsonScan scan, byte[] payload, long arrival, Model model, PayloadValues into) {
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < scan.count(); i++) {
            long micros = timeOfKey(scan, i, into.timeZone(), arrival);
            if (!SourceTime.isTime(micros) || isNamed(model, scan.key(i))) {
                return false;
            }
            blocks.add(new Block(micros, i));
        }
        blocks.sort(Comparator.comparingLong(Block::micros));
        byte[] only = soleName(model).getBytes(StandardCharsets.UTF_8);
        for (Block block : blocks) {
            begin(block.micros, into);
            int from = scan.valueStart(block.at);
            if (payload[from] == '{') {
                members(payload, from, into);
            } else {
                into.json(only, 0, only.length, payload, from, scan.valueEnd(block.at));
            }
        }
        return true;
    }

    private static long timeOfKey(JsonScan scan, int member, @Nullable ZoneId zone, long arrival) {
        int from = scan.keyStart(member);
        int to = scan.keyEnd(member);
        return to - from < SHORTEST_TIME
                ? SourceTime.UNREADABLE
                : TimeText.micros(scan.keyBytes(member), from, to, zone, arrival);
    }

    /** The name of values that have none: that of the only field. */
    private static String soleName(Model model) {
        return model.fields().size() == 1 ? model.fields().get(0).name() : "value";
    }

    private static boolean isDigit(byte[] key, int from, int to) {
        return from < to && key[from] >= '0' && key[from] <= '9';
    }
}
