package io.busbar.uns.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.FieldValue;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.NewNode;
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.TopicValue;
import io.busbar.api.uns.UnknownFields;
import io.busbar.api.uns.spi.ModelSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Constants;

/** Models that stand somewhere else than in their node. */
class ModelSourcesTest {
    private final Bench bench = new Bench();
    private final String topic =
            bench.registry
                    .create(NewNode.topic("P", "t", TopicType.STATE, model("own")), Bench.ANNA)
                    .path();

    private static Model model(String field) {
        return new Model(List.of(Field.of(field, FieldType.DOUBLE)), UnknownFields.WARN);
    }

    private TopicValue value() {
        return bench.registry.value(topic).orElseThrow();
    }

    private String fields() {
        return String.join(" ", value().fields().stream().map(FieldValue::name).toList());
    }

    @Test
    void source_comesAndGoes_topicIsReadByItsModelMeanwhile() {
        bench.publish(topic, "{\"own\":1}");
        ModelSource source = node -> node.path().equals(topic) ? model("theirs") : null;

        bench.registry.addModelSource(source, Map.of());

        assertThat(fields()).isEqualTo("theirs own");
        assertThat(value().valid()).isFalse();
        assertThat(value().violations()).isZero();
        bench.publish(topic, "{\"theirs\":2}");
        assertThat(value().valid()).isTrue();
        assertThat(value().fields().get(0).json()).isEqualTo("2");

        bench.registry.removeModelSource(source);

        assertThat(fields()).isEqualTo("own theirs");
    }

    @Test
    void sources_theHighestRankedThatKnowsTheNodeAnswers_oneThatThrowsIsPassedOver() {
        bench.registry.addModelSource(node -> model("low"), Map.of());
        bench.registry.addModelSource(node -> null, Map.of(Constants.SERVICE_RANKING, 30));
        bench.registry.addModelSource(
                node -> {
                    throw new IllegalStateException("no");
                },
                Map.of(Constants.SERVICE_RANKING, 20));

        assertThat(fields()).isEqualTo("low");
    }

    @Test
    void source_thatHasLearnt_isAskedAgain() {
        String[] knows = {"before"};
        ModelSource source = node -> model(knows[0]);
        bench.registry.addModelSource(source, Map.of("revision", 1));
        knows[0] = "after";

        bench.registry.addModelSource(source, Map.of("revision", 2));

        assertThat(fields()).isEqualTo("after");
    }
}
