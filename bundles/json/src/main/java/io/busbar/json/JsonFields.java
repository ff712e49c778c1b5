package io.busbar.json;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of a JSON object that somebody sent, key by key. Mistakes are collected, so that
 * the sender sees all of them at once.
 *
 * <p>After the last key, call {@link #finish} on the outermost object; it throws if there were
 * mistakes. Do not use the values that were read before. Methods whose name begins with {@code opt}
 * return null if the key is missing or null, and after a mistake. A key that no method asked for is
 * a mistake. Confined to one thread.
 */
public final class JsonFields {
    private static final int LONGEST_NUMBER = 64;

    private final JsonObject json;
    private final String pointer;
    private final Document document;
    private final Set<String> known = new LinkedHashSet<>();

    /**
     * What all objects of a document have in common.
     *
     * @param nullIsAbsent whether null means the same as a missing key
     * @param errors the mistakes found so far
     * @param objects all objects that were opened
     */
    private record Document(
            boolean nullIsAbsent, List<FieldError> errors, List<JsonFields> objects) {}

    private JsonFields(JsonObject json, String pointer, Document document) {
        this.json = json;
        this.pointer = pointer;
        this.document = document;
        document.objects.add(this);
    }

    /**
     * Begins to read a document in which null means the same as a missing key.
     *
     * @throws InvalidFieldsException if the document is not an object
     */
    public static JsonFields of(JsonElement document) {
        return of(document, true);
    }

    /**
     * Begins to read a document in which null is a mistake.
     *
     * @throws InvalidFieldsException if the document is not an object
     */
    public static JsonFields withoutNulls(JsonElement document) {
        return of(document, false);
    }

    private static JsonFields of(JsonElement document, boolean nullIsAbsent) {
        if (!document.isJsonObject()) {
            String problem = Json.kind(document) + " (expected: an object)";
            throw new InvalidFieldsException(
                    List.of(new FieldError("", "", "type", "the body is " + problem, problem)));
        }
        return new JsonFields(
                document.getAsJsonObject(),
                "",
                new Document(nullIsAbsent, new ArrayList<>(), new ArrayList<>()));
    }

    /**
     * Finishes reading.
     *
     * @throws InvalidFieldsException if there were mistakes, unknown keys among them; holds all of
     *     them
     */
    public void finish() {
        for (JsonFields object : document.objects) {
            for (String key : object.json.keySet()) {
                if (!object.known.contains(key)) {
                    String expected = "(expected: " + String.join(", ", object.known) + ")";
                    object.error(
                            escape(key),
                            key,
                            FieldError.UNKNOWN,
                            "unknown key '" + key + "' " + expected,
                            expected);
                }
            }
        }
        if (!document.errors.isEmpty()) {
            throw new InvalidFieldsException(document.errors);
        }
    }

    /** Adds a mistake that the caller has found. */
    public void error(String key, String code, String message) {
        error(escape(key), key, code, message, message);
    }

    /**
     * Adds a mistake that the caller has found.
     *
     * @param parameters what the message names, see {@link FieldError}
     */
    public void error(String key, String code, String message, Map<String, String> parameters) {
        error(escape(key), key, code, message, message, parameters);
    }

    /** Whether the key is present, even if its value is null. */
    public boolean has(String key) {
        known.add(key);
        return json.has(key);
    }

    /** Whether the key is present and its value is null. */
    public boolean isNull(String key) {
        return has(key) && json.get(key).isJsonNull();
    }

    private @Nullable JsonElement value(String key) {
        known.add(key);
        JsonElement value = json.get(key);
        if (value == null || !value.isJsonNull()) {
            return value;
        }
        if (!document.nullIsAbsent) {
            wrongType(key, value, "a value");
        }
        return null;
    }

    private void required(String key) {
        if (!json.has(key) || document.nullIsAbsent) {
            error(escape(key), key, FieldError.REQUIRED, key + " is missing", "is missing");
        }
    }

    private void wrongType(String key, JsonElement value, String expected) {
        String problem = Json.kind(value) + " (expected: " + expected + ")";
        error(escape(key), key, "type", key + " is " + problem, problem);
    }

    private void wrong(String key, String code, String problem, Map<String, String> parameters) {
        error(escape(key), key, code, key + ": " + problem, problem, parameters);
    }

    private void wrongLength(
            String key, boolean missing, String problem, Map<String, String> parameters) {
        error(
                escape(key),
                key,
                missing ? FieldError.REQUIRED : "length",
                key + " has " + problem,
                problem,
                parameters);
    }

    private static Map<String, String> minMax(int min, int max) {
        return Map.of("min", Integer.toString(min), "max", Integer.toString(max));
    }

    private void wrongItem(String key, int index, String code, String problem) {
        wrongItem(key, index, code, problem, Map.of());
    }

    private void wrongItem(
            String key, int index, String code, String problem, Map<String, String> parameters) {
        error(escape(key) + "/" + index, key, code, key + " holds " + problem, problem, parameters);
    }

    /**
     * Returns a required text; empty after a mistake.
     *
     * @param min shortest length in characters (code points)
     * @param max longest length
     */
    public String text(String key, int min, int max) {
        String value = optText(key, min, max);
        if (value == null) {
            if (!json.has(key) || json.get(key).isJsonNull()) {
                required(key);
            }
            return "";
        }
        return value;
    }

    /**
     * Returns a text, or null.
     *
     * @param min shortest length in characters (code points)
     * @param max longest length
     */
    public @Nullable String optText(String key, int min, int max) {
        JsonElement value = value(key);
        if (value == null) {
            return null;
        }
        if (!isText(value)) {
            wrongType(key, value, "text");
            return null;
        }
        String text = value.getAsString();
        int length = text.codePointCount(0, text.length());
        if (length < min || length > max) {
            wrongLength(
                    key,
                    length == 0,
                    length + " characters (expected: " + bounds(min, max) + ")",
                    minMax(min, max));
            return null;
        }
        return text;
    }

    /**
     * Returns a required text that fits a rule; empty after a mistake.
     *
     * @param min shortest length in characters (code points)
     * @param max longest length
     * @param problemOf says what else is wrong with it, or null
     */
    public String text(
            String key, int min, int max, Function<String, @Nullable TextProblem> problemOf) {
        String text = text(key, min, max);
        return text.isEmpty() || !fits(key, text, problemOf) ? "" : text;
    }

    /** Returns a text that fits a rule, or null: as {@link #text(String, int, int, Function)}. */
    public @Nullable String optText(
            String key, int min, int max, Function<String, @Nullable TextProblem> problemOf) {
        String text = optText(key, min, max);
        return text == null || !fits(key, text, problemOf) ? null : text;
    }

    private boolean fits(
            String key, String text, Function<String, @Nullable TextProblem> problemOf) {
        TextProblem problem = problemOf.apply(text);
        if (problem != null) {
            wrong(key, "pattern", problem.text(), problem.parameters());
        }
        return problem == null;
    }

    /** Returns a required constant of an enumeration; null after a mistake. */
    public <E extends Enum<E>> @Nullable E choice(String key, Class<E> type) {
        if (value(key) == null) {
            required(key);
            return null;
        }
        return optChoice(key, type);
    }

    /** Returns a constant of an enumeration, or null. */
    public <E extends Enum<E>> @Nullable E optChoice(String key, Class<E> type) {
        JsonElement value = value(key);
        if (value == null) {
            return null;
        }
        String text = isText(value) ? value.getAsString() : "";
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(text)) {
                return constant;
            }
        }
        wrongChoice(key, value, names(type));
        return null;
    }

    /** Returns one of the given names, or null. */
    public @Nullable String optChoice(String key, Collection<String> names) {
        JsonElement value = value(key);
        if (value == null) {
            return null;
        }
        if (isText(value) && names.contains(value.getAsString())) {
            return value.getAsString();
        }
        wrongChoice(key, value, String.join(", ", names));
        return null;
    }

    private void wrongChoice(String key, JsonElement value, String expected) {
        wrong(
                key,
                "enum",
                shown(value) + " (expected: " + expected + ")",
                Map.of("expected", expected));
    }

    /** Returns true, false or null. */
    public @Nullable Boolean optBoolean(String key) {
        JsonElement value = value(key);
        if (value == null) {
            return null;
        }
        if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isBoolean()) {
            wrongType(key, value, "true or false");
            return null;
        }
        return value.getAsBoolean();
    }

    /** Returns a whole number from min to max, or null. */
    public @Nullable Integer optInteger(String key, int min, int max) {
        BigDecimal value = optNumber(key);
        if (value == null) {
            return null;
        }
        try {
            int number = value.intValueExact();
            if (number >= min && number <= max) {
                return number;
            }
        } catch (ArithmeticException e) {
            // A fraction or out of 32 bits: same answer as out of range.
        }
        wrong(
                key,
                "range",
                value.toPlainString() + " (expected: whole number " + min + " to " + max + ")",
                minMax(min, max));
        return null;
    }

    /** Returns a number, or null. */
    public @Nullable BigDecimal optNumber(String key) {
        JsonElement value = value(key);
        if (value == null) {
            return null;
        }
        if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isNumber()) {
            wrongType(key, value, "a number");
            return null;
        }
        return value.getAsBigDecimal();
    }

    /**
     * Returns a number, or null. It may be written as text: whole numbers beyond 2^53 are, because
     * a browser would round them.
     */
    public @Nullable BigDecimal optExactNumber(String key) {
        JsonElement value = value(key);
        if (value == null || !value.isJsonPrimitive() || !value.getAsJsonPrimitive().isString()) {
            return optNumber(key);
        }
        String text = value.getAsString();
        try {
            if (text.length() <= LONGEST_NUMBER) {
                return new BigDecimal(text);
            }
        } catch (NumberFormatException e) {
            // Text that is no number: same answer as one that is too long.
        }
        wrongType(key, value, "a number");
        return null;
    }

    /** Returns a time, written as RFC 3339, or null. */
    public @Nullable Instant optTime(String key) {
        String text = optText(key, 1, 64);
        if (text == null) {
            return null;
        }
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            wrong(
                    key,
                    "pattern",
                    "'" + text + "' (expected: RFC 3339, e.g. 2027-01-31T12:00:00Z)",
                    Map.of());
            return null;
        }
    }

    /**
     * Returns a list of texts, or null. After a mistake the list may be incomplete.
     *
     * @param maxItems most entries
     * @param maxLength longest text, in UTF-16 units
     */
    public @Nullable List<String> optTexts(String key, int maxItems, int maxLength) {
        return optTexts(
                key,
                maxItems,
                "length",
                text ->
                        text.length() <= maxLength
                                ? null
                                : TextProblem.of(
                                        "a text of "
                                                + text.length()
                                                + " characters (expected: at most "
                                                + maxLength
                                                + ")"));
    }

    /**
     * Returns a list of texts that fit a rule, or null. After a mistake the list may be incomplete.
     *
     * @param maxItems most entries
     * @param problemOf says what is wrong with a text, or null
     */
    public @Nullable List<String> optTexts(
            String key, int maxItems, Function<String, @Nullable TextProblem> problemOf) {
        return optTexts(key, maxItems, "pattern", problemOf);
    }

    private @Nullable List<String> optTexts(
            String key,
            int maxItems,
            String code,
            Function<String, @Nullable TextProblem> problemOf) {
        JsonArray array = optArray(key, maxItems);
        if (array == null) {
            return null;
        }
        List<String> texts = new ArrayList<>(array.size());
        for (int i = 0; i < array.size(); i++) {
            JsonElement item = array.get(i);
            if (!isText(item)) {
                wrongItem(key, i, "type", Json.kind(item) + " (expected: text)");
                continue;
            }
            String text = item.getAsString();
            TextProblem problem = problemOf.apply(text);
            if (problem == null) {
                texts.add(text);
            } else {
                wrongItem(key, i, code, problem.text(), problem.parameters());
            }
        }
        return texts;
    }

    /**
     * Returns a list of whole numbers of 32 bits, or null. After a mistake it may hold 0.
     *
     * @param maxItems most entries
     */
    public int @Nullable [] optIntegers(String key, int maxItems) {
        JsonArray array = optArray(key, maxItems);
        if (array == null) {
            return null;
        }
        int[] numbers = new int[array.size()];
        for (int i = 0; i < numbers.length; i++) {
            JsonElement item = array.get(i);
            try {
                if (!item.isJsonPrimitive() || !item.getAsJsonPrimitive().isNumber()) {
                    throw new ArithmeticException("no number");
                }
                numbers[i] = item.getAsBigDecimal().intValueExact();
            } catch (ArithmeticException e) {
                wrongItem(key, i, "type", shown(item) + " (expected: a whole number)");
            }
        }
        return numbers;
    }

    /**
     * Returns a list of objects, or null. After a mistake the list may be incomplete.
     *
     * @param maxItems most entries
     * @param read converts one object; need not call {@link #finish}
     */
    public <T> @Nullable List<T> optList(String key, int maxItems, Function<JsonFields, T> read) {
        JsonArray array = optArray(key, maxItems);
        if (array == null) {
            return null;
        }
        List<T> items = new ArrayList<>(array.size());
        for (int i = 0; i < array.size(); i++) {
            JsonElement item = array.get(i);
            if (!item.isJsonObject()) {
                wrongItem(key, i, "type", Json.kind(item) + " (expected: an object)");
                continue;
            }
            items.add(
                    read.apply(
                            new JsonFields(
                                    item.getAsJsonObject(),
                                    pointer + "/" + escape(key) + "/" + i,
                                    document)));
        }
        return items;
    }

    /**
     * Returns an object, or null.
     *
     * @param read converts the object; need not call {@link #finish}
     */
    public <T> @Nullable T optObject(String key, Function<JsonFields, T> read) {
        JsonElement value = value(key);
        if (value == null) {
            return null;
        }
        if (!value.isJsonObject()) {
            wrongType(key, value, "an object");
            return null;
        }
        return read.apply(
                new JsonFields(value.getAsJsonObject(), pointer + "/" + escape(key), document));
    }

    /**
     * Returns an object whose values are texts, or null. After a mistake the map may be incomplete.
     *
     * @param maxItems most entries
     * @param maxLength longest key or text, in UTF-16 units
     */
    public @Nullable Map<String, String> optTextMap(String key, int maxItems, int maxLength) {
        JsonElement value = value(key);
        if (value == null) {
            return null;
        }
        if (!value.isJsonObject()) {
            wrongType(key, value, "an object");
            return null;
        }
        Map<String, String> map = new LinkedHashMap<>();
        for (Map.Entry<String, JsonElement> entry : value.getAsJsonObject().entrySet()) {
            String name = key + "." + entry.getKey();
            if (!isText(entry.getValue())) {
                String problem = Json.kind(entry.getValue()) + " (expected: text)";
                error(
                        escape(key) + "/" + escape(entry.getKey()),
                        entry.getKey(),
                        "type",
                        name + " is " + problem,
                        problem);
            } else if (entry.getValue().getAsString().length() > maxLength
                    || entry.getKey().length() > maxLength) {
                error(
                        key,
                        "length",
                        name + " is too long (expected: at most " + maxLength + " characters)");
            } else {
                map.put(entry.getKey(), entry.getValue().getAsString());
            }
        }
        if (map.size() > maxItems) {
            wrongLength(key, false, entries(map.size(), maxItems), Map.of());
        }
        return map;
    }

    /**
     * Returns a list of any JSON values, or null.
     *
     * @param maxItems most entries
     */
    public @Nullable JsonArray optArray(String key, int maxItems) {
        JsonElement value = value(key);
        if (value == null) {
            return null;
        }
        if (!value.isJsonArray()) {
            wrongType(key, value, "a list");
            return null;
        }
        if (value.getAsJsonArray().size() > maxItems) {
            wrongLength(key, false, entries(value.getAsJsonArray().size(), maxItems), Map.of());
            return null;
        }
        return value.getAsJsonArray();
    }

    private void error(String step, String field, String code, String message, String problem) {
        error(step, field, code, message, problem, Map.of());
    }

    private void error(
            String step,
            String field,
            String code,
            String message,
            String problem,
            Map<String, String> parameters) {
        document.errors.add(
                new FieldError(pointer + "/" + step, field, code, message, problem, parameters));
    }

    private static String bounds(int min, int max) {
        return max == Integer.MAX_VALUE ? "at least " + min : min + " to " + max;
    }

    private static String entries(int size, int maxItems) {
        return size + " entries (expected: at most " + maxItems + ")";
    }

    private static boolean isText(JsonElement value) {
        return value.isJsonPrimitive() && value.getAsJsonPrimitive().isString();
    }

    private static <E extends Enum<E>> String names(Class<E> type) {
        List<String> names = new ArrayList<>();
        for (E constant : type.getEnumConstants()) {
            names.add(constant.name());
        }
        return String.join(", ", names);
    }

    private static String shown(JsonElement value) {
        String text = value.toString();
        return text.length() <= 80 ? text : text.substring(0, 80) + "…";
    }

    private static String escape(String key) {
        return key.replace("~", "~0").replace("/", "~1");
    }
}
