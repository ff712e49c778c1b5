package io.busbar.web.api.http;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.busbar.web.api.json.FieldError;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object of a request, read key by key. Mistakes are collected, so that a person sees all of
 * them at once: after the last key call {@link #finish} on the outermost object; what was read
 * before is only to be used afterwards. Confined to the request's thread.
 */
public final class JsonBody {
    private final JsonObject json;
    private final String pointer;
    private final List<FieldError> errors;
    private final List<JsonBody> parts;
    private final Set<String> known = new LinkedHashSet<>();

    private JsonBody(
            JsonObject json, String pointer, List<FieldError> errors, List<JsonBody> parts) {
        this.json = json;
        this.pointer = pointer;
        this.errors = errors;
        this.parts = parts;
        parts.add(this);
    }

    /** Begins to read a body. */
    public static JsonBody of(JsonElement body) {
        if (!body.isJsonObject()) {
            throw Problem.validation(
                    new FieldError(
                            "",
                            "",
                            "type",
                            "the body is " + kind(body) + " (expected: an object)"));
        }
        return new JsonBody(body.getAsJsonObject(), "", new ArrayList<>(), new ArrayList<>());
    }

    /**
     * Ends reading.
     *
     * @throws Problem 422 if a key is unknown or a value does not fit, with all mistakes
     */
    public void finish() {
        boolean unknown = false;
        for (JsonBody part : parts) {
            for (String key : part.json.keySet()) {
                if (!part.known.contains(key)) {
                    unknown = true;
                    part.error(
                            key,
                            "unknown",
                            "unknown key '"
                                    + key
                                    + "' (expected: "
                                    + String.join(", ", part.known)
                                    + ")");
                }
            }
        }
        if (unknown) {
            throw Problem.of(ProblemType.UNKNOWN_KEY, summary()).withErrors(errors);
        }
        if (!errors.isEmpty()) {
            throw Problem.validation(errors.toArray(FieldError[]::new));
        }
    }

    private String summary() {
        return errors.stream()
                        .filter(e -> e.code().equals("unknown"))
                        .findFirst()
                        .orElseThrow()
                        .message()
                + ". Nothing was changed.";
    }

    /** Notes a mistake that the caller found. */
    public void error(String key, String code, String message) {
        errors.add(new FieldError(pointer + "/" + escape(key), key, code, message));
    }

    /** Whether the key is there, null or not. */
    public boolean has(String key) {
        known.add(key);
        return json.has(key);
    }

    /** Whether the key is there and null. */
    public boolean isNull(String key) {
        return has(key) && json.get(key).isJsonNull();
    }

    private @Nullable JsonElement value(String key) {
        known.add(key);
        JsonElement value = json.get(key);
        return value == null || value.isJsonNull() ? null : value;
    }

    private void required(String key) {
        error(key, "required", key + " is missing");
    }

    /** A text that has to be there. */
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

    /** A text, or null if absent or null. Length in characters. */
    public @Nullable String optText(String key, int min, int max) {
        JsonElement value = value(key);
        if (value == null) {
            return null;
        }
        if (!isText(value)) {
            error(key, "type", key + " is " + kind(value) + " (expected: text)");
            return null;
        }
        String text = value.getAsString();
        int length = text.codePointCount(0, text.length());
        if (length < min || length > max) {
            error(
                    key,
                    length < min && length == 0 ? "required" : "length",
                    key + " has " + length + " characters (expected: " + min + " to " + max + ")");
            return null;
        }
        return text;
    }

    /** One of an enumeration's names, which has to be there; null only after a mistake. */
    public <E extends Enum<E>> @Nullable E choice(String key, Class<E> type) {
        if (value(key) == null) {
            required(key);
            return null;
        }
        return optChoice(key, type);
    }

    /** One of an enumeration's names, or null if absent or null. */
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
        error(key, "enum", key + ": " + shown(value) + " (expected: " + names(type) + ")");
        return null;
    }

    /** true or false, or null if absent or null. */
    public @Nullable Boolean optBoolean(String key) {
        JsonElement value = value(key);
        if (value == null) {
            return null;
        }
        if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isBoolean()) {
            error(key, "type", key + " is " + kind(value) + " (expected: true or false)");
            return null;
        }
        return value.getAsBoolean();
    }

    /** A whole number, or null if absent or null. */
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
        error(
                key,
                "range",
                key
                        + ": "
                        + value.toPlainString()
                        + " (expected: whole number "
                        + min
                        + " to "
                        + max
                        + ")");
        return null;
    }

    /** A number, or null if absent or null. */
    public @Nullable BigDecimal optNumber(String key) {
        JsonElement value = value(key);
        if (value == null) {
            return null;
        }
        if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isNumber()) {
            error(key, "type", key + " is " + kind(value) + " (expected: a number)");
            return null;
        }
        return value.getAsBigDecimal();
    }

    /** A time in RFC 3339, or null if absent or null. */
    public @Nullable Instant optTime(String key) {
        String text = optText(key, 1, 64);
        if (text == null) {
            return null;
        }
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            error(
                    key,
                    "pattern",
                    key + ": '" + text + "' (expected: RFC 3339, e.g. 2027-01-31T12:00:00Z)");
            return null;
        }
    }

    /** A list of texts, or null if absent or null. */
    public @Nullable List<String> optTexts(String key, int maxItems, int maxLength) {
        JsonArray array = optArray(key, maxItems);
        if (array == null) {
            return null;
        }
        List<String> texts = new ArrayList<>(array.size());
        for (int i = 0; i < array.size(); i++) {
            JsonElement item = array.get(i);
            if (!isText(item)) {
                error(
                        key + "/" + i,
                        key,
                        "type",
                        key + " holds " + kind(item) + " (expected: text)");
            } else if (item.getAsString().length() > maxLength) {
                error(
                        key + "/" + i,
                        key,
                        "length",
                        key
                                + " holds a text of "
                                + item.getAsString().length()
                                + " characters (expected: at most "
                                + maxLength
                                + ")");
            } else {
                texts.add(item.getAsString());
            }
        }
        return texts;
    }

    /** A list of whole numbers, or null if absent or null. */
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
                error(
                        key + "/" + i,
                        key,
                        "type",
                        key + " holds " + shown(item) + " (expected: a whole number)");
            }
        }
        return numbers;
    }

    /** A list of objects, or null if absent or null. */
    public <T> @Nullable List<T> optList(String key, int maxItems, Function<JsonBody, T> read) {
        JsonArray array = optArray(key, maxItems);
        if (array == null) {
            return null;
        }
        List<T> items = new ArrayList<>(array.size());
        for (int i = 0; i < array.size(); i++) {
            JsonElement item = array.get(i);
            if (!item.isJsonObject()) {
                error(
                        key + "/" + i,
                        key,
                        "type",
                        key + " holds " + kind(item) + " (expected: an object)");
                continue;
            }
            items.add(
                    read.apply(
                            new JsonBody(
                                    item.getAsJsonObject(),
                                    pointer + "/" + escape(key) + "/" + i,
                                    errors,
                                    parts)));
        }
        return items;
    }

    /** An object, or null if absent or null. */
    public <T> @Nullable T optObject(String key, Function<JsonBody, T> read) {
        JsonElement value = value(key);
        if (value == null) {
            return null;
        }
        if (!value.isJsonObject()) {
            error(key, "type", key + " is " + kind(value) + " (expected: an object)");
            return null;
        }
        return read.apply(
                new JsonBody(value.getAsJsonObject(), pointer + "/" + escape(key), errors, parts));
    }

    /** An object of texts, or null if absent or null. */
    public @Nullable Map<String, String> optTextMap(String key, int maxItems, int maxLength) {
        JsonElement value = value(key);
        if (value == null) {
            return null;
        }
        if (!value.isJsonObject()) {
            error(key, "type", key + " is " + kind(value) + " (expected: an object)");
            return null;
        }
        Map<String, String> map = new LinkedHashMap<>();
        for (Map.Entry<String, JsonElement> entry : value.getAsJsonObject().entrySet()) {
            if (!isText(entry.getValue())) {
                error(
                        key + "/" + escape(entry.getKey()),
                        entry.getKey(),
                        "type",
                        key
                                + "."
                                + entry.getKey()
                                + " is "
                                + kind(entry.getValue())
                                + " (expected: text)");
            } else if (entry.getValue().getAsString().length() > maxLength
                    || entry.getKey().length() > maxLength) {
                error(
                        key,
                        "length",
                        key
                                + "."
                                + entry.getKey()
                                + " is too long (expected: at most "
                                + maxLength
                                + " characters)");
            } else {
                map.put(entry.getKey(), entry.getValue().getAsString());
            }
        }
        if (map.size() > maxItems) {
            error(
                    key,
                    "length",
                    key + " has " + map.size() + " entries (expected: at most " + maxItems + ")");
        }
        return map;
    }

    private @Nullable JsonArray optArray(String key, int maxItems) {
        JsonElement value = value(key);
        if (value == null) {
            return null;
        }
        if (!value.isJsonArray()) {
            error(key, "type", key + " is " + kind(value) + " (expected: a list)");
            return null;
        }
        if (value.getAsJsonArray().size() > maxItems) {
            error(
                    key,
                    "length",
                    key
                            + " has "
                            + value.getAsJsonArray().size()
                            + " entries (expected: at most "
                            + maxItems
                            + ")");
            return null;
        }
        return value.getAsJsonArray();
    }

    private void error(String path, String field, String code, String message) {
        errors.add(new FieldError(pointer + "/" + path, field, code, message));
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

    private static String kind(JsonElement value) {
        if (value.isJsonNull()) {
            return "null";
        } else if (value.isJsonObject()) {
            return "an object";
        } else if (value.isJsonArray()) {
            return "a list";
        }
        JsonPrimitive primitive = value.getAsJsonPrimitive();
        return primitive.isString() ? "text" : primitive.isNumber() ? "a number" : "a boolean";
    }

    private static String escape(String key) {
        return key.replace("~", "~0").replace("/", "~1");
    }
}
