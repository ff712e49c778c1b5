package io.busbar.uns.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.busbar.api.uns.FieldValue;
import io.busbar.api.uns.ImportResult;
import io.busbar.api.uns.NodeName;
import io.busbar.api.uns.PayloadFormat;
import io.busbar.api.uns.Quality;
import io.busbar.api.uns.TopicValue;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A plant's namespace and its payloads, good, bad and foreign. */
class SamplesTest {
    private final Bench bench = new Bench();

    @BeforeEach
    void importNamespace() {
        ImportResult result =
                Bench.importJson(
                        bench.registry, Bench.sample("namespace-demo.json"), false, Bench.ANNA);
        assertThat(result.problems()).isEmpty();
        assertThat(result.created()).isEqualTo(37);
    }

    static Stream<JsonObject> good() {
        return lines("payloads-good.jsonl");
    }

    static Stream<JsonObject> bad() {
        return lines("payloads-bad.jsonl");
    }

    static Stream<JsonObject> foreign() {
        return lines("unmodeled.jsonl");
    }

    @ParameterizedTest
    @MethodSource("good")
    void goodPayload_fitsAndFillsItsFields(JsonObject line) {
        JsonObject payload = line.getAsJsonObject("payload");

        bench.publish(line.get("topic").getAsString(), payload.toString());

        TopicValue value = bench.registry.value(line.get("topic").getAsString()).orElseThrow();
        assertThat(value.lastViolation()).isNull();
        assertThat(value.violations()).isZero();
        assertThat(value.quality()).isEqualTo(Quality.GOOD);
        for (FieldValue field : value.fields()) {
            JsonElement sent = payload.get(field.name());
            assertThat(field.json())
                    .as(field.name())
                    .isEqualTo(sent == null ? null : sent.toString());
        }
    }

    @ParameterizedTest
    @MethodSource("bad")
    void badPayload_isCountedWithItsCode(JsonObject line) {
        bench.publish(line.get("topic").getAsString(), line.get("payload").getAsString());

        TopicValue value = bench.registry.value(line.get("topic").getAsString()).orElseThrow();
        assertThat(value.valid()).isFalse();
        assertThat(value.violations()).isEqualTo(1);
        assertThat(value.lastViolation().code().name())
                .isEqualTo(line.get("violation").getAsString());
        assertThat(bench.registry.stats().violations()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("foreign")
    void foreignPayload_isDiscoveredAndRead(JsonObject line) {
        String text = line.get("payload").getAsString();
        byte[] payload =
                text.startsWith("base64:")
                        ? Base64.getDecoder().decode(text.substring(7))
                        : text.getBytes(StandardCharsets.UTF_8);

        bench.publish(line.get("topic").getAsString(), payload);

        TopicValue value = bench.registry.unmodeled("", 10).get(0);
        assertThat(value.topic()).isEqualTo(line.get("topic").getAsString());
        assertThat(value.nodeId()).isNull();
        assertThat(value.quality()).isEqualTo(Quality.GOOD);
        assertThat(value.payload()).isEqualTo(payload);
        String note = line.get("note").getAsString();
        if (note.startsWith("binary")) {
            assertThat(value.format()).isEqualTo(PayloadFormat.BINARY);
        } else if (note.startsWith("sparkplug")) {
            assertThat(value.format()).isEqualTo(PayloadFormat.SPARKPLUG_B);
        } else {
            assertThat(value.fields()).isNotEmpty();
        }
    }

    @Test
    void foreignPayloads_keepTheirTimesAndValues() {
        foreign()
                .filter(line -> !line.get("payload").getAsString().startsWith("base64:"))
                .forEach(
                        line ->
                                bench.publish(
                                        line.get("topic").getAsString(),
                                        line.get("payload").getAsString()));

        TopicValue speed =
                bench.registry
                        .value("umh/v1/acme/chicago/packaging/line1/filler/_raw/speed")
                        .orElseThrow();
        assertThat(speed.timestamp()).isEqualTo("2026-11-23T08:15:31.250Z");
        assertThat(speed.fields()).extracting(FieldValue::json).containsExactly("402.5");
        TopicValue csv = bench.registry.value("legacy/logger/1").orElseThrow();
        assertThat(csv.format()).isEqualTo(PayloadFormat.TEXT);
        assertThat(csv.fields())
                .extracting(FieldValue::json)
                .containsExactly("\"2026-11-23 08:15:31;72.4;9820\"");
        TopicValue temp = bench.registry.value("plant7/line3/temp").orElseThrow();
        assertThat(temp.format()).isEqualTo(PayloadFormat.SCALAR);
        assertThat(bench.registry.value("cnc/5ax/telemetry").orElseThrow().fields())
                .extracting(FieldValue::name)
                .containsExactly("machine");
    }

    @Test
    void export_ofTheImport_isTheSameNamespaceElsewhere() {
        String exported = Bench.export(bench.registry);
        Bench other = new Bench();

        ImportResult result = Bench.importJson(other.registry, exported, false, Bench.BEN);

        assertThat(result.problems()).isEmpty();
        assertThat(result.created()).isEqualTo(37);
        assertThat(Bench.export(other.registry)).isEqualTo(exported);
        assertThat(Bench.importJson(bench.registry, exported, false, Bench.ANNA).unchanged())
                .isEqualTo(37);
    }

    @Test
    void namespace_afterRestart_isTheSame() {
        String before = Bench.export(bench.registry);

        assertThat(Bench.export(bench.restarted())).isEqualTo(before);
        assertThat(bench.registry.stats().topics()).isEqualTo(14);
    }

    @Test
    void names_ofTheSample_areJudgedAsItSays() {
        JsonObject names = JsonParser.parseString(Bench.sample("names.json")).getAsJsonObject();

        names.getAsJsonArray("valid")
                .forEach(
                        name ->
                                assertThat(NodeName.problemOf(name.getAsString()))
                                        .as(name.toString())
                                        .isNull());
        names.getAsJsonArray("invalid")
                .forEach(
                        name ->
                                assertThat(NodeName.problemOf(name.getAsString()))
                                        .as(name.toString())
                                        .isNotNull());
        names.getAsJsonArray("invalidTopics")
                .forEach(
                        name ->
                                assertThat(NodeName.pathProblemOf(name.getAsString()))
                                        .as(name.toString())
                                        .isNotNull());
    }

    private static Stream<JsonObject> lines(String sample) {
        return Bench.sample(sample)
                .lines()
                .filter(line -> !line.isBlank())
                .map(line -> JsonParser.parseString(line).getAsJsonObject());
    }
}
