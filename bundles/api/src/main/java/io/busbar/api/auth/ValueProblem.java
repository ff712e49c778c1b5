package io.busbar.api.auth;

import java.util.Map;

/**
 * Why a value cannot stand in a credential.
 *
 * @param text in a few words what is wrong with it and what was expected, without the name of the
 *     field
 * @param code the same for programs
 * @param parameters what the code names, by the names that stand at it
 */
public record ValueProblem(String text, Code code, Map<String, String> parameters) {
    /** The kinds of problems, each a {@code Reason.Code} of the same name. */
    public enum Code {
        /** Says nothing. */
        EMPTY,
        /**
         * Has fewer or more characters than it may have ({@code found}, {@code min}, {@code max}).
         */
        LENGTH,
        /** Has a control character. */
        CONTROL_CHARACTER,
        /** Has half a character. */
        NO_UNICODE,
        /** Begins or ends with a space ({@code found}). */
        NAME_SPACE,
        /** Is no topic filter ({@code found}). */
        FILTER,
        /** Is the filter of a Shared Subscription ({@code found}). */
        SHARED_FILTER,
        /** Is no IP address, and no block of them ({@code found}). */
        NETWORK
    }

    public ValueProblem {
        parameters = Map.copyOf(parameters);
    }

    /** One that is about the value that was found. */
    static ValueProblem of(String text, Code code, String found) {
        return new ValueProblem(text, code, Map.of("found", found));
    }

    /** One whose code says it all. */
    static ValueProblem of(String text, Code code) {
        return new ValueProblem(text, code, Map.of());
    }

    /** One about a length. */
    static ValueProblem ofLength(String text, int found, int min, int max) {
        return new ValueProblem(
                text,
                Code.LENGTH,
                Map.of(
                        "found",
                        String.valueOf(found),
                        "min",
                        String.valueOf(min),
                        "max",
                        String.valueOf(max)));
    }
}
