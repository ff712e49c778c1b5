package io.busbar.api.uns;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Describes the payload of a topic, so that payloads can be checked.
 *
 * @param fields the fields; an empty list accepts any payload
 * @param unknownFields how fields that are not listed are treated
 * @param quality the name of the value in which the source says how far it trusts the others of the
 *     payload, e.g. {@code quality} or {@code q}: a word that begins with Good, Uncertain or Bad,
 *     true or false, or a code of OPC (below 64 Bad, below 192 Uncertain, up to 255 Good; 32 bits
 *     as in OPC UA); null = the source does not say
 */
public record Model(List<Field> fields, UnknownFields unknownFields, @Nullable String quality) {
    /** Accepts any payload. */
    public static final Model ANY = new Model(List.of(), UnknownFields.ALLOW);

    public Model {
        fields = List.copyOf(fields);
    }

    /** Creates a model whose source does not say how far it trusts its values. */
    public Model(List<Field> fields, UnknownFields unknownFields) {
        this(fields, unknownFields, null);
    }

    /** Returns this with other fields. */
    public Model withFields(List<Field> newFields) {
        return new Model(newFields, unknownFields, quality);
    }
}
