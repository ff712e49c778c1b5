package io.busbar.api.uns;

import java.util.List;

/**
 * A field that keeps refusing values because of its type, and a wider one that would take them.
 *
 * @param field the field as it is
 * @param wider the field as it could be, with another type, or also for null, or for numbers and
 *     booleans sent as text
 * @param values how many values the field had in the payloads that are kept
 * @param refused how many of them do not fit its type
 * @param examples some of those, as JSON text, at most {@link #EXAMPLES}, shortened
 */
public record FieldWidening(
        Field field, Field wider, int values, int refused, List<String> examples) {
    /** Most examples. */
    public static final int EXAMPLES = 3;

    public FieldWidening {
        examples = List.copyOf(examples);
    }
}
