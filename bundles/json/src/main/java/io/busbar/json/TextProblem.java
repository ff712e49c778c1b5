package io.busbar.json;

import java.util.Map;

/**
 * What is wrong with a text that somebody sent.
 *
 * @param text in a few words what is wrong with it and what was expected, without the key
 * @param parameters the same for programs, see {@link FieldError}
 */
public record TextProblem(String text, Map<String, String> parameters) {
    public TextProblem {
        parameters = Map.copyOf(parameters);
    }

    /** One that only says it to people. */
    public static TextProblem of(String text) {
        return new TextProblem(text, Map.of());
    }
}
