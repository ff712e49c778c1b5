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

class JsonReaderTest extends PayloadReaderContract {
    private final PayloadReader reader =
            new JsonReader(new SpareScan(), new ValueList(new SourceTime(List.of("ts"))));

    @Override
    protected PayloadReader reader() {
        return reader;
    }

    @Override
    protected byte[] payload() {
        return utf8("{\"speed\":72.40,\"on\":true,\"axes\":{\"x\":[1,2]},\"\":\"no name\"}");
    }

    @Override
    protected Model model() {
        return Model.ANY;
    }

    @Override
    protected Map<String, String> values() {
        return Map.of("speed", "72.40", "on", "true", "axes", "{\"x\":[1,2]}", "", "\"no name\"");
    }

    @Override
    protected byte @Nullable [] numericText() {
        return null; // JSON has quotation marks
    }

    @Override
    protected byte[] foreign() {
        return utf8("speed=72.4");
    }

    @Test
    void read_bareValue_hasNoName() {
        assertThat(read(utf8(" 72.4 "), Model.ANY).values())
                .extracting(value -> value.name() + "=" + value.json())
                .containsExactly("=72.4");
    }

    @Test
    void read_whatIsAroundTheText_isPassedOver() {
        Model one = new Model(List.of(Field.of("v", FieldType.DOUBLE)), UnknownFields.WARN);

        assertThat(read(utf8("\uFEFF {\"a\":1}\0\0"), Model.ANY).values())
                .extracting(value -> value.name() + "=" + value.json())
                .containsExactly("a=1");
        assertThat(read(utf8("5\0"), one).values())
                .extracting(value -> value.name() + "=" + value.json())
                .containsExactly("=5");
        assertThat(read(utf8("5\0"), Model.ANY).problem()).as("a binary number").isNotNull();
        assertThat(read(utf8("{\"a\":1}\0 "), one).problem()).contains("after its end");
        assertThat(read(new byte[3], one).problem()).isNotNull();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
