package io.busbar.uns.registry.model;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldName;
import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.PayloadFormat;
import io.busbar.api.uns.Quality;
import io.busbar.uns.registry.payload.JsonKind;
import io.busbar.uns.registry.payload.Readers;
import io.busbar.uns.registry.payload.Reading;
import io.busbar.uns.registry.payload.SourceTime;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Suggests the fields of a model from a sample payload. Whole numbers become INTEGER, or LONG if
 * they need more than 32 bits. Other numbers become DOUBLE. Text that looks like a time becomes
 * DATETIME. An object or array becomes one field of that type. The source's own timestamp is left
 * out, and so is any value whose name is not allowed in a model.
 */
public final class FieldInference {
    private FieldInference() {}

    /**
     * Reads the fields off a sample.
     *
     * @throws IllegalArgumentException if it is no JSON object or value
     */
    public static List<Field> of(String json, Readers readers, SourceTime times) {
        Message message =
                new Message(
                        TopicName.of("sample"),
                        json.getBytes(StandardCharsets.UTF_8),
                        Qos.AT_MOST_ONCE,
                        false,
                        MessageProperties.NONE,
                        Publisher.SERVER,
                        0);
        Reading sample = new Reading();
        readers.of(PayloadFormat.JSON).read(message, Model.ANY, sample);
        String problem = sample.problem();
        if (problem != null) {
            throw new IllegalArgumentException(
                    "sample: " + problem + " (expected: a JSON object or value)");
        }
        if (sample.isBare()) {
            if (sample.kind(0) == JsonKind.ARRAY) {
                throw new IllegalArgumentException(
                        "sample: an array (expected: a JSON object or value)");
            }
            return List.of(field("value", sample, 0));
        }
        List<Field> fields = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < sample.count(); i++) {
            boolean time =
                    times.rank(sample, i) >= 0
                            && SourceTime.isTime(SourceTime.micros(sample, i, null));
            String name = FieldName.normalized(sample.name(i));
            boolean nothing = sample.quality(i) == Quality.BAD && sample.kind(i) == JsonKind.NULL;
            if (!time && !nothing && FieldName.problemOf(name) == null && names.add(name)) {
                fields.add(field(name, sample, i));
            }
        }
        return fields;
    }

    private static Field field(String name, Reading sample, int i) {
        JsonKind kind = sample.kind(i);
        if (kind == JsonKind.NULL) {
            return new Field(
                    name,
                    FieldType.STRING,
                    false,
                    true,
                    null,
                    null,
                    null,
                    null,
                    null,
                    List.of(),
                    null,
                    null,
                    null,
                    false);
        }
        return Field.of(
                name,
                switch (kind) {
                    case OBJECT -> FieldType.OBJECT;
                    case ARRAY -> FieldType.ARRAY;
                    case INTEGER -> whole(sample.text(i));
                    case DECIMAL -> FieldType.DOUBLE;
                    case TRUE, FALSE -> FieldType.BOOLEAN;
                    default ->
                            SourceTime.isTime(SourceTime.micros(sample, i, null))
                                    ? FieldType.DATETIME
                                    : FieldType.STRING;
                });
    }

    private static FieldType whole(String number) {
        int bits = new BigInteger(number).bitLength();
        return bits <= 31 ? FieldType.INTEGER : bits <= 63 ? FieldType.LONG : FieldType.DOUBLE;
    }
}
