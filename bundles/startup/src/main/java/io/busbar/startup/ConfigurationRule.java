package io.busbar.startup;

import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What one key may hold, as the bundle that reads it declares it.
 *
 * @param type the type by its metatype name: Integer, Long, Boolean, String ...
 * @param list whether the key takes several values, separated by commas; each is checked
 * @param min smallest number; null for the smallest of the type
 * @param max largest number; null for the largest of the type
 * @param options the possible values; empty if there is no list of them
 */
record ConfigurationRule(
        String type, boolean list, @Nullable Long min, @Nullable Long max, List<String> options) {

    /**
     * The values of the key, each of which is checked.
     *
     * @param configured a text, for a list with commas between the elements; or, from a source that
     *     knows types, the value itself, an array or a collection
     */
    List<String> elements(Object configured) {
        if (configured.getClass().isArray()) {
            return IntStream.range(0, Array.getLength(configured))
                    .mapToObj(i -> String.valueOf(Array.get(configured, i)).strip())
                    .toList();
        }
        if (configured instanceof Collection<?> many) {
            return many.stream().map(one -> String.valueOf(one).strip()).toList();
        }
        String text = configured.toString().strip();
        return list
                ? Arrays.stream(text.split(","))
                        .map(String::strip)
                        .filter(one -> !one.isEmpty())
                        .toList()
                : List.of(text);
    }

    /** Whether the component may get the value, or the element of a list. */
    boolean allows(String value) {
        if (!options.isEmpty()) {
            return options.contains(value);
        }
        return switch (type) {
            case "Integer", "Long" -> isNumberInBounds(value);
            case "Boolean" -> List.of("true", "false").contains(value.toLowerCase(Locale.ROOT));
            default -> true;
        };
    }

    /** The allowed values in words for people. */
    String allowed() {
        if (!options.isEmpty()) {
            return String.join(", ", options);
        }
        return switch (type) {
            case "Boolean" -> "true or false";
            case "Integer", "Long" -> numbers();
            default -> "any text";
        };
    }

    private String numbers() {
        if (min == null && max == null) {
            return "a whole number";
        }
        if (max == null) {
            return "a whole number, " + min + " or more";
        }
        return "a whole number from " + least() + " to " + max;
    }

    private boolean isNumberInBounds(String value) {
        try {
            long number = Long.parseLong(value);
            return number >= least() && number <= most();
        } catch (NumberFormatException notANumber) {
            return false;
        }
    }

    private long least() {
        if (min != null) {
            return min;
        }
        return type.equals("Long") ? Long.MIN_VALUE : Integer.MIN_VALUE;
    }

    private long most() {
        if (max != null) {
            return max;
        }
        return type.equals("Long") ? Long.MAX_VALUE : Integer.MAX_VALUE;
    }
}
