package io.busbar.uns.registry;

import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.UnknownFields;
import io.busbar.api.uns.spi.PayloadReader;
import io.busbar.testkit.contract.PayloadReaderContract;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

class CsvReaderTest extends PayloadReaderContract {
    @Override
    protected PayloadReader reader() {
        return new CsvReader();
    }

    @Override
    protected byte[] payload() {
        return "72.4;RUN\n".getBytes(StandardCharsets.UTF_8);
    }

    @Override
    protected Model model() {
        return new Model(
                List.of(Field.of("speed", FieldType.DOUBLE), Field.of("state", FieldType.STRING)),
                UnknownFields.WARN);
    }

    @Override
    protected Map<String, String> values() {
        return Map.of("speed", "72.4", "state", "\"RUN\"");
    }

    @Override
    protected byte[] numericText() {
        return "0815".getBytes(StandardCharsets.UTF_8);
    }

    @Override
    protected byte[] foreign() {
        return "{}".getBytes(StandardCharsets.UTF_8);
    }
}
