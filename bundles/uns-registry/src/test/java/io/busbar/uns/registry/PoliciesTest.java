package io.busbar.uns.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.storage.DocumentChange;
import io.busbar.api.uns.EffectivePolicy;
import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.FieldValue;
import io.busbar.api.uns.Inherited;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.NewNode;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeChange;
import io.busbar.api.uns.NodePolicy;
import io.busbar.api.uns.PayloadFormat;
import io.busbar.api.uns.Quality;
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.TopicValue;
import io.busbar.api.uns.UnknownFields;
import io.busbar.api.uns.ValidationMode;
import io.busbar.api.uns.spi.PayloadReader;
import io.busbar.testkit.time.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Policies hold at the node that says them and below, as far as the next that says otherwise. */
class PoliciesTest {
    private static final Model MODEL =
            new Model(List.of(Field.of("a", FieldType.DOUBLE)), UnknownFields.WARN);

    private final Bench bench = new Bench();

    private Node topic(String parent, String name) {
        return bench.registry.create(
                NewNode.topic(parent, name, TopicType.STATE, MODEL), Bench.ANNA);
    }

    private void say(String path, UnaryOperator<NodePolicy> policy) {
        bench.registry.update(node(path).id(), 0, NodeChange.ofPolicy(policy), Bench.ANNA);
    }

    private Node node(String path) {
        return bench.registry.byPath(path).orElseThrow();
    }

    private EffectivePolicy policy(String path) {
        return bench.registry.policyOf(node(path).id());
    }

    private TopicValue value(Node topic) {
        return bench.registry.value(topic.path()).orElseThrow();
    }

    @Test
    void policies_ofANodeThatSaysNothing_areThoseOfTheNearestAboveThatDoes() {
        Node topic = topic("Plant/Line", "t");
        say(
                "Plant",
                policy ->
                        new NodePolicy(
                                ValidationMode.OFF, true, 60, false, "+02:00", null, 100, 5, true));
        say("Plant/Line", policy -> policy.withStaleAfterSeconds(0));

        EffectivePolicy holds = policy(topic.path());

        assertThat(holds.validation()).isEqualTo(new Inherited<>(ValidationMode.OFF, "Plant"));
        assertThat(holds.enableHistory()).isEqualTo(new Inherited<>(true, "Plant"));
        assertThat(holds.staleAfterSeconds()).isEqualTo(new Inherited<>(0, "Plant/Line"));
        assertThat(holds.writable()).isEqualTo(new Inherited<>(false, "Plant"));
        assertThat(holds.timeZone()).isEqualTo(new Inherited<>("+02:00", "Plant"));
        assertThat(topic.policy()).isEqualTo(NodePolicy.INHERITED);
        say("Plant", policy -> NodePolicy.INHERITED);
        say("Plant/Line", policy -> NodePolicy.INHERITED);
        assertThat(policy(topic.path())).isEqualTo(EffectivePolicy.DEFAULT);
    }

    @Test
    void policies_afterARename_sayThePathOfToday() {
        Node topic = topic("Plant/Line", "t");
        say("Plant", policy -> policy.withValidation(ValidationMode.OFF));

        bench.registry.update(node("Plant").id(), 0, NodeChange.ofName("Works"), Bench.ANNA);

        assertThat(bench.registry.policyOf(topic.id()).validation().from()).isEqualTo("Works");
    }

    @Test
    void validation_ofAPath_takesEffectOnAllTopicsBelowAtOnce() {
        Node near = topic("Plant", "t");
        Node far = topic("Plant/Line/Cell", "t");
        Node checked = topic("Plant/Lab", "t");
        say("Plant/Lab", policy -> policy.withValidation(ValidationMode.OBSERVE));
        List<Node> topics = List.of(near, far, checked);
        topics.forEach(topic -> bench.publish(topic.path(), "{\"a\":\"hot\"}"));

        say("Plant", policy -> policy.withValidation(ValidationMode.OFF));

        assertThat(topics)
                .extracting(topic -> value(topic).quality())
                .containsExactly(Quality.GOOD, Quality.GOOD, Quality.BAD);
        topics.forEach(topic -> bench.publish(topic.path(), "{\"a\":\"hot\"}"));
        assertThat(topics)
                .extracting(topic -> value(topic).violations())
                .containsExactly(1L, 1L, 2L);
        say("Plant", policy -> policy.withValidation(null));
        assertThat(topics).extracting(topic -> value(topic).quality()).containsOnly(Quality.BAD);
    }

    @Test
    void validation_thatIsTakenBackBeforeAnybodyLooks_leavesValuesAndViolationsAsTheyWere() {
        Node topic = topic("Plant", "t");
        bench.publish(topic.path(), "{\"a\":7}");
        bench.publish(topic.path(), "{\"a\":\"hot\"}");
        TopicValue before = value(topic);

        say("Plant", policy -> policy.withValidation(ValidationMode.OFF));
        say("Plant", policy -> policy.withValidation(null));

        assertThat(value(topic).fields()).isEqualTo(before.fields());
        assertThat(value(topic).lastViolation()).isEqualTo(before.lastViolation());
        assertThat(value(topic).violations()).isEqualTo(1);
    }

    @Test
    void messageAfterAChangeOfValidation_isAddedToTheValuesOfThoseBefore() {
        Model two =
                new Model(
                        List.of(Field.of("a", FieldType.DOUBLE), Field.of("b", FieldType.DOUBLE)),
                        UnknownFields.WARN);
        Node topic =
                bench.registry.create(
                        NewNode.topic("Plant", "t", TopicType.STATE, two), Bench.ANNA);
        bench.publish(topic.path(), "{\"a\":1}");

        say("Plant", policy -> policy.withValidation(ValidationMode.OFF));
        bench.publish(topic.path(), "{\"b\":2}");

        assertThat(value(topic).fields()).extracting(FieldValue::json).containsExactly("1", "2");
        assertThat(value(topic).messages()).isEqualTo(2);
    }

    @Test
    void validation_ofAPathWithThousandsOfTopics_saysWhichOfThemFit() {
        int topics = 6000;
        StringBuilder file = new StringBuilder();
        for (int i = 0; i < topics; i++) {
            file.append(i == 0 ? "" : ",")
                    .append("{\"name\":\"t")
                    .append(i)
                    .append("\",\"type\":\"TOPIC\",\"topicType\":\"STATE\",\"fields\":[")
                    .append("{\"name\":\"a\",\"type\":\"DOUBLE\"}]}");
        }
        Bench.importJson(
                bench.registry,
                "{\"namespace\":[{\"name\":\"Plant\",\"type\":\"PATH\",\"children\":["
                        + file
                        + "]}]}",
                false,
                Bench.ANNA);
        for (int i = 0; i < topics; i++) {
            bench.publish("Plant/t" + i, "{\"a\":\"hot\"}");
        }
        assertThat(bench.registry.stats().violatingTopics()).isEqualTo(topics);

        say("Plant", policy -> policy.withValidation(ValidationMode.OFF));

        assertThat(bench.registry.value("Plant/t5999").orElseThrow().quality())
                .isEqualTo(Quality.GOOD);
        Await.until(() -> bench.registry.stats().violatingTopics() == 0);
        assertThat(bench.registry.violating(10)).isEmpty();
        say("Plant", policy -> policy.withValidation(null));
        Await.until(() -> bench.registry.stats().violatingTopics() == topics);
        assertThat(bench.registry.violating(10)).hasSize(10);
    }

    @Test
    void staleAfter_ofAPath_holdsBelow_andNothingIsReadAnew() {
        PayloadFormat format = new PayloadFormat("CSV");
        List<String> read = new ArrayList<>();
        PayloadReader counting =
                (message, model, into) -> {
                    read.add(message.topic().value());
                    into.number("a", 1);
                };
        bench.registry.addPayloadReader(counting, Map.of(PayloadReader.PAYLOAD_FORMAT, "CSV"));
        NewNode wanted = NewNode.topic("Plant/Line", "t", TopicType.STATE, MODEL);
        Node topic =
                bench.registry.create(
                        wanted.withPayload(wanted.payload().withFormat(format)), Bench.ANNA);
        bench.publish(topic.path(), "1");
        bench.clock.advance(Duration.ofSeconds(31));

        say("Plant", policy -> policy.withStaleAfterSeconds(30));

        assertThat(value(topic).quality()).isEqualTo(Quality.UNCERTAIN);
        assertThat(read).as("only the message itself").hasSize(1);
        say(topic.path(), policy -> policy.withStaleAfterSeconds(0));
        assertThat(value(topic).quality()).isEqualTo(Quality.GOOD);
        say(topic.path(), policy -> policy.withStaleAfterSeconds(null));
        assertThat(value(topic).quality()).isEqualTo(Quality.UNCERTAIN);
    }

    @Test
    void policies_areKept_andInTheExportAsTheyWereSaid() {
        Node topic = topic("Plant", "t");
        say(
                "Plant",
                policy ->
                        new NodePolicy(
                                ValidationMode.OBSERVE, false, 0, true, null, null, 0, 7, false));
        String export = Bench.export(bench.registry);
        Bench other = new Bench();
        Bench.importJson(other.registry, export, false, Bench.BEN);

        bench.restarted();

        NodePolicy said =
                new NodePolicy(ValidationMode.OBSERVE, false, 0, true, null, null, 0, 7, false);
        assertThat(node("Plant").policy()).isEqualTo(said);
        assertThat(node(topic.path()).policy()).isEqualTo(NodePolicy.INHERITED);
        assertThat(other.registry.byPath("Plant").orElseThrow().policy()).isEqualTo(said);
        assertThat(other.registry.byPath(topic.path()).orElseThrow().policy())
                .isEqualTo(NodePolicy.INHERITED);
    }

    @Test
    void documents_fromBeforePoliciesWereInherited_sayWhatIsWrittenInThem() {
        store(1, "", "\"name\":\"old\",\"alias\":\"p\",\"type\":\"PATH\",\"validation\":\"OFF\"");
        String topic = ",\"type\":\"TOPIC\",\"topicType\":\"STATE\"";
        store(2, "1", "\"name\":\"silent\",\"alias\":\"s\"" + topic);
        store(3, "1", "\"name\":\"off\",\"alias\":\"o\",\"validation\":\"OFF\"" + topic);

        bench.restarted();

        assertThat(node("old/silent").policy()).isEqualTo(NodePolicy.INHERITED);
        assertThat(policy("old/silent").validation())
                .isEqualTo(new Inherited<>(ValidationMode.OFF, "old"));
        assertThat(policy("old/off").validation())
                .isEqualTo(new Inherited<>(ValidationMode.OFF, "old/off"));
    }

    private void store(int id, String parent, String rest) {
        String ids = "00000000-0000-7000-8000-00000000000";
        bench.documents.commit(
                List.of(
                        DocumentChange.create(
                                "uns_nodes",
                                ids + id,
                                "{"
                                        + (parent.isEmpty()
                                                ? ""
                                                : "\"parentId\":\"" + ids + parent + "\",")
                                        + rest
                                        + ",\"createdAt\":\"2026-11-23T08:16:00Z\","
                                        + "\"createdBy\":\"anna\","
                                        + "\"updatedAt\":\"2026-11-23T08:16:00Z\","
                                        + "\"updatedBy\":\"anna\"}")));
    }
}
