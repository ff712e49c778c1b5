package io.busbar.uns.registry.document;

import com.google.gson.annotations.SerializedName;
import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldType;
import io.busbar.json.OptionalKey;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A field as it is written. */
record FieldDocument(
        String name,
        FieldType type,
        @OptionalKey boolean required,
        @OptionalKey boolean nullable,
        @OptionalKey @Nullable String unit,
        @OptionalKey @Nullable BigDecimal min,
        @OptionalKey @Nullable BigDecimal max,
        @OptionalKey @Nullable Integer decimals,
        @OptionalKey @Nullable Integer maxLength,
        @OptionalKey @SerializedName("enum") List<String> allowed,
        @OptionalKey @Nullable String pattern,
        @OptionalKey @Nullable String displayName,
        @OptionalKey @Nullable String description,
        @OptionalKey boolean coerce,
        @OptionalKey @Nullable String source) {

    static FieldDocument of(Field field) {
        return new FieldDocument(
                field.name(),
                field.type(),
                field.required(),
                field.nullable(),
                field.unit(),
                field.min(),
                field.max(),
                field.decimals(),
                field.maxLength(),
                field.allowed(),
                field.pattern(),
                field.displayName(),
                field.description(),
                field.coerce(),
                field.source());
    }

    Field toField() {
        return new Field(
                name,
                type,
                required,
                nullable,
                unit,
                min,
                max,
                decimals,
                maxLength,
                allowed,
                pattern,
                displayName,
                description,
                coerce,
                source);
    }
}
