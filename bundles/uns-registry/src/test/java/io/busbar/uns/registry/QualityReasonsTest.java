package io.busbar.uns.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.FieldValue;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.NewNode;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeChange;
import io.busbar.api.uns.PayloadFormat;
import io.busbar.api.uns.Quality;
import io.busbar.api.uns.QualityReason;
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.TopicValue;
import io.busbar.api.uns.UnknownFields;
import io.busbar.api.uns.spi.PayloadReader;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A value that is Uncertain or Bad says why. */
class QualityReasonsTest {
    private static final Model MODEL =
            new Model(
                    List.of(
                            Field.of("a", FieldType.DOUBLE),
                            new Field(
                                    "b",
                                    FieldType.DOUBLE,
                                    true,
                                    false,
                                    null,
                                    null,
                                    null,
                                    null,
                                    null,
                                    List.of(),
                                    null,
                                    null,
                                    null,
                                    false)),
                    UnknownFields.ALLOW,
                    "q");

    private final Bench bench = new Bench();

    private String topic(Model model) {
        return bench.registry
                .create(NewNode.topic("Plant", "t", TopicType.STATE, model), Bench.ANNA)
                .path();
    }

    private TopicValue value(String topic) {
        return bench.registry.value(topic).orElseThrow();
    }

    private static QualityReason of(QualityReason.Code code) {
        return QualityReason.of(code);
    }

    private void staleAfter(String path, int seconds) {
        bench.registry.update(
                bench.registry.byPath(path).orElseThrow().id(),
                0,
                NodeChange.ofPolicy(policy -> policy.withStaleAfterSeconds(seconds)),
                Bench.ANNA);
    }

    @Test
    void goodValue_andOneThatNeverCame_haveNoReason() {
        String topic = topic(MODEL);
        assertThat(value(topic).reason()).isNull();

        bench.publish(topic, "{\"b\":1}");

        assertThat(value(topic).quality()).isEqualTo(Quality.GOOD);
        assertThat(value(topic).reason()).isNull();
        assertThat(value(topic).fields()).extracting(FieldValue::reason).containsOnlyNulls();
    }

    @Test
    void fields_sayEachWhy_theTopicSaysTheWorst() {
        String topic = topic(MODEL);

        bench.publish(topic, "{\"a\":\"hot\"}");

        assertThat(value(topic).fields())
                .extracting(FieldValue::reason)
                .containsExactly(of(QualityReason.Code.VIOLATION), of(QualityReason.Code.MISSING));
        assertThat(value(topic).reason()).isEqualTo(of(QualityReason.Code.VIOLATION));
    }

    @Test
    void qualityOfTheSource_isTheReason() {
        String topic = topic(MODEL);

        bench.publish(topic, "{\"b\":1,\"q\":64}");
        assertThat(value(topic).quality()).isEqualTo(Quality.UNCERTAIN);
        assertThat(value(topic).reason()).isEqualTo(of(QualityReason.Code.SOURCE));

        bench.publish(topic, "{\"b\":1,\"q\":0}");
        assertThat(value(topic).quality()).isEqualTo(Quality.BAD);
        assertThat(value(topic).reason()).isEqualTo(of(QualityReason.Code.SOURCE));
    }

    @Test
    void staleValue_saysAfterHowLong_alsoWithoutAModel() {
        String topic = topic(MODEL);
        String plain =
                bench.registry
                        .create(NewNode.topic("Plant", "u", TopicType.STATE, Model.ANY), Bench.ANNA)
                        .path();
        staleAfter("Plant", 30);
        bench.publish(topic, "{\"b\":1}");
        bench.publish(plain, "{\"b\":1}");

        bench.clock.advance(Duration.ofSeconds(31));

        QualityReason stale = new QualityReason(QualityReason.Code.STALE, 30);
        assertThat(value(topic).quality()).isEqualTo(Quality.UNCERTAIN);
        assertThat(value(topic).reason()).isEqualTo(stale);
        assertThat(value(topic).fields().get(1).reason()).isEqualTo(stale);
        assertThat(value(plain).reason()).isEqualTo(stale);
        assertThat(value(plain).fields().get(0).reason()).isEqualTo(stale);
    }

    @Test
    void sourceTimeThatCannotBeBelieved_isTheReason_alsoWithoutAModel() {
        String topic = topic(MODEL);
        QualityReason time = new QualityReason(QualityReason.Code.SOURCE_TIME, 600);

        bench.publish(topic, "{\"timestamp\":\"2027-01-01T00:00:00Z\",\"b\":1}");
        bench.publish("free", "{\"timestamp\":\"soon\",\"b\":1}");

        assertThat(value(topic).reason()).isEqualTo(time);
        assertThat(value("free").reason()).isEqualTo(time);
        assertThat(value("free").fields().get(0).reason()).isEqualTo(time);
    }

    @Test
    void payloadThatCannotBeRead_orTooLarge_isTheReason() {
        String topic = topic(MODEL);

        bench.publish(topic, "{");
        assertThat(value(topic).reason()).isEqualTo(of(QualityReason.Code.UNREADABLE));

        bench.publish("free", "x".repeat(262_145));
        assertThat(value("free").quality()).isEqualTo(Quality.UNCERTAIN);
        assertThat(value("free").reason()).isEqualTo(of(QualityReason.Code.TOO_LARGE));
    }

    @Test
    void missingReader_isTheReason() {
        PayloadReader csv = new CsvReader();
        bench.registry.addPayloadReader(csv, Map.of(PayloadReader.PAYLOAD_FORMAT, "CSV"));
        NewNode wanted = NewNode.topic("Plant", "t", TopicType.STATE, MODEL);
        Node node =
                bench.registry.create(
                        wanted.withPayload(wanted.payload().withFormat(new PayloadFormat("CSV"))),
                        Bench.ANNA);
        bench.publish(node.path(), "1;2");

        bench.registry.removePayloadReader(csv);

        assertThat(value(node.path()).quality()).isEqualTo(Quality.BAD);
        assertThat(value(node.path()).reason()).isEqualTo(of(QualityReason.Code.NO_READER));
        assertThat(bench.registry.violating(10)).as("no fault of the publisher").isEmpty();
    }
}
