package io.busbar.api.uns;

import java.util.List;

/** The shape of a topic's payload. An empty list of fields accepts any. */
public record Model(List<Field> fields, UnknownFields unknownFields) {
    /** Accepts anything. */
    public static final Model ANY = new Model(List.of(), UnknownFields.ALLOW);

    public Model {
        fields = List.copyOf(fields);
    }
}
