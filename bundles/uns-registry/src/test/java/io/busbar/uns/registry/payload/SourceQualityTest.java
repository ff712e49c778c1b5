package io.busbar.uns.registry.payload;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.uns.Quality;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SourceQualityTest {
    @ParameterizedTest
    @CsvSource({
        "0, BAD",
        "24, BAD",
        "63, BAD",
        "64, UNCERTAIN",
        "191, UNCERTAIN",
        "192, GOOD",
        "192.0, GOOD",
        "216, GOOD",
        "255, GOOD",
        "2147483648, BAD",
        "2156527616, BAD",
        "-2147483648, BAD",
        "1083179008, UNCERTAIN",
        "9830400, GOOD",
        "true, GOOD",
        "false, BAD",
        "'\"Good\"', GOOD",
        "'\"GOOD\"', GOOD",
        "'\"GoodClamped\"', GOOD",
        "'\"Uncertain_LastUsableValue\"', UNCERTAIN",
        "'\" Bad \"', BAD",
        "'\"BadNoCommunication\"', BAD",
        "'\"192\"', GOOD",
        "'\"false\"', BAD"
    })
    void of_whatSourcesSend_isRead(String json, Quality expected) {
        assertThat(quality(json)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "256",
                "448",
                "65535",
                "4294967296",
                "1e999999999",
                "0.9983",
                "null",
                "{}",
                "[192]",
                "\"\"",
                "\"ok\"",
                "\"0.5\""
            })
    void of_anythingElse_isNone(String json) {
        assertThat(quality(json)).isNull();
    }

    private static Quality quality(String json) {
        Reading reading = new Reading();
        reading.json("q", json);
        return SourceQuality.of(reading, 0);
    }
}
