package io.busbar.uns.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.busbar.api.storage.ConflictException;
import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.FieldValue;
import io.busbar.api.uns.ImportProblem;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.NewNode;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeChange;
import io.busbar.api.uns.Quality;
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.TopicValue;
import io.busbar.api.uns.UnknownFields;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Topics that devices publish to, under nodes that are called otherwise. */
class WireTopicsTest {
    private static final Model SPEED =
            new Model(List.of(Field.of("speed", FieldType.DOUBLE)), UnknownFields.WARN);

    private final Bench bench = new Bench();
    private UnsRegistry registry = bench.registry;

    private static NewNode wired(String parent, String name, String wireTopic) {
        NewNode plain = NewNode.topic(parent, name, TopicType.METRIC, SPEED);
        return plain.withPayload(plain.payload().withWireTopic(wireTopic));
    }

    private String json(String topic) {
        List<FieldValue> fields = registry.value(topic).orElseThrow().fields();
        return String.valueOf(fields.get(0).json());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/lead/motor",
                "trail/",
                "a//b",
                "/",
                "homie/d1/$state",
                "Gro\u0308ße/x",
                "a\u00A0b",
                " a",
                "a/../b",
                "1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17",
                "x/0123456789012345678901234567890123456789012345678901234567890123456789"
            })
    void topicThatCannotBeAPath_isConvertedToANodeOfAnother(String topic) {
        bench.publish(topic, "{\"speed\":1}");
        assertThatThrownBy(
                        () -> registry.convert(topic, topic, TopicType.METRIC, SPEED, Bench.ANNA))
                .isInstanceOf(IllegalArgumentException.class);

        Node node = registry.convert(topic, "Line/motor", TopicType.METRIC, SPEED, Bench.ANNA);

        assertThat(node.path()).isEqualTo("Line/motor");
        assertThat(node.topic()).isEqualTo(topic);
        assertThat(json("Line/motor")).isEqualTo("1");
        bench.publish(topic, "{\"speed\":2}");
        assertThat(json("Line/motor")).isEqualTo("2");
        assertThat(json(topic)).isEqualTo("2");
        assertThat(registry.value("Line/motor").orElseThrow().nodeId()).isEqualTo(node.id());
        assertThat(registry.unmodeledTopics()).isEmpty();
        assertThat(registry.byTopic(topic)).contains(node);
        assertThat(registry.byTopic("Line/motor")).isEmpty();
        assertThat(registry.withWireTopic()).containsExactly(node);
        String exported = Bench.export(registry);
        Bench other = new Bench();
        assertThat(Bench.importJson(other.registry, exported, false, Bench.BEN).problems())
                .isEmpty();
        assertThat(Bench.export(other.registry)).isEqualTo(exported);
        registry = (UnsRegistry) bench.restarted();
        bench.publish(topic, "{\"speed\":3}");
        assertThat(json("Line/motor")).isEqualTo("3");
        assertThat(Bench.export(registry)).isEqualTo(exported);
    }

    @Test
    void messageUnderThePath_isNotTheNodesValue() {
        Node node = registry.create(wired("P", "t", "/wire"), Bench.ANNA);
        assertThat(node.path()).isEqualTo("P/Metric/t");

        bench.publish("P/Metric/t", "{\"speed\":9}");

        TopicValue value = registry.value("P/Metric/t").orElseThrow();
        assertThat(value.topic()).isEqualTo("/wire");
        assertThat(value.quality()).isEqualTo(Quality.GOOD_NO_DATA);
        assertThat(registry.unmodeledTopics()).hasSize(1);
    }

    @Test
    void topic_isThatOfOneNodeOnly() {
        registry.create(wired("P", "t", "wire/a"), Bench.ANNA);
        registry.create(NewNode.topic("Q", "own", TopicType.METRIC, SPEED), Bench.ANNA);

        assertThatThrownBy(() -> registry.create(wired("P", "u", "wire/a"), Bench.ANNA))
                .isInstanceOf(ConflictException.class)
                .hasMessage("topic: 'wire/a' is that of the node 'P/Metric/t' already");
        assertThatThrownBy(() -> registry.create(wired("P", "u", "Q/Metric/own"), Bench.ANNA))
                .isInstanceOf(ConflictException.class);
        assertThat(
                        Bench.importJson(
                                        registry,
                                        "{\"namespace\":[{\"name\":\"x\",\"type\":\"TOPIC\","
                                            + "\"topicType\":\"METRIC\",\"wireTopic\":\"/w\"},"
                                            + "{\"name\":\"y\",\"type\":\"TOPIC\","
                                            + "\"topicType\":\"METRIC\",\"wireTopic\":\"/w\"}]}",
                                        false,
                                        Bench.ANNA)
                                .problems())
                .extracting(ImportProblem::message)
                .containsExactly("topic: '/w' is that of the node 'x' already");
        assertThat(
                        Bench.importJson(
                                        registry,
                                        "{\"namespace\":[{\"name\":\"wire\",\"type\":\"PATH\","
                                            + "\"children\":[{\"name\":\"a\",\"type\":\"TOPIC\","
                                            + "\"topicType\":\"METRIC\"}]}]}",
                                        false,
                                        Bench.ANNA)
                                .problems())
                .extracting(ImportProblem::message)
                .containsExactly("topic: 'wire/a' is that of the node 'P/Metric/t' already");
    }

    @Test
    void rename_doesNotMoveAWireTopic_andDoesNotTakeAnother() {
        registry.create(wired("P", "t", "Q/Metric/u"), Bench.ANNA);
        bench.publish("Q/Metric/u", "{\"speed\":1}");
        Node parent = registry.byPath("P").orElseThrow();

        registry.update(parent.id(), 0, NodeChange.ofName("R"), Bench.ANNA);

        assertThat(json("R/Metric/t")).isEqualTo("1");
        assertThat(registry.value("P/Metric/t")).isEmpty();
        registry.create(NewNode.topic("S", "u", TopicType.METRIC, SPEED), Bench.ANNA);
        Node other = registry.byPath("S").orElseThrow();
        assertThatThrownBy(() -> registry.update(other.id(), 0, NodeChange.ofName("Q"), Bench.ANNA))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("'R/Metric/t'");
        assertThat(registry.byPath("S/Metric/u")).isPresent();
    }

    @Test
    void change_ofTheWireTopic_bindsTheOther_andLeavesTheFirstUnmodelled() {
        Node node = registry.create(wired("P", "t", "/one"), Bench.ANNA);
        bench.publish("/one", "{\"speed\":1}");
        bench.publish("/two", "{\"speed\":2}");

        registry.update(
                node.id(),
                0,
                NodeChange.ofPayload(payload -> payload.withWireTopic("/two")),
                Bench.ANNA);

        assertThat(json("P/Metric/t")).isEqualTo("2");
        assertThat(registry.unmodeledTopics())
                .extracting(each -> each.topic())
                .containsExactly("/one");
        registry.update(
                node.id(),
                0,
                NodeChange.ofPayload(payload -> payload.withWireTopic(null)),
                Bench.ANNA);
        bench.publish("P/Metric/t", "{\"speed\":3}");
        assertThat(json("P/Metric/t")).isEqualTo("3");
        registry.delete(node.id(), 0, Bench.ANNA);
        assertThat(registry.unmodeledTopics()).hasSize(3);
        assertThat(registry.withWireTopic()).isEmpty();
    }

    @Test
    void deletedNode_leavesItsTopicUnmodelled_alsoIfAPathIsCalledSo() {
        registry.create(NewNode.path("wire", "a"), Bench.ANNA);
        Node node = registry.create(wired("P", "t", "wire/a"), Bench.ANNA);
        bench.publish("wire/a", "{\"speed\":1}");

        registry.delete(registry.byPath("wire").orElseThrow().id(), 0, Bench.ANNA);
        assertThat(json("P/Metric/t")).isEqualTo("1");
        registry.delete(node.id(), 0, Bench.ANNA);

        assertThat(registry.unmodeledTopics())
                .extracting(each -> each.topic())
                .containsExactly("wire/a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"$SYS/x", "a/+", "#", "a\u0000b"})
    void wireTopic_hasToBeATopicThatDevicesCanPublishTo(String wireTopic) {
        assertThatThrownBy(() -> registry.create(wired("P", "t", wireTopic), Bench.ANNA))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("wireTopic: ");
        assertThat(registry.stats().topics()).isZero();
    }

    @Test
    void search_findsTheWireTopic() {
        Node node = registry.create(wired("P", "t", "gw-l1/Motor 01/tele"), Bench.ANNA);

        assertThat(Bench.found(registry, "motor 01")).containsExactly(node);
    }
}
