package io.busbar.uns.registry.exchange;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.busbar.api.uns.Reason;
import io.busbar.api.uns.RefusedException;
import io.busbar.uns.registry.payload.JsonText;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Values of JSON objects as other tools write them: constants and booleans in any case and as text,
 * one text where a list could be. Everything else is an {@link IllegalArgumentException} that
 * begins with the key.
 */
final class LooseJson {
    private LooseJson() {}

    /** Throws if a key is neither known nor one that is passed over. */
    static void unknownKeys(JsonObject json, Set<String> known, Set<String> passedOver) {
        for (String key : json.keySet()) {
            if (!known.contains(key) && !passedOver.contains(key)) {
                throw unknownKey(key, nearest(key, known));
            }
        }
    }

    private static RefusedException unknownKey(String key, String nearest) {
        Reason reason = Reason.of(Reason.Code.UNKNOWN_KEY, "found", JsonText.clip(key));
        String found = "unknown key '" + JsonText.clip(key) + "'";
        return nearest.isEmpty()
                ? new RefusedException(found, reason)
                : new RefusedException(
                        found + " (did you mean '" + nearest + "'?)",
                        reason.with("similar", nearest));
    }

    private static String nearest(String key, Set<String> known) {
        return known.stream()
                .filter(
                        each ->
                                each.equalsIgnoreCase(key)
                                        || each.startsWith(key)
                                        || key.startsWith(each))
                .sorted()
                .findFirst()
                .orElse("");
    }

    /** A text, or null if absent or null. */
    static @Nullable String text(JsonObject json, String key) {
        JsonElement value = json.get(key);
        if (value == null || value.isJsonNull()) {
            return null;
        }
        if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isString()) {
            throw new RefusedException(key + ": no text", Reason.Code.NO_TEXT, "at", key);
        }
        return value.getAsString();
    }

    /** Texts, or names of objects; a single text counts as one. */
    static List<String> texts(JsonObject json, String key) {
        JsonElement value = json.get(key);
        if (value == null || value.isJsonNull()) {
            return List.of();
        }
        if (value.isJsonPrimitive() && value.getAsJsonPrimitive().isString()) {
            String text = value.getAsString();
            return text.isBlank() ? List.of() : List.of(text);
        }
        if (!value.isJsonArray()) {
            throw noTexts(key);
        }
        List<String> texts = new ArrayList<>();
        for (JsonElement each : value.getAsJsonArray()) {
            if (each instanceof JsonObject object
                    && object.get("name") instanceof JsonPrimitive name) {
                texts.add(name.getAsString());
            } else if (each.isJsonPrimitive() && each.getAsJsonPrimitive().isString()) {
                texts.add(each.getAsString());
            } else {
                throw noTexts(key);
            }
        }
        return texts;
    }

    private static RefusedException noTexts(String key) {
        return new RefusedException(key + ": no array of texts", Reason.Code.NO_TEXTS, "at", key);
    }

    /** Says that a value is not what was expected. */
    private static RefusedException not(
            String expected, Reason.Code code, String key, JsonElement value) {
        String found = JsonText.clip(value.toString());
        return new RefusedException(
                key + ": " + found + " (expected: " + expected + ")",
                code,
                "at",
                key,
                "found",
                found);
    }

    /** Texts as {@link #texts}, but of a single text the parts between commas, each once. */
    static List<String> list(JsonObject json, String key) {
        JsonElement value = json.get(key);
        if (value == null || !value.isJsonPrimitive()) {
            return texts(json, key);
        }
        return Arrays.stream(String.valueOf(text(json, key)).split(","))
                .map(String::strip)
                .filter(each -> !each.isEmpty())
                .distinct()
                .toList();
    }

    /** Whether a value says anything: not if it is null, false, or empty. */
    static boolean says(JsonElement value) {
        if (value.isJsonPrimitive()) {
            String text = value.getAsString();
            return !text.isBlank() && !text.equalsIgnoreCase("false");
        }
        return value instanceof JsonArray array && !array.isEmpty()
                || value instanceof JsonObject object && !object.isEmpty();
    }

    /** True or false, also as text, or another value if absent or null. */
    static boolean bool(JsonObject json, String key, boolean otherwise) {
        Boolean said = bool(json, key);
        return said == null ? otherwise : said;
    }

    /** True or false, also as text, or null if absent or null. */
    static @Nullable Boolean bool(JsonObject json, String key) {
        JsonElement value = json.get(key);
        if (value == null || value.isJsonNull()) {
            return null;
        }
        if (value.isJsonPrimitive()) {
            switch (value.getAsString().toUpperCase(Locale.ROOT)) {
                case "TRUE":
                    return true;
                case "FALSE":
                    return false;
                default:
                    break;
            }
        }
        throw not("true or false", Reason.Code.NO_BOOLEAN, key, value);
    }

    /** A whole number, or null if absent or null. */
    static @Nullable Integer integer(JsonObject json, String key) {
        BigDecimal number = decimal(json, key);
        try {
            return number == null ? null : number.intValueExact();
        } catch (ArithmeticException e) {
            throw not("a whole number", Reason.Code.NO_WHOLE_NUMBER, key, json.get(key));
        }
    }

    /** A number, or null if absent or null. */
    static @Nullable BigDecimal decimal(JsonObject json, String key) {
        JsonElement value = json.get(key);
        if (value == null || value.isJsonNull()) {
            return null;
        }
        if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isNumber()) {
            throw not("a number", Reason.Code.NO_NUMBER, key, value);
        }
        try {
            return value.getAsBigDecimal();
        } catch (NumberFormatException e) {
            throw not("a number", Reason.Code.NO_NUMBER, key, value);
        }
    }

    /** A constant, in any case, or another value if absent, null or empty. */
    static <E extends Enum<E>> @Nullable E constant(
            Class<E> type, JsonObject json, String key, @Nullable E otherwise) {
        String text = text(json, key);
        return text == null || text.isEmpty() ? otherwise : constant(type, text, key);
    }

    /** A constant by its name, in any case. */
    static <E extends Enum<E>> E constant(Class<E> type, String text, String key) {
        for (E each : type.getEnumConstants()) {
            if (each.name().equalsIgnoreCase(text)) {
                return each;
            }
        }
        throw notOneOf(
                key,
                text,
                String.join(", ", Arrays.stream(type.getEnumConstants()).map(Enum::name).toList()));
    }

    /** Says that a text is none of those that are known. */
    static RefusedException notOneOf(String key, String text, String expected) {
        String found = JsonText.clip(text);
        return new RefusedException(
                key + ": '" + found + "' (expected: " + expected + ")",
                Reason.Code.NOT_ONE_OF,
                "at",
                key,
                "found",
                found,
                "expected",
                expected);
    }

    /** An object of texts, in its order; other values become their JSON. */
    static Map<String, String> textMap(JsonObject json, String key) {
        JsonElement given = json.get(key);
        if (given == null || given.isJsonNull()) {
            return Map.of();
        }
        if (!given.isJsonObject()) {
            throw new RefusedException(key + ": no object", Reason.Code.NO_OBJECT, "at", key);
        }
        Map<String, String> properties = new LinkedHashMap<>();
        given.getAsJsonObject()
                .entrySet()
                .forEach(
                        each ->
                                properties.put(
                                        each.getKey(),
                                        each.getValue().isJsonPrimitive()
                                                ? each.getValue().getAsString()
                                                : each.getValue().toString()));
        return properties;
    }
}
