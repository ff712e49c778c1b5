package io.busbar.uns.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.FieldValue;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.NewNode;
import io.busbar.api.uns.Quality;
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.TopicValue;
import io.busbar.api.uns.UnknownFields;
import io.busbar.api.uns.Violation;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Sources that say how far they trust their own values. */
class SourceQualitiesTest {
    private final Bench bench = new Bench();

    private String topic(@Nullable String quality, Field... fields) {
        return bench.registry
                .create(
                        NewNode.topic(
                                "P",
                                "t",
                                TopicType.STATE,
                                new Model(List.of(fields), UnknownFields.WARN, quality)),
                        Bench.ANNA)
                .path();
    }

    private TopicValue value(String topic) {
        return bench.registry.value(topic).orElseThrow();
    }

    @Test
    void qualityThatTheModelNames_isThatOfTheValues() {
        String topic = topic("quality", Field.of("v", FieldType.DOUBLE));

        bench.publish(topic, "{\"v\":1,\"quality\":192}");
        assertThat(value(topic).quality()).isEqualTo(Quality.GOOD);
        assertThat(value(topic).lastViolation()).as("it is no unknown field").isNull();

        bench.publish(topic, "{\"quality\":64,\"v\":2}");
        assertThat(value(topic).quality()).isEqualTo(Quality.UNCERTAIN);

        bench.publish(topic, "{\"v\":3,\"quality\":0}");
        assertThat(value(topic).quality()).isEqualTo(Quality.BAD);
        assertThat(value(topic).fields())
                .extracting(FieldValue::json, FieldValue::quality)
                .as("the last value that was not bad")
                .containsExactly(tuple("2", Quality.BAD));
        assertThat(value(topic).violations()).isZero();

        bench.publish(topic, "{\"v\":4}");
        assertThat(value(topic).quality()).as("not said").isEqualTo(Quality.GOOD);
    }

    @Test
    void qualityThatTheModelDoesNotName_isAValueLikeOthers() {
        String topic =
                topic(null, Field.of("oee", FieldType.DOUBLE), Field.of("q", FieldType.BOOLEAN));

        bench.publish(topic, "{\"oee\":0.8,\"q\":false}");

        assertThat(value(topic).quality()).isEqualTo(Quality.GOOD);
    }

    @Test
    void qualityThatIsAFieldAsWell_isNotBadItself() {
        String topic =
                topic("q", Field.of("v", FieldType.DOUBLE), Field.of("q", FieldType.BOOLEAN));

        bench.publish(topic, "{\"v\":1,\"q\":false}");

        assertThat(value(topic).fields())
                .extracting(FieldValue::json, FieldValue::quality)
                .containsExactly(tuple(null, Quality.BAD), tuple("false", Quality.GOOD));
    }

    @Test
    void qualityThatIsNone_isAViolation_andTheValuesAreUncertain() {
        String topic = topic("q", Field.of("v", FieldType.DOUBLE));

        bench.publish(topic, "{\"v\":1,\"q\":\"splendid\"}");

        assertThat(value(topic).fields().get(0).quality()).isEqualTo(Quality.UNCERTAIN);
        assertThat(value(topic).lastViolation())
                .extracting(Violation::code, Violation::field)
                .containsExactly(Violation.Code.TYPE, "q");
        assertThat(value(topic).lastViolation().detail())
                .startsWith("\"splendid\" (expected: Good, Uncertain or Bad");
    }

    @Test
    void badQualityOfALateValue_spoilsNothing() {
        String topic = topic("q", Field.of("v", FieldType.DOUBLE));
        bench.publish(topic, "{\"ts\":\"2026-11-23T08:15:00Z\",\"v\":1,\"q\":true}");

        bench.publish(topic, "{\"ts\":\"2026-11-23T08:00:00Z\",\"v\":2,\"q\":false}");

        assertThat(value(topic).quality()).isEqualTo(Quality.GOOD);
        assertThat(value(topic).late()).isEqualTo(1);
    }

    @Test
    void qualityOfAModelWithoutFields_isRefused() {
        assertThatThrownBy(() -> topic("q"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("quality: 'q' without fields (expected: a model with fields)");
    }

    @Test
    void quality_staysOverARestartAndAnExport() {
        String topic = topic("q", Field.of("v", FieldType.DOUBLE));
        Bench other = new Bench();

        Bench.importJson(other.registry, Bench.export(bench.registry), false, Bench.BEN);

        assertThat(other.registry.byPath(topic).orElseThrow().payload().model().quality())
                .isEqualTo("q");
        assertThat(bench.restarted().byPath(topic).orElseThrow().payload().model().quality())
                .isEqualTo("q");
    }
}
