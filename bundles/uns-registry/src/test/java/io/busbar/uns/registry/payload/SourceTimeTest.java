package io.busbar.uns.registry.payload;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SourceTimeTest {
    @ParameterizedTest
    @CsvSource({
        "\"2026-11-23T08:15:30.250Z\", 2026-11-23T08:15:30.250Z",
        "\"2026-11-23t08:15:30z\", 2026-11-23T08:15:30Z",
        "\"2026-11-23 08:15:30Z\", 2026-11-23T08:15:30Z",
        "\"2026-11-23T10:15:30.123456789+02:00\", 2026-11-23T08:15:30.123456Z",
        "\"2024-02-29T00:00:00-05:30\", 2024-02-29T05:30:00Z",
        "\"2016-12-31T23:59:60Z\", 2017-01-01T00:00:00Z",
        "1795421731, 2026-11-23T08:15:31Z",
        "\"2026-11-23T10:15:30+0200\", 2026-11-23T08:15:30Z",
        "\"2026-11-23T10:15:30+02\", 2026-11-23T08:15:30Z",
        "\"2026-11-23T10:15:30 +0200\", 2026-11-23T08:15:30Z",
        "\"2026-11-23T08:15:30+0000\", 2026-11-23T08:15:30Z",
        "\"2026-11-23T08:15:30+00\", 2026-11-23T08:15:30Z",
        "\"2026-11-23T08:15Z\", 2026-11-23T08:15:00Z",
        "\"2026-11-23 10:15+02:00\", 2026-11-23T08:15:00Z",
        "'\"2026-11-23T08:15:30,5Z\"', 2026-11-23T08:15:30.500Z",
        "\"2026-11-23T10:15:30\\u002B02:00\", 2026-11-23T08:15:30Z",
        "\"/Date(1795421731250)/\", 2026-11-23T08:15:31.250Z",
        "\"\\/Date(1795421731250+0200)\\/\", 2026-11-23T08:15:31.250Z",
        "\"/Date(126230400000)/\", 1974-01-01T00:00:00Z",
        "\"1795421731\", 2026-11-23T08:15:31Z",
        "\"1795421731250\", 2026-11-23T08:15:31.250Z",
        "\"1795421731250123\", 2026-11-23T08:15:31.250123Z",
        "\"1795421731250123456\", 2026-11-23T08:15:31.250123Z",
        "\"1795421731.25\", 2026-11-23T08:15:31.250Z",
        "1795421731250123456, 2026-11-23T08:15:31.250123Z",
        "1.795421731250123E18, 2026-11-23T08:15:31.250123Z",
        "1795421731250, 2026-11-23T08:15:31.250Z",
        "1795421731250123, 2026-11-23T08:15:31.250123Z",
        "1795421731.25, 2026-11-23T08:15:31.250Z",
        "1.795421731250E12, 2026-11-23T08:15:31.250Z"
    })
    void micros_acceptedForms_areExact(String json, Instant expected) {
        assertThat(micros(json)).isEqualTo(ChronoUnit.MICROS.between(Instant.EPOCH, expected));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"23/11/2026\"",
                "\"2026-02-30T08:15:30Z\"",
                "\"2026-11-23T24:15:30Z\"",
                "\"2026-11-23T08:15:30.Z\"",
                "\"2026-11-23T08:15:30+020\"",
                "\"2026-11-23T08:15:30+2:00\"",
                "\"2026-11-23T08:15:3Z\"",
                "\"2026-11-23T08:15:\"",
                "\"2026-11-23T08:15:30Z \"",
                "\"2026-11-23T08:15:30 \"",
                "\"202611230815\"",
                "\"20261123081530\"",
                "\"1795421731.\"",
                "\"17954217x1\"",
                "\"/Date()/\"",
                "\"/Date(1795421731250)\"",
                "\"/Date(17954x)/\"",
                "\"/Date(9999999999999999999999)/\"",
                "true",
                "null",
                "{}"
            })
    void micros_otherForms_areUnreadable(String json) {
        assertThat(micros(json)).isEqualTo(SourceTime.UNREADABLE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "35",
                "-1795421731",
                "20000000000",
                "9999999999999999999",
                "99999999999999999999",
                "\"9999999999999999999\"",
                "\"/Date(0)/\"",
                "1e300",
                "\"1970-12-31T23:59:59Z\"",
                "\"2500-01-01T00:00:00Z\""
            })
    void micros_timesOutOfRange_areSaidToBe(String json) {
        assertThat(micros(json)).isEqualTo(SourceTime.OUT_OF_RANGE);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-23T08:15:30, 2026-11-23T07:15:30Z",
        "2026-11-23 08:15:30.250, 2026-11-23T07:15:30.250Z",
        "2026-11-23T08:15, 2026-11-23T07:15:00Z",
        "2026-07-23T08:15:30, 2026-07-23T06:15:30Z",
        // The hour that is left out.
        "2026-03-29T02:30:00, 2026-03-29T01:30:00Z"
    })
    void micros_withoutOffset_needsAZone(String text, Instant inParis) {
        assertThat(micros('"' + text + '"')).isEqualTo(SourceTime.NO_OFFSET);
        assertThat(micros('"' + text + '"', ZoneId.of("Europe/Paris")))
                .isEqualTo(ChronoUnit.MICROS.between(Instant.EPOCH, inParis));
    }

    @ParameterizedTest
    @CsvSource({
        "2026-10-25T00:31:00Z, 2026-10-25T00:30:00Z",
        "2026-10-25T01:24:00Z, 2026-10-25T00:30:00Z",
        "2026-10-25T01:29:58Z, 2026-10-25T01:30:00Z",
        "2026-10-25T01:31:00Z, 2026-10-25T01:30:00Z",
        "2026-10-26T00:00:00Z, 2026-10-25T01:30:00Z"
    })
    void micros_inAnHourThatComesTwice_isNearestToTheArrival(Instant arrival, Instant expected) {
        assertThat(
                        micros(
                                "\"2026-10-25T02:30:00\"",
                                ZoneId.of("Europe/Paris"),
                                ChronoUnit.MICROS.between(Instant.EPOCH, arrival)))
                .isEqualTo(ChronoUnit.MICROS.between(Instant.EPOCH, expected));
    }

    @Test
    void micros_withOffset_isNotOfTheZone() {
        assertThat(micros("\"2026-11-23T08:15:30Z\"", ZoneId.of("Europe/Paris")))
                .isEqualTo(micros("1795421730"));
    }

    @Test
    void isName_caseOfLetters_doesNotMatter() {
        SourceTime times = new SourceTime(List.of("timestamp_ms", "ts"));

        assertThat(List.of("Timestamp_MS", "TS", "ts")).allMatch(times::isName);
        assertThat(List.of("timestamp-ms", "t", "tss")).noneMatch(times::isName);
    }

    @Test
    void micros_everyDayOfCenturies_agreesWithJavaTime() {
        Instant day = Instant.parse("1971-01-01T12:34:56Z");
        while (day.isBefore(Instant.parse("2500-01-01T00:00:00Z"))) {
            assertThat(micros('"' + day.toString() + '"'))
                    .isEqualTo(day.getEpochSecond() * 1_000_000);
            day = day.plus(17, ChronoUnit.DAYS);
        }
    }

    private static long micros(String json) {
        return micros(json, null);
    }

    private static long micros(String json, @Nullable ZoneId zone) {
        return micros(json, zone, 0);
    }

    private static long micros(String json, @Nullable ZoneId zone, long arrival) {
        JsonScan scan = new JsonScan();
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        assertThat(scan.scan(bytes)).isTrue();
        return SourceTime.micros(bytes, scan.start(), scan.end(), scan.kind(), zone, arrival);
    }
}
