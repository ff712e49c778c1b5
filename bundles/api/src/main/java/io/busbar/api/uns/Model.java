package io.busbar.api.uns;

import java.util.List;

/**
 * Describes the payload of a topic, so that payloads can be checked.
 *
 * @param fields the fields; an empty list accepts any payload
 * @param unknownFields how fields that are not listed are treated
 */
public record Model(List<Field> fields, UnknownFields unknownFields) {
    /** Accepts any payload. */
    public static final Model ANY = new Model(List.of(), UnknownFields.ALLOW);

    public Model {
        fields = List.copyOf(fields);
    }
}
