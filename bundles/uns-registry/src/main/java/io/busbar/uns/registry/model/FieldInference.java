package io.busbar.uns.registry.model;

import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldType;
import io.busbar.uns.registry.payload.JsonScan;
import io.busbar.uns.registry.payload.SourceTime;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the fields of a model off one sample payload. Whole numbers are INTEGER, or LONG if 32 bits
 * do not hold them; others DOUBLE; text in the form of a time is DATETIME; an object or array
 * becomes one field of that type. The source's own time is no field, nor is anything whose name a
 * model cannot have.
 */
public final class FieldInference {
    private FieldInference() {}

    public static List<Field> of(String sample, SourceTime times) {
        byte[] json = sample.getBytes(StandardCharsets.UTF_8);
        JsonScan scan = new JsonScan();
        if (!scan.scan(json)) {
            throw new IllegalArgumentException(
                    "sample: " + scan.error() + " (expected: a JSON object or value)");
        }
        if (scan.kind() == JsonScan.Kind.ARRAY) {
            throw new IllegalArgumentException(
                    "sample: an array (expected: a JSON object or value)");
        }
        if (scan.kind() != JsonScan.Kind.OBJECT) {
            return List.of(field("value", json, scan.start(), scan.end(), scan.kind()));
        }
        List<Field> fields = new ArrayList<>();
        for (int i = 0; i < scan.count(); i++) {
            boolean time =
                    times.rank(scan, i) >= 0
                            && SourceTime.micros(
                                            json,
                                            scan.valueStart(i),
                                            scan.valueEnd(i),
                                            scan.valueKind(i))
                                    > SourceTime.OUT_OF_RANGE;
            if (!time && ModelRules.isFieldName(scan.key(i))) {
                fields.add(
                        field(
                                scan.key(i),
                                json,
                                scan.valueStart(i),
                                scan.valueEnd(i),
                                scan.valueKind(i)));
            }
        }
        return fields;
    }

    private static Field field(String name, byte[] json, int from, int to, JsonScan.Kind kind) {
        if (kind == JsonScan.Kind.NULL) {
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
                    case INTEGER -> to - from <= 9 ? FieldType.INTEGER : wide(json, from, to);
                    case DECIMAL -> FieldType.DOUBLE;
                    case TRUE, FALSE -> FieldType.BOOLEAN;
                    default ->
                            SourceTime.micros(json, from, to, kind) > SourceTime.OUT_OF_RANGE
                                    ? FieldType.DATETIME
                                    : FieldType.STRING;
                });
    }

    private static FieldType wide(byte[] json, int from, int to) {
        int bits =
                new java.math.BigInteger(
                                new String(json, from, to - from, StandardCharsets.ISO_8859_1))
                        .bitLength();
        return bits <= 31 ? FieldType.INTEGER : bits <= 63 ? FieldType.LONG : FieldType.DOUBLE;
    }
}
