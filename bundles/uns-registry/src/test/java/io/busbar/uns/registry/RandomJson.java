package io.busbar.uns.registry;

import io.busbar.uns.registry.payload.JsonText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** JSON as no machine would send it, and as some do. */
final class RandomJson {
    private static final List<String> KEYS =
            List.of(
                    "a",
                    "b",
                    "temp",
                    "a.b",
                    "a[0]",
                    "it's",
                    "",
                    " lead",
                    "温度",
                    "1-0:1.8.0",
                    "x\u0000y",
                    "q",
                    "quality",
                    "['a']",
                    "Gro\u0308ße",
                    "k".repeat(300));

    private static final List<String> VALUES =
            List.of(
                    "null",
                    "true",
                    "false",
                    "20",
                    "20.5",
                    "-0",
                    "1e3",
                    "1e400",
                    "-1e-400",
                    "9007199254740993",
                    "99999999999999999999",
                    "192",
                    "0",
                    "\"\"",
                    "\"hot\"",
                    "\"72.4\"",
                    "\"Good\"",
                    "\"Bad\"",
                    "\"2026-11-23T08:15:30Z\"",
                    "\"2026-11-23T08:15:30\"",
                    "\"\\/Date(1795421731250)\\/\"",
                    "\"\\u0031\"",
                    "1795421731250");

    private RandomJson() {}

    /** An object of at most so many characters. */
    static String object(Random random, int longest) {
        String object;
        do {
            object = members(random, 0);
        } while (object.length() > longest);
        return object;
    }

    private static String members(Random random, int depth) {
        Map<String, String> members = new LinkedHashMap<>();
        for (int n = random.nextInt(6); n > 0; n--) {
            String key = KEYS.get(random.nextInt(KEYS.size()));
            members.put(JsonText.quote(key), value(random, depth + 1));
        }
        List<String> texts = new ArrayList<>();
        members.forEach((key, value) -> texts.add(key + ":" + value));
        return "{" + String.join(",", texts) + "}";
    }

    private static String value(Random random, int depth) {
        int kind = depth > 4 ? 0 : random.nextInt(10);
        if (kind == 8) {
            return members(random, depth);
        }
        if (kind == 9) {
            List<String> elements = new ArrayList<>();
            for (int n = random.nextInt(4) * random.nextInt(8); n > 0; n--) {
                elements.add(value(random, depth + 1));
            }
            return "[" + String.join(",", elements) + "]";
        }
        return VALUES.get(random.nextInt(VALUES.size()));
    }
}
