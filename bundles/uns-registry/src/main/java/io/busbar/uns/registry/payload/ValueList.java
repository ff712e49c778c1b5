package io.busbar.uns.registry.payload;

import io.busbar.api.mqtt.Message;
import io.busbar.api.uns.Field;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.PayloadValues;
import io.busbar.api.uns.Quality;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Reads JSON objects in which a gateway sends the values of many tags at once. Each value has its
 * own name, and may have its own time and quality; there may be several values of one name, in
 * their order.
 *
 * <ul>
 *   <li>{@code {"timestamp":…,"values":[{"id":"a","v":1,"q":true,"t":…},…]}}: the IoT gateway of
 *       Kepware
 *   <li>{@code {"timestamp":…,"values":{"a":1},"errors":{"b":2014}}}: Neuron; what has an error is
 *       Bad
 *   <li>{@code {"2026-11-23T08:15:30Z":5,…}} and {@code {"2026-11-23T08:15:30Z":{"a":5},…}}: times
 *       as keys, taken in the order of the times
 * </ul>
 *
 * <p>What else is at the top of the first two (the name of the gateway, of a group) is about the
 * list and no value. A model that has a field of the name {@code values}, or of such a time, means
 * the plain member, so nothing is a list then. Thread-safe.
 */
final class ValueList {
    private static final byte[] VALUES = "values".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ERRORS = "errors".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);
    private static final List<String> NAMES = List.of("id", "name", "tag", "n");
    private static final List<String> VALUE = List.of("v", "value");
    private static final List<String> QUALITY = List.of("q", "quality");
    private static final String TIME = "t";

    /** Shortest time in a key: a day and a minute. */
    private static final int SHORTEST_TIME = 16;

    private final SourceTime times;

    ValueList(SourceTime times) {
        this.times = times;
    }

    /**
     * Reads the values, if it is such a payload.
     *
     * @param scan has scanned the message's payload, which is an object
     * @return false if it is none; nothing was read then
     */
    boolean read(JsonScan scan, Message message, Model model, PayloadValues into) {
        byte[] payload = message.payload();
        int values = member(scan, VALUES);
        if (values >= 0) {
            return !isNamed(model, "values")
                    && readValues(scan, values, payload, message.receivedAt() * 1000, into);
        }
        return scan.count() > 0
                && isDigit(scan.keyBytes(0), scan.keyStart(0), scan.keyEnd(0))
                && readTimes(scan, payload, model, into);
    }

    private static int member(JsonScan scan, byte[] key) {
        for (int i = 0; i < scan.count(); i++) {
            int from = scan.keyStart(i);
            int to = scan.keyEnd(i);
            if (to - from == key.length
                    && Arrays.equals(scan.keyBytes(i), from, to, key, 0, key.length)) {
                return i;
            }
        }
        return -1;
    }

    /** Whether a field is this member, or something in it. */
    private static boolean isNamed(Model model, String name) {
        for (Field field : model.fields()) {
            String own = field.source() == null ? field.name() : field.source();
            if (own.startsWith(name)
                    && (own.length() == name.length()
                            || own.charAt(name.length()) == '.'
                            || own.charAt(name.length()) == '[')) {
                return true;
            }
        }
        return false;
    }

    private boolean readValues(
            JsonScan scan, int values, byte[] payload, long arrival, PayloadValues into) {
        int from = scan.valueStart(values);
        int errors = member(scan, ERRORS);
        long time = listTime(scan, payload);
        switch (JsonKind.of(payload, from, scan.valueEnd(values))) {
            case ARRAY -> {
                if (!isItems(payload, from)) {
                    return false;
                }
                items(payload, from, time, arrival, into);
            }
            case OBJECT -> {
                if (errors < 0 && time == Reading.NO_TIME) {
                    return false;
                }
                begin(time, into);
                for (JsonWalk each = new JsonWalk(payload, from); each.next(); ) {
                    value(each, payload, each.start(), each.end(), into);
                }
            }
            default -> {
                return false;
            }
        }
        if (errors >= 0 && payload[scan.valueStart(errors)] == '{') {
            begin(time, into);
            into.quality(Quality.BAD);
            for (JsonWalk each = new JsonWalk(payload, scan.valueStart(errors)); each.next(); ) {
                value(each, NULL, 0, NULL.length, into);
            }
        }
        return true;
    }

    private static void value(JsonWalk at, byte[] json, int from, int to, PayloadValues into) {
        into.json(at.keyBytes(), at.keyStart(), at.keyEnd(), json, from, to);
    }

    /** The time of the whole list, in microseconds, or {@link Reading#NO_TIME}. */
    private long listTime(JsonScan scan, byte[] payload) {
        for (int i = 0; i < scan.count(); i++) {
            if (times.isName(scan.key(i))) {
                return time(payload, scan.valueStart(i), scan.valueEnd(i));
            }
        }
        return Reading.NO_TIME;
    }

    /** A time that is none is out of range, so that its value is not of the time of another. */
    private static long time(byte[] payload, int from, int to) {
        long micros = SourceTime.micros(payload, from, to, JsonKind.of(payload, from, to), null);
        return Math.max(micros, SourceTime.NO_OFFSET);
    }

    /** The values that follow are of this time, and Good. */
    private static void begin(long micros, PayloadValues into) {
        into.quality(Quality.GOOD);
        if (micros != Reading.NO_TIME) {
            into.time(SourceTime.isTime(micros) ? SourceTime.instant(micros) : Instant.EPOCH);
        }
    }

    /** Whether all elements are objects with a name and a value. */
    private static boolean isItems(byte[] payload, int from) {
        int count = 0;
        for (JsonWalk each = new JsonWalk(payload, from); each.next(); count++) {
            if (each.kind() != JsonKind.OBJECT) {
                return false;
            }
            boolean named = false;
            boolean valued = false;
            for (JsonWalk part = new JsonWalk(payload, each.start()); part.next(); ) {
                String key = part.key();
                named |= NAMES.contains(key) && part.kind().isString();
                valued |= VALUE.contains(key);
            }
            if (!named || !valued) {
                return false;
            }
        }
        return count > 0;
    }

    /**
     * The elements as values. As soon as one has a time, those without are of the time of arrival.
     */
    private void items(byte[] payload, int from, long listTime, long arrival, PayloadValues into) {
        boolean timed = false;
        for (JsonWalk each = new JsonWalk(payload, from); each.next(); ) {
            byte[] name = NULL;
            int nameFrom = 0;
            int nameTo = 0;
            int valueFrom = 0;
            int valueTo = 0;
            long micros = listTime;
            Quality quality = Quality.GOOD;
            for (JsonWalk part = new JsonWalk(payload, each.start()); part.next(); ) {
                String key = part.key();
                if (NAMES.contains(key) && nameTo == 0) {
                    boolean plain = part.kind() == JsonKind.STRING;
                    name = plain ? payload : decoded(payload, part);
                    nameFrom = plain ? part.start() + 1 : 0;
                    nameTo = plain ? part.end() - 1 : name.length;
                } else if (VALUE.contains(key)) {
                    valueFrom = part.start();
                    valueTo = part.end();
                } else if (QUALITY.contains(key)) {
                    quality = quality(payload, part);
                } else if (key.equals(TIME) || times.isName(key)) {
                    micros = time(payload, part.start(), part.end());
                }
            }
            timed |= micros != Reading.NO_TIME;
            begin(timed && micros == Reading.NO_TIME ? arrival : micros, into);
            into.quality(quality);
            into.json(name, nameFrom, nameTo, payload, valueFrom, valueTo);
        }
    }

    private static byte[] decoded(byte[] payload, JsonWalk part) {
        return JsonText.text(payload, part.start(), part.end()).getBytes(StandardCharsets.UTF_8);
    }

    /** True or false, a word, or a number as OPC has it: 192 and above are good, below 64 bad. */
    private static Quality quality(byte[] payload, JsonWalk at) {
        return switch (at.kind()) {
            case TRUE, NULL -> Quality.GOOD;
            case FALSE -> Quality.BAD;
            case INTEGER -> {
                byte[] digits = Arrays.copyOfRange(payload, at.start(), at.end());
                int number = digits.length > 3 ? -1 : Integer.parseInt(text(digits));
                yield number >= 192 ? Quality.GOOD : number >= 64 ? Quality.UNCERTAIN : Quality.BAD;
            }
            case STRING -> {
                String word = text(Arrays.copyOfRange(payload, at.start() + 1, at.end() - 1));
                String folded = word.toLowerCase(Locale.ROOT);
                yield folded.startsWith("good")
                        ? Quality.GOOD
                        : folded.startsWith("bad") ? Quality.BAD : Quality.UNCERTAIN;
            }
            default -> Quality.UNCERTAIN;
        };
    }

    private static String text(byte[] ascii) {
        return new String(ascii, StandardCharsets.UTF_8);
    }

    /** Times as keys: the values in the order of their times. */
    private static boolean readTimes(
            JsonScan scan, byte[] payload, Model model, PayloadValues into) {
        int count = scan.count();
        long[] micros = new long[count];
        Integer[] order = new Integer[count];
        for (int i = 0; i < count; i++) {
            micros[i] = timeOfKey(scan, i);
            order[i] = i;
            if (!SourceTime.isTime(micros[i]) || isNamed(model, scan.key(i))) {
                return false;
            }
        }
        Arrays.sort(order, Comparator.comparingLong(each -> micros[each]));
        byte[] only = soleName(model).getBytes(StandardCharsets.UTF_8);
        for (int i : order) {
            begin(micros[i], into);
            int from = scan.valueStart(i);
            if (payload[from] == '{') {
                for (JsonWalk each = new JsonWalk(payload, from); each.next(); ) {
                    value(each, payload, each.start(), each.end(), into);
                }
            } else {
                into.json(only, 0, only.length, payload, from, scan.valueEnd(i));
            }
        }
        return true;
    }

    private static long timeOfKey(JsonScan scan, int member) {
        int from = scan.keyStart(member);
        int to = scan.keyEnd(member);
        return to - from < SHORTEST_TIME
                ? SourceTime.UNREADABLE
                : SourceTime.micros(scan.keyBytes(member), from - 1, to + 1, JsonKind.STRING, null);
    }

    /** The name of values that have none: that of the only field. */
    private static String soleName(Model model) {
        return model.fields().size() == 1 ? model.fields().get(0).name() : "value";
    }

    private static boolean isDigit(byte[] key, int from, int to) {
        return from < to && key[from] >= '0' && key[from] <= '9';
    }
}
