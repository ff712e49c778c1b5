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
 * @param template the version of a template that the first of the fields are those of; null = all
 *     fields are the topic's own
 */
public record Model(
        List<Field> fields,
        UnknownFields unknownFields,
        @Nullable String quality,
        @Nullable TemplatePin template) {
    /** Accepts any payload. */
    public static final Model ANY = new Model(List.of(), UnknownFields.ALLOW);

    public Model {
        fields = List.copyOf(fields);
    }

    /** Creates a model of a topic's own fields. */
    public Model(List<Field> fields, UnknownFields unknownFields, @Nullable String quality) {
        this(fields, unknownFields, quality, null);
    }

    /** Creates the same whose source does not say how far it trusts its values. */
    public Model(List<Field> fields, UnknownFields unknownFields) {
        this(fields, unknownFields, null);
    }

    /** Returns the fields that are no template's. */
    public List<Field> overlay() {
        return template == null
                ? fields
                : fields.subList(Math.min(template.fields(), fields.size()), fields.size());
    }

    /** Returns this with other fields. */
    public Model withFields(List<Field> newFields) {
        return new Model(newFields, unknownFields, quality, template);
    }

    /** Returns this with another treatment of fields that are not listed. */
    public Model withUnknownFields(UnknownFields newUnknownFields) {
        return new Model(fields, newUnknownFields, quality, template);
    }
}
