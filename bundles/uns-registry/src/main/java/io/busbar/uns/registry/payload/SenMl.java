package io.busbar.uns.registry.payload;

import io.busbar.api.uns.PayloadValues;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads Sensor Measurement Lists (RFC 8428): {@code
 * [{"bn":"dev1/","bt":1795421730,"n":"temp","v":23.1},{"n":"open","vb":true}]}. Base name, base
 * time and base value of a record hold for those that follow. A record with nothing but a sum has
 * no value. Used for one payload; confined to one thread.
 */
final class SenMl {
    private static final Set<String> LABELS =
            Set.of(
                    "bn", "bt", "bu", "bv", "bs", "bver", "n", "u", "v", "vs", "vb", "vd", "s", "t",
                    "ut");

    /** Times below it are relative to the present: RFC 8428, section 4.5.3. */
    private static final double RELATIVE = 1L << 28;

    private final byte[] payload;
    private final long arrival;
    private final PayloadValues into;
    private String baseName = "";
    private double baseTime;
    private @Nullable String baseValue;
    private boolean timed;

    private SenMl(byte[] payload, long arrival, PayloadValues into) {
        this.payload = payload;
        this.arrival = arrival;
        this.into = into;
    }

    /**
     * Whether an array is such a list: objects with no other labels, whose values all have a name.
     */
    static boolean is(byte[] payload, int from) {
        boolean named = false;
        boolean valued = false;
        for (JsonWalk each = new JsonWalk(payload, from); each.next(); ) {
            if (each.kind() != JsonKind.OBJECT) {
                return false;
            }
            boolean own = false;
            for (JsonWalk part = new JsonWalk(payload, each.start()); part.next(); ) {
                String label = part.key();
                if (!LABELS.contains(label) || !fits(label, part.kind())) {
                    return false;
                }
                named |= label.equals("bn");
                own |= label.equals("n");
                valued |= label.startsWith("v");
            }
            if (!named && !own) {
                return false;
            }
        }
        return valued;
    }

    private static boolean fits(String label, JsonKind kind) {
        return switch (label) {
            case "bn", "bu", "n", "u", "vs", "vd" -> kind.isString();
            case "vb" -> kind == JsonKind.TRUE || kind == JsonKind.FALSE;
            default -> kind.isNumber();
        };
    }

    /** Reads a list that {@link #is} one. */
    static void read(byte[] payload, int from, long arrival, PayloadValues into) {
        SenMl list = new SenMl(payload, arrival, into);
        for (JsonWalk each = new JsonWalk(payload, from); each.next(); ) {
            list.record(each.start());
        }
    }

    private void record(int from) {
        String name = "";
        double time = 0;
        int valueFrom = 0;
        int valueTo = 0;
        boolean number = false;
        for (JsonWalk part = new JsonWalk(payload, from); part.next(); ) {
            switch (part.key()) {
                case "bn" -> baseName = text(part);
                case "n" -> name = text(part);
                case "bt" -> {
                    baseTime = Double.parseDouble(raw(part));
                    timed = true;
                }
                case "t" -> {
                    time = Double.parseDouble(raw(part));
                    timed = true;
                }
                case "bv" -> baseValue = raw(part);
                case "v", "vs", "vb", "vd" -> {
                    valueFrom = part.start();
                    valueTo = part.end();
                    number = part.kind().isNumber();
                }
                default -> {
                    // units and sums are no values
                }
            }
        }
        if (valueTo == 0) {
            return;
        }
        ValueList.begin(timed ? micros(baseTime + time) : Reading.NO_TIME, into);
        String full = baseName + name;
        String base = baseValue;
        if (number && base != null) {
            sum(full, base, ascii(valueFrom, valueTo));
        } else {
            byte[] key = full.getBytes(StandardCharsets.UTF_8);
            into.json(key, 0, key.length, payload, valueFrom, valueTo);
        }
    }

    private long micros(double seconds) {
        if (Math.abs(seconds) < RELATIVE) {
            return arrival + Math.round(seconds * 1e6);
        }
        byte[] text = Double.toString(seconds).getBytes(StandardCharsets.US_ASCII);
        return Math.max(SourceTime.decimal(text, 0, text.length), SourceTime.NO_OFFSET);
    }

    /** Adds exactly, but for exponents: 1e999999999 would take the heap. */
    private void sum(String name, String base, String value) {
        if (isPlain(base) && isPlain(value)) {
            into.json(name, new BigDecimal(base).add(new BigDecimal(value)).toPlainString());
        } else {
            into.number(name, Double.parseDouble(base) + Double.parseDouble(value));
        }
    }

    private static boolean isPlain(String number) {
        return number.indexOf('e') < 0 && number.indexOf('E') < 0;
    }

    private String text(JsonWalk part) {
        return JsonText.text(payload, part.start(), part.end());
    }

    private String raw(JsonWalk part) {
        return ascii(part.start(), part.end());
    }

    private String ascii(int from, int to) {
        return new String(payload, from, to - from, StandardCharsets.ISO_8859_1);
    }
}
