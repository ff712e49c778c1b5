package io.busbar.web.api.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrictJsonTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{\"a\":1,}",
                "{a:1}",
                "{'a':1}",
                "[1,]",
                "NaN",
                "{\"a\":NaN}",
                "{\"a\":1}{}",
                "// c\n{}",
                "{\"a\":1,\"a\":2}",
                "01",
                "1e999999999",
                "\"\u0001\""
            })
    void text_thatIsNoJson_isRefused(String text) {
        assertThatThrownBy(() -> StrictJson.parse(text))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void nesting_beyondTheLimit_isRefused() {
        assertThat(StrictJson.parse("[".repeat(64) + "]".repeat(64))).isNotNull();
        assertThatThrownBy(() -> StrictJson.parse("[".repeat(100_000)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void numbers_keepEveryDigit() {
        assertThat(StrictJson.parse("[9007199254740993,0.10,1e2]").toString())
                .isEqualTo("[9007199254740993,0.10,1E+2]");
    }
}
