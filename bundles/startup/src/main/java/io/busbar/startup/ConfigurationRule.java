package io.busbar.startup;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
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

    /** Whether the component may get the value. */
    boolean allows(String value) {
        if (list) {
            return Arrays.stream(value.split(","))
                    .map(String::strip)
                    .filter(one -> !one.isEmpty())
                    .allMatch(this::allowsOne);
        }
        return allowsOne(value);
    }

    private boolean allowsOne(String value) {
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
