package io.busbar.uns.registry.payload;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.UnknownFields;
import io.busbar.api.uns.spi.PayloadReader;
import io.busbar.testkit.contract.PayloadReaderContract;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScalarReaderTest extends PayloadReaderContract {
    private final SpareScan spare = new SpareScan();
    private final PayloadReader reader =
            new ScalarReader(
                    spare,
                    new JsonReader(spare, new ValueList(new SourceTime(List.of("ts")))),
                    new TextReader());

    @Override
    protected PayloadReader reader() {
        return reader;
    }

    @Override
    protected byte[] payload() {
        return utf8("72.4");
    }

    @Override
    protected Model model() {
        return model(FieldType.DOUBLE);
    }

    private static Model model(FieldType type) {
        return new Model(List.of(Field.of("value", type)), UnknownFields.WARN);
    }

    @Override
    protected Map<String, String> values() {
        return Map.of("", "72.4");
    }

    @Override
    protected byte @Nullable [] numericText() {
        return null; // as in JSON
    }

    @Override
    protected byte[] foreign() {
        return utf8("{\"value\":72.4}");
    }

    @ParameterizedTest
    @CsvSource({
        "ENUM, RUN, '\"RUN\"'",
        "STRING, '\"quoted\"', '\"quoted\"'",
        "STRING, 5, 5",
        "STRING, '{}', '\"{}\"'",
        "DATETIME, 2026-11-23T08:15:30Z, '\"2026-11-23T08:15:30Z\"'",
        "BOOLEAN, true, true",
        "BOOLEAN, on, ",
        "DOUBLE, 5 mm, "
    })
    void read_textWithoutQuotes_onlyWhereTextIsExpected(
            FieldType type, String payload, String json) {
        var read = read(utf8(payload), model(type));

        assertThat(read.problem()).isEqualTo(json == null ? "is no bare value" : null);
        assertThat(read.values())
                .extracting(value -> value.json())
                .isEqualTo(json == null ? List.of() : List.of(json));
    }

    @Test
    void read_whatIsAroundTheText_isPassedOver() {
        assertThat(read(utf8("\uFEFF72.4\0\0"), model(FieldType.DOUBLE)).values())
                .extracting(value -> value.json())
                .containsExactly("72.4");
        assertThat(read(utf8("RUN\0"), model(FieldType.ENUM)).values())
                .extracting(value -> value.json())
                .containsExactly("\"RUN\"");
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
