package io.busbar.uns.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.FieldValue;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.NewNode;
import io.busbar.api.uns.NodeSamples;
import io.busbar.api.uns.Quality;
import io.busbar.api.uns.Sample;
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.TopicValue;
import io.busbar.api.uns.UnknownFields;
import io.busbar.api.uns.spi.SampleListener;
import io.busbar.testkit.time.Await;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fields that are called otherwise in the payload. */
class FieldSourcesTest {
    private final Bench bench = new Bench();

    @AfterEach
    void stop() {
        bench.registry.deactivate();
    }

    private String topic(Model model) {
        return bench.registry
                .create(NewNode.topic("P", "t", TopicType.STATE, model), Bench.ANNA)
                .path();
    }

    private static Field field(String name, String source) {
        return Field.of(name, FieldType.DOUBLE).withSource(source);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a.b\":1,\"a\":{\"b\":2}}", "{\"a\":{\"b\":2},\"a.b\":1}"})
    void keyThatIsTheWholeSource_comesBeforeThePath_whereverItStands(String payload) {
        String topic = topic(new Model(List.of(field("v", "a.b")), UnknownFields.WARN));
        List<NodeSamples> heard = Collections.synchronizedList(new ArrayList<>());
        SampleListener listener = heard::addAll;
        bench.registry.addSampleListener(listener);

        bench.publish(topic, payload);

        assertThat(bench.registry.value(topic).orElseThrow().fields())
                .extracting(FieldValue::json)
                .containsExactly("1");
        Await.until(() -> heard.size() == 1);
        assertThat(heard.get(0).samples()).extracting(Sample::json).containsExactly("1");
    }

    @ParameterizedTest
    @EnumSource(
            value = Normalizer.Form.class,
            names = {"NFC", "NFD"})
    void sourceAndKey_inDifferentNormalForms_areTheSame(Normalizer.Form sent) {
        Normalizer.Form typed =
                sent == Normalizer.Form.NFC ? Normalizer.Form.NFD : Normalizer.Form.NFC;
        String topic =
                topic(
                        new Model(
                                List.of(
                                        field("size", Normalizer.normalize("Größe", typed)),
                                        field("flow", Normalizer.normalize("Säge.Kühlung", typed))),
                                UnknownFields.WARN,
                                Normalizer.normalize("Güte", typed)));

        bench.publish(
                topic,
                Normalizer.normalize(
                        "{\"Größe\":1,\"Säge\":{\"Kühlung\":2},\"Güte\":\"Uncertain\"}", sent));

        TopicValue value = bench.registry.value(topic).orElseThrow();
        assertThat(value.lastViolation()).isNull();
        assertThat(value.fields())
                .extracting(FieldValue::json, FieldValue::quality)
                .containsExactly(tuple("1", Quality.UNCERTAIN), tuple("2", Quality.UNCERTAIN));
    }
}
