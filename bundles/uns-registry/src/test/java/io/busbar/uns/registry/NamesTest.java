package io.busbar.uns.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.busbar.api.storage.DocumentChange;
import io.busbar.api.uns.BranchConversion;
import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldName;
import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.FieldValue;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.Namespace;
import io.busbar.api.uns.NewNode;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeChange;
import io.busbar.api.uns.NodeName;
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.TopicValue;
import io.busbar.api.uns.UnknownFields;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names that topics and fields have in plants, and those that nobody could tell apart. */
class NamesTest {
    /** In normal form D: the letter, then its two dots. */
    private static final String DECOMPOSED = "Gro\u0308ße";

    private final Bench bench = new Bench();
    private final UnsRegistry registry = bench.registry;

    private static Model model(String... names) {
        return new Model(
                List.of(names).stream().map(name -> Field.of(name, FieldType.DOUBLE)).toList(),
                UnknownFields.DENY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plant/urn:dev:ow:10e2073a01080063",
                "plant/Pump (old)/speed",
                "plant/axes[0]/pos",
                "plant/load%",
                "plant/ns=2;s=Channel1.Device1",
                "plant/T °C",
                "plant/a&b,c'd\"e!?*<>|~^`{}@\\",
                "工厂/线1",
                "plant/π≈3",
                "plant/👩\u200D🔧",
                "plant/می\u200Cخواهم",
                "plant/%c/%2F"
            })
    void topicThatCame_isModelledUnderItsOwnName(String topic) {
        bench.publish(topic, "{\"speed\":1}");

        Node node = registry.convert(topic, topic, TopicType.METRIC, model("speed"), Bench.ANNA);
        bench.publish(topic, "{\"speed\":2}");

        assertThat(node.path()).isEqualTo(topic);
        TopicValue value = registry.value(topic).orElseThrow();
        assertThat(value.fields()).extracting(FieldValue::json).containsExactly("2");
        assertThat(registry.byPath(topic)).contains(node);
        String exported = Bench.export(registry);
        Bench other = new Bench();
        assertThat(Bench.importJson(other.registry, exported, false, Bench.BEN).problems())
                .isEmpty();
        assertThat(Bench.export(other.registry)).isEqualTo(exported);
        assertThat(bench.restarted().byPath(topic)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\u0007b",
                "a\u0085b",
                "a\tb",
                "a\u00A0b",
                "a\u3000b",
                "a\u2028b",
                "a\u200Bb",
                "\uFEFFa",
                "a\u202Eb",
                "a\u00ADb",
                "a\u3164b",
                "a\uFFFEb",
                "a\uFDD0b",
                "a\uD800b",
                "a\u200Db",
                "ü\u200D",
                "a\uFE0F",
                "葛\uDB40\uDD00",
                "a\u180Bb",
                " a",
                "a ",
                ""
            })
    void nameThatCannotBeSeenOrWritten_isRefusedInWords(String name) {
        assertThat(NodeName.problemOf(name)).isNotNull();
        assertThat(FieldName.problemOf(name)).isNotNull();
    }

    @Test
    void refusals_nameTheCharacter() {
        assertThat(NodeName.problemOf("a\u0007b")).isEqualTo("holds the control character U+0007");
        assertThat(NodeName.problemOf("a\u00A0b"))
                .isEqualTo("holds the white space U+00A0 (expected: U+0020, the usual space)");
        assertThat(NodeName.problemOf("a\u200Bb")).isEqualTo("holds U+200B, which cannot be seen");
        assertThat(NodeName.problemOf("a\uFFFEb")).isEqualTo("holds U+FFFE, which is no character");
        assertThat(NodeName.problemOf("a+b")).isEqualTo("holds '+'");
        assertThat(NodeName.problemOf(DECOMPOSED)).isEqualTo("is not in Unicode normal form C");
        assertThat(NodeName.pathProblemOf("/lead")).isEqualTo("has an empty level");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "温度",
                "Größe",
                "PM2.5",
                "DS18S20-1",
                "1-0:1.8.0",
                "_id",
                "a/b",
                "ns=2;s=T[0].v",
                "$state",
                "+",
                "#",
                "a \\\"b\\\"",
                "."
            })
    void keyThatCame_isAFieldUnderItsOwnName(String escaped) {
        String name = escaped.replace("\\", "");
        String json = "{\"" + escaped + "\":7}";

        assertThat(registry.propose(json).model().fields())
                .extracting(Field::name)
                .containsExactly(name);
        registry.create(NewNode.topic("P", "t", TopicType.METRIC, model(name)), Bench.ANNA);
        bench.publish("P/Metric/t", json);

        TopicValue value = registry.value("P/Metric/t").orElseThrow();
        assertThat(value.valid()).isTrue();
        assertThat(value.fields())
                .extracting(FieldValue::name, FieldValue::json)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(name, "7"));
        Bench other = new Bench();
        String exported = Bench.export(registry);
        assertThat(Bench.importJson(other.registry, exported, false, Bench.BEN).problems())
                .isEmpty();
        assertThat(Bench.export(other.registry)).isEqualTo(exported);
        assertThat(Bench.export(bench.restarted())).isEqualTo(exported);
    }

    @Test
    void fieldName_isTheSameInEveryNormalForm() {
        assertThat(Field.of(DECOMPOSED, FieldType.DOUBLE).name()).isEqualTo("Größe");
        assertThat(registry.propose("{\"" + DECOMPOSED + "\":1,\"Größe\":2}").model().fields())
                .extracting(Field::name)
                .containsExactly("Größe");
        registry.create(NewNode.topic("P", "t", TopicType.METRIC, model("a", "Größe")), Bench.ANNA);

        bench.publish("P/Metric/t", "{\"" + DECOMPOSED + "\":7,\"a\":1}");

        TopicValue value = registry.value("P/Metric/t").orElseThrow();
        assertThat(value.valid()).isTrue();
        assertThat(value.fields()).extracting(FieldValue::json).containsExactly("1", "7");
        assertThatThrownBy(
                        () ->
                                registry.create(
                                        NewNode.topic(
                                                "P",
                                                "u",
                                                TopicType.METRIC,
                                                model("Größe", DECOMPOSED)),
                                        Bench.ANNA))
                .hasMessageContaining("twice");
    }

    private void rewrite(UnaryOperator<String> change) {
        bench.documents.commit(
                bench.documents.scan("uns_nodes").stream()
                        .map(
                                each ->
                                        new DocumentChange(
                                                each.collection(),
                                                each.key(),
                                                change.apply(each.json()),
                                                each.revision()))
                        .toList());
    }

    /** Documents of before have names that are refused since. */
    @Test
    void namesOfBefore_stayAndCanBeChangedAndDeleted_butNoNewOnesCome() {
        registry.create(NewNode.topic("P", "t", TopicType.METRIC, model("v")), Bench.ANNA);
        String old = "sun\uFE0F";
        rewrite(
                json ->
                        json.replace("\"P\"", "\"P\uFE0F\"")
                                .replace("\"t\"", "\"" + old + "\"")
                                .replace("\"v\"", "\"v\uFE0F\""));
        Namespace after = bench.restarted();
        Node topic = after.byPath("P\uFE0F/Metric/" + old).orElseThrow();

        Node described =
                after.update(
                        topic.id(),
                        0,
                        NodeChange.ofPayload(
                                payload -> payload.withModel(model("v\uFE0F", "speed"))),
                        Bench.ANNA);
        assertThat(described.payload().model()).isEqualTo(model("v\uFE0F", "speed"));
        assertThatThrownBy(
                        () ->
                                after.update(
                                        topic.id(),
                                        0,
                                        NodeChange.ofPayload(
                                                payload -> payload.withModel(model("w\uFE0F"))),
                                        Bench.ANNA))
                .hasMessageContaining("U+FE0F");
        assertThatThrownBy(
                        () ->
                                after.update(
                                        topic.id(), 0, NodeChange.ofName("rain\uFE0F"), Bench.ANNA))
                .hasMessageContaining("U+FE0F");
        assertThatThrownBy(() -> after.create(NewNode.path("P", "sun\uFE0F"), Bench.ANNA))
                .hasMessageContaining("U+FE0F");

        after.update(topic.id(), 0, NodeChange.ofName("sun"), Bench.ANNA);
        Node parent = after.byPath("P\uFE0F").orElseThrow();
        after.update(parent.id(), 0, NodeChange.ofName("Q"), Bench.ANNA);
        assertThat(after.byPath("Q/Metric/sun")).isPresent();
        after.delete(topic.id(), 0, Bench.ANNA);
        assertThat(after.byPath("Q/Metric/sun")).isEmpty();
    }

    /** The same with nodes below the old names. */
    @Test
    void namesOfBefore_takeNewNodesBelowThem_whoseOwnNamesAreAsTheRulesAre() {
        String old = "P\uFE0F";
        registry.create(NewNode.path("", "P"), Bench.ANNA);
        rewrite(json -> json.replace("\"P\"", "\"" + old + "\""));
        Namespace after = bench.restarted();

        after.create(NewNode.topic(old, "t", TopicType.METRIC, model("v")), Bench.ANNA);
        after.create(NewNode.path(old + "/Line", "Cell"), Bench.ANNA);
        bench.publish(old + "/a", "1");
        after.convert(old + "/a", old + "/a", TopicType.STATE, Model.ANY, Bench.ANNA);
        bench.publish(old + "/b/c", "1");
        bench.publish(old + "/b/d\uFE0F", "1");
        after.convert(
                new BranchConversion(old + "/b", old + "/b", TopicType.METRIC), false, Bench.ANNA);
        String file =
                "{\"namespace\":[{\"name\":\""
                        + old
                        + "\",\"type\":\"PATH\",\"children\":["
                        + "{\"name\":\"imported\",\"type\":\"PATH\"}]}]}";
        assertThat(Bench.importJson(after, file, false, Bench.ANNA).problems()).isEmpty();

        for (String path : List.of("/Metric/t", "/Line/Cell", "/a", "/b/c", "/b/d", "/imported")) {
            assertThat(after.byPath(old + path)).as(path).isPresent();
        }
        assertThat(after.pathProblemOf(old + "/new")).isNull();
        assertThat(after.pathProblemOf(old + "/new\uFE0F")).contains("U+FE0F");
        assertThat(after.pathProblemOf("Q\uFE0F/new")).contains("U+FE0F");
        assertThatThrownBy(() -> after.create(NewNode.path(old + "/x\uFE0F", "y"), Bench.ANNA))
                .hasMessageContaining("U+FE0F");
    }

    /** A topic below an old name stays below it, also when it is modelled with its branch. */
    @Test
    void branchAboveANameOfBefore_isModelledUnderTheNodesThatAreThere() {
        registry.create(NewNode.path("plant", "P"), Bench.ANNA);
        rewrite(json -> json.replace("\"P\"", "\"P\uFE0F\""));
        Namespace after = bench.restarted();
        bench.publish("plant/P\uFE0F/m", "1");
        bench.publish("plant/R\uFE0F/m", "1");

        after.convert(new BranchConversion("plant", "plant", TopicType.METRIC), false, Bench.ANNA);

        assertThat(after.byPath("plant/P\uFE0F/m").orElseThrow().payload().wireTopic()).isNull();
        assertThat(after.byPath("plant/R/m").orElseThrow().topic()).isEqualTo("plant/R\uFE0F/m");
    }

    @Test
    void search_findsNamesInEveryNormalForm() {
        registry.create(NewNode.path("Werk", "Größe"), Bench.ANNA);

        assertThat(Bench.found(registry, DECOMPOSED)).extracting(Node::name).contains("Größe");
        assertThat(Bench.found(registry, "GRÖSSE".replace("SS", "ß"))).hasSize(1);
    }
}
