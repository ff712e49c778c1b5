package io.busbar.uns.registry.payload;

import io.busbar.api.uns.Model;
import io.busbar.api.uns.spi.PayloadReader;
import io.busbar.testkit.contract.PayloadReaderContract;
import java.nio.charset.StandardCharsets;
import java.util.Map;

class TextReaderTest extends PayloadReaderContract {
    @Override
    protected PayloadReader reader() {
        return new TextReader();
    }

    @Override
    protected byte[] payload() {
        return "a \"b\"\\ ü\n".getBytes(StandardCharsets.UTF_8);
    }

    @Override
    protected Model model() {
        return Model.ANY;
    }

    @Override
    protected Map<String, String> values() {
        return Map.of("", "\"a \\\"b\\\"\\\\ ü\\n\"");
    }

    @Override
    protected byte[] numericText() {
        return "0815".getBytes(StandardCharsets.UTF_8);
    }

    @Override
    protected byte[] foreign() {
        return new byte[] {(byte) 0xC3, 0x28};
    }
}
