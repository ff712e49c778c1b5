package io.busbar.uns.registry.payload;

import io.busbar.api.uns.PayloadValues;
import io.busbar.api.uns.Quality;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Reads lists whose elements are values with their names: {@code {"id":"a","v":1,"q":true,"t":…}}
 * or {@code {"name":"b","error":2014}}. An element without a value says that there is none: it is
 * null, and Bad unless it says another quality and no error. A value that is null with an error is
 * the same; one with both a value and an error, such as a tolerance, is as good as it says.
 * Thread-safe.
 */
final class TagItems {
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);
    private static final List<String> NAMES = List.of("id", "name", "tag", "n");
    private static final List<String> VALUE = List.of("v", "value");
    private static final List<String> QUALITY = List.of("q", "quality");
    private static final String ERROR = "error";
    private static final String TIME = "t";

    private final SourceTime times;

    TagItems(SourceTime times) {
        this.times = times;
    }

    /**
     * Whether all elements are objects with a name that is text, and one of them has a value, or
     * says why it has none.
     */
    static boolean are(byte[] payload, int from) {
        boolean some = false;
        for (JsonWalk each = new JsonWalk(payload, from); each.next(); ) {
            if (each.kind() != JsonKind.OBJECT) {
                return false;
            }
            boolean named = false;
            for (JsonWalk part = new JsonWalk(payload, each.start()); part.next(); ) {
                String key = part.key();
                named |= isName(key, part);
                some |= VALUE.contains(key) || QUALITY.contains(key) || key.equals(ERROR);
            }
            if (!named) {
                return false;
            }
        }
        return some;
    }

    private static boolean isName(String key, JsonWalk part) {
        return NAMES.contains(key) && part.kind().isString();
    }

    /**
     * Reads elements that {@link #are} values. As soon as one has a time, those without are of the
     * time of arrival.
     *
     * @param from where the list begins
     * @param listTime when those without a time of their own were measured, in microseconds, or
     *     {@link Reading#NO_TIME}
     */
    void read(byte[] payload, int from, long listTime, long arrival, PayloadValues into) {
        boolean timed = false;
        for (JsonWalk each = new JsonWalk(payload, from); each.next(); ) {
            timed |= item(payload, each.start(), listTime, timed, arrival, into);
        }
    }

    /** Reads one element; whether it has a time. */
    private boolean item(
            byte[] payload,
            int from,
            long listTime,
            boolean timed,
            long arrival,
            PayloadValues into) {
        byte[] name = NULL;
        int nameFrom = 0;
        int nameTo = -1;
        int valueFrom = 0;
        int valueTo = 0;
        long micros = listTime;
        Quality said = null;
        boolean failed = false;
        for (JsonWalk part = new JsonWalk(payload, from); part.next(); ) {
            String key = part.key();
            if (nameTo < 0 && isName(key, part)) {
                boolean plain = part.kind() == JsonKind.STRING;
                name = plain ? payload : decoded(payload, part);
                nameFrom = plain ? part.start() + 1 : 0;
                nameTo = plain ? part.end() - 1 : name.length;
            } else if (VALUE.contains(key)) {
                valueFrom = part.start();
                valueTo = part.end();
            } else if (QUALITY.contains(key)) {
                said = SourceQuality.of(payload, part.start(), part.end(), part.kind());
                said = said == null ? Quality.UNCERTAIN : said;
            } else if (key.equals(ERROR)) {
                failed = isError(payload, part);
            } else if (key.equals(TIME) || times.isName(key)) {
                micros =
                        ValueList.time(payload, part.start(), part.end(), into.timeZone(), arrival);
            }
        }
        boolean hasTime = micros != Reading.NO_TIME;
        ValueList.begin(timed && !hasTime ? arrival : micros, into);
        boolean some = valueTo > 0;
        if (some && !(failed && JsonKind.of(payload, valueFrom, valueTo) == JsonKind.NULL)) {
            into.quality(said == null ? Quality.GOOD : said);
            into.json(name, nameFrom, nameTo, payload, valueFrom, valueTo);
        } else {
            into.quality(said == null || failed ? Quality.BAD : said);
            into.json(name, nameFrom, nameTo, NULL, 0, NULL.length);
        }
        return hasTime;
    }

    /** Whether a name is that of a time or a quality, which beside a list are those of all. */
    static boolean isOfAll(String name) {
        return name.equals(TIME) || QUALITY.contains(name);
    }

    /**
     * Whether an error is one: not if it is null, false, 0 or empty, which say that all is well.
     */
    static boolean isError(byte[] payload, JsonWalk part) {
        return switch (part.kind()) {
            case NULL, FALSE -> false;
            case INTEGER -> part.end() - part.start() > 1 || payload[part.start()] != '0';
            case STRING -> part.end() - part.start() > 2;
            default -> true;
        };
    }

    private static byte[] decoded(byte[] payload, JsonWalk part) {
        return JsonText.text(payload, part.start(), part.end()).getBytes(StandardCharsets.UTF_8);
    }
}
