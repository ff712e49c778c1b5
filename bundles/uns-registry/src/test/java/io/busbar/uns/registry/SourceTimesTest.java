package io.busbar.uns.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.FieldValue;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.NewNode;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeChange;
import io.busbar.api.uns.Quality;
import io.busbar.api.uns.QualityReason;
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.TopicValue;
import io.busbar.api.uns.UnknownFields;
import io.busbar.api.uns.Violation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When values count as measured. */
class SourceTimesTest {
    private final Bench bench = new Bench();

    private Node topic(String parent, Model model) {
        return bench.registry.create(
                NewNode.topic(parent, "t", TopicType.STATE, model), Bench.ANNA);
    }

    private static Model model(Field... fields) {
        return new Model(List.of(fields), UnknownFields.WARN);
    }

    private TopicValue value(Node topic) {
        return bench.registry.value(topic.path()).orElseThrow();
    }

    private void zone(String path, @Nullable String zone) {
        bench.registry.update(
                bench.registry.byPath(path).orElseThrow().id(),
                0,
                NodeChange.ofPolicy(policy -> policy.withTimeZone(zone)),
                Bench.ANNA);
    }

    @ParameterizedTest
    @CsvSource({
        "Time, 1795421731250123456, 2026-11-23T08:15:31.250123Z",
        "ts, '\"1795421731250\"', 2026-11-23T08:15:31.250Z",
        "TimeStamp, '\"2026-11-23T09:15:31+01\"', 2026-11-23T08:15:31Z",
        "TIMESTAMP, '\"2026-11-23T08:15+0000\"', 2026-11-23T08:15:00Z",
        "timestamp, '\"\\/Date(1795421731250)\\/\"', 2026-11-23T08:15:31.250Z"
    })
    void unambiguousTime_isTheTimeOfTheValues(String name, String json, Instant expected) {
        Node topic = topic("P", model(Field.of("a", FieldType.DOUBLE)));

        bench.publish(topic.path(), "{\"" + name + "\":" + json + ",\"a\":1}");

        assertThat(value(topic).lastViolation()).isNull();
        assertThat(value(topic).fields())
                .containsExactly(new FieldValue("a", "1", Quality.GOOD, expected));
    }

    @Test
    void timeWithoutOffset_isRefusedWithWords() {
        Node topic = topic("P", model(Field.of("a", FieldType.DOUBLE)));

        bench.publish(topic.path(), "{\"Time\":\"2026-11-23T09:15:30\",\"a\":1}");

        assertThat(value(topic).lastViolation())
                .extracting(Violation::code, Violation::field, Violation::detail)
                .containsExactly(
                        Violation.Code.TIMESTAMP,
                        "Time",
                        "\"2026-11-23T09:15:30\" (expected: an offset such as Z or +02:00, or a"
                                + " timeZone of the topic or a path above it)");
        assertThat(value(topic).fields())
                .containsExactly(
                        new FieldValue(
                                "a",
                                "1",
                                Quality.UNCERTAIN,
                                new QualityReason(QualityReason.Code.SOURCE_TIME, 600),
                                Bench.START));
    }

    @Test
    void timeWithoutOffset_isOfTheZoneOfTheNearestNodeAbove() {
        Node topic =
                topic(
                        "Plant/Line",
                        model(
                                Field.of("a", FieldType.DOUBLE),
                                Field.of("since", FieldType.DATETIME)));
        String payload =
                "{\"Time\":\"2026-11-23T09:15:30\",\"a\":1,\"since\":\"2026-11-23 07:00:00\"}";
        zone("Plant", "Europe/Paris");

        bench.publish(topic.path(), payload);

        assertThat(value(topic).lastViolation()).isNull();
        assertThat(value(topic).timestamp()).isEqualTo("2026-11-23T08:15:30Z");
        zone("Plant/Line", "+02:00");
        assertThat(value(topic).timestamp()).as("read anew").isEqualTo("2026-11-23T07:15:30Z");
        zone("Plant/Line", null);
        assertThat(value(topic).timestamp()).isEqualTo("2026-11-23T08:15:30Z");
        assertThat(bench.restarted().byPath("Plant").orElseThrow().policy().timeZone())
                .isEqualTo("Europe/Paris");
    }

    @Test
    void liveValuesOfAnHourThatComesTwice_areNotLate() {
        Node topic = topic("Plant", model(Field.of("a", FieldType.DOUBLE)));
        zone("Plant", "Europe/Paris");
        bench.clock.advance(Duration.between(Bench.START, Instant.parse("2026-10-25T00:59:50Z")));
        bench.publish(topic.path(), "{\"Time\":\"2026-10-25T02:59:50\",\"a\":1}");
        assertThat(value(topic).timestamp()).isEqualTo("2026-10-25T00:59:50Z");
        bench.clock.advance(Duration.ofSeconds(20));

        bench.publish(topic.path(), "{\"Time\":\"2026-10-25T02:00:10\",\"a\":2}");

        assertThat(value(topic).late()).isZero();
        assertThat(value(topic).fields())
                .containsExactly(
                        new FieldValue(
                                "a", "2", Quality.GOOD, Instant.parse("2026-10-25T01:00:10Z")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"values\":[{\"id\":\"a\",\"v\":1,\"t\":\"2026-11-23T09:15:30\"}]}",
                "{\"Time\":\"2026-11-23T09:15:30\",\"values\":{\"a\":1}}",
                "[{\"Time\":\"2026-11-23T09:15:30\",\"values\":{\"a\":1}}]",
                "{\"2026-11-23T09:15:30\":{\"a\":1}}"
            })
    void timesWithoutOffsetInLists_areOfTheZone(String payload) {
        Node topic = topic("Plant", model(Field.of("a", FieldType.DOUBLE)));
        zone("Plant", "Europe/Paris");

        bench.publish(topic.path(), payload);

        assertThat(value(topic).lastViolation()).isNull();
        assertThat(value(topic).fields())
                .containsExactly(
                        new FieldValue(
                                "a", "1", Quality.GOOD, Instant.parse("2026-11-23T08:15:30Z")));
    }

    @Test
    void timeWithoutOffset_ofATopicWithoutFields_isOfTheZone() {
        Node topic = topic("Plant", Model.ANY);
        zone("Plant", "Europe/Paris");

        bench.publish(topic.path(), "{\"Time\":\"2026-11-23T09:15:30\",\"a\":1}");

        assertThat(value(topic).timestamp()).isEqualTo("2026-11-23T08:15:30Z");
        assertThat(value(topic).quality()).isEqualTo(Quality.GOOD);
    }

    @Test
    void zoneThatIsNone_isRefused() {
        topic("Plant", Model.ANY);

        assertThatThrownBy(() -> zone("Plant", "Paris"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "timeZone: 'Paris' (expected: a name such as Europe/Paris, or an offset"
                                + " such as +02:00)");
    }

    @Test
    void zone_isInTheExport_andComesBack() {
        topic("Plant", Model.ANY);
        zone("Plant", "Europe/Paris");
        Bench other = new Bench();

        Bench.importJson(other.registry, Bench.export(bench.registry), false, Bench.BEN);

        assertThat(other.registry.byPath("Plant").orElseThrow().policy().timeZone())
                .isEqualTo("Europe/Paris");
    }
}
