package io.busbar.uns.registry.model;

import io.busbar.api.mqtt.Message;
import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.FieldWidening;
import io.busbar.uns.registry.payload.FormatReader;
import io.busbar.uns.registry.payload.JsonKind;
import io.busbar.uns.registry.payload.JsonScan;
import io.busbar.uns.registry.payload.JsonText;
import io.busbar.uns.registry.payload.Reading;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds fields that keep refusing values because of their type, and wider ones that would not. */
public final class Widenings {
    /** So many values have to be refused before it is no accident. */
    private static final int STEADY = 3;

    private final Schema schema;

    /** A value as it stands in a payload. */
    private record Value(byte[] json, int from, int to) {
        JsonKind kind() {
            return JsonKind.of(json, from, to);
        }

        String text() {
            return JsonText.clip(
                    new String(json, from, Math.min(to - from, 200), StandardCharsets.UTF_8));
        }
    }

    private Widenings(Schema schema) {
        this.schema = schema;
    }

    /**
     * Looks at the last payloads of a topic.
     *
     * @param messages in the order of their arrival
     */
    public static List<FieldWidening> of(
            Schema schema, FormatReader reader, List<Message> messages) {
        List<Field> fields = schema.fields();
        List<List<Value>> values = new ArrayList<>();
        fields.forEach(field -> values.add(new ArrayList<>()));
        for (Message message : messages) {
            Reading reading = new Reading();
            reader.read(message, schema.model(), schema.zone(), reading);
            schema.find(
                    reading,
                    (index, json, from, to) -> values.get(index).add(new Value(json, from, to)));
        }
        Widenings widenings = new Widenings(schema);
        List<FieldWidening> found = new ArrayList<>();
        for (int i = 0; i < fields.size(); i++) {
            FieldWidening widening = widenings.of(fields.get(i), values.get(i));
            if (widening != null) {
                found.add(widening);
            }
        }
        return found;
    }

    private @Nullable FieldWidening of(Field field, List<Value> values) {
        FieldCheck check = check(field);
        List<Value> refused = values.stream().filter(value -> !fits(check, value)).toList();
        if (refused.size() < STEADY) {
            return null;
        }
        Field wider = wider(field, values, refused);
        if (wider == null) {
            return null;
        }
        Set<String> examples = new LinkedHashSet<>();
        for (int i = refused.size() - 1; i >= 0 && examples.size() < FieldWidening.EXAMPLES; i--) {
            examples.add(refused.get(i).text());
        }
        return new FieldWidening(
                field, wider, values.size(), refused.size(), List.copyOf(examples));
    }

    /** The narrowest field that takes what this one takes, and nearly all that it refuses. */
    private @Nullable Field wider(Field field, List<Value> values, List<Value> refused) {
        boolean nullable =
                field.nullable() || refused.stream().anyMatch(each -> each.kind() == JsonKind.NULL);
        List<FieldType> types = new ArrayList<>(List.of(field.type()));
        types.addAll(widerTypes(field.type()));
        for (FieldType type : types) {
            for (boolean coerce : field.coerce() ? List.of(true) : List.of(false, true)) {
                Field candidate = field.withType(type, nullable, coerce);
                if (check(candidate).coerces() == coerce && takes(candidate, field, values)) {
                    return candidate;
                }
            }
        }
        if (refused.size() < values.size()) {
            return null;
        }
        SeenValues seen = new SeenValues();
        refused.forEach(each -> seen.add(each.json(), each.from(), each.to(), each.kind()));
        FieldType type = seen.isUnknown() ? null : seen.type();
        return type == null
                ? null
                : field.withType(type, nullable || seen.isNullable(), seen.needsCoerce());
    }

    private static List<FieldType> widerTypes(FieldType type) {
        return switch (type) {
            case INTEGER -> List.of(FieldType.LONG, FieldType.DOUBLE);
            case LONG, FLOAT -> List.of(FieldType.DOUBLE);
            case ENUM, DATETIME -> List.of(FieldType.STRING);
            case DOUBLE, BOOLEAN, STRING, OBJECT, ARRAY, BLOB -> List.of();
        };
    }

    private boolean takes(Field candidate, Field field, List<Value> values) {
        FieldCheck present = check(field);
        FieldCheck wider = check(candidate);
        int refused = 0;
        int still = 0;
        for (Value value : values) {
            boolean taken = fits(wider, value);
            if (!fits(present, value)) {
                refused++;
                still += taken ? 0 : 1;
            } else if (!taken) {
                return false;
            }
        }
        return still * 4 <= refused;
    }

    /** Checks of a field's type only: its limits are what people want, whatever comes. */
    private FieldCheck check(Field field) {
        return schema.check(
                new Field(
                        field.name(),
                        field.type(),
                        false,
                        field.nullable(),
                        null,
                        null,
                        null,
                        null,
                        null,
                        field.allowed(),
                        null,
                        null,
                        null,
                        field.coerce()));
    }

    private static boolean fits(FieldCheck check, Value value) {
        JsonKind kind = value.kind();
        if (kind == JsonKind.STRING && check.coerces()) {
            byte[] text = Arrays.copyOfRange(value.json(), value.from() + 1, value.to() - 1);
            JsonScan inner = new JsonScan();
            if (inner.scan(text) && !inner.kind().isString()) {
                return check.check(text, inner.start(), inner.end(), inner.kind(), 0) == null;
            }
        }
        return check.check(value.json(), value.from(), value.to(), kind, 0) == null;
    }
}
