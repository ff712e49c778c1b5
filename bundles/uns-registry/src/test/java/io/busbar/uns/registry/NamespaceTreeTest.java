package io.busbar.uns.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.busbar.api.storage.ConflictException;
import io.busbar.api.storage.StorageException;
import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.ImportResult;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.NewNode;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeChange;
import io.busbar.api.uns.NodeType;
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.UnknownFields;
import io.busbar.testkit.config.ConfigFile;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamespaceTreeTest {
    private static final Model SPEED =
            new Model(List.of(Field.of("speed", FieldType.DOUBLE)), UnknownFields.WARN);

    private final Bench bench = new Bench();
    private final UnsRegistry registry = bench.registry;

    @Test
    void create_topicBelowPath_insertsFolderOfItsType() {
        Node node =
                registry.create(
                        NewNode.topic("Plant/Line_1", "process", TopicType.METRIC, SPEED),
                        Bench.ANNA);

        assertThat(node.path()).isEqualTo("Plant/Line_1/Metric/process");
        assertThat(registry.byPath("Plant/Line_1/Metric").orElseThrow().payload().topicType())
                .isEqualTo(TopicType.METRIC);
        assertThat(registry.byAlias(node.identity().alias())).contains(node);
        assertThat(node.id().version()).isEqualTo(7);
        assertThat(node.revision()).isEqualTo(1);
        assertThat(registry.topicsBelow(registry.byPath("Plant").orElseThrow().id())).isEqualTo(1);
    }

    @Test
    void create_topicInFolderOfItsType_insertsNothing() {
        registry.create(NewNode.topic("Plant", "a", TopicType.STATE, Model.ANY), Bench.ANNA);

        assertThat(
                        registry.create(
                                        NewNode.topic(
                                                "Plant/State", "b", TopicType.STATE, Model.ANY),
                                        Bench.ANNA)
                                .path())
                .isEqualTo("Plant/State/b");
        assertThat(
                        registry.create(
                                        NewNode.topic(
                                                "Other/Action", "c", TopicType.ACTION, Model.ANY),
                                        Bench.ANNA)
                                .path())
                .isEqualTo("Other/Action/c");
    }

    @Test
    void create_topicInFolderOfAnotherType_isRefused() {
        registry.create(NewNode.topic("Plant", "a", TopicType.STATE, Model.ANY), Bench.ANNA);

        assertThatThrownBy(
                        () ->
                                registry.create(
                                        NewNode.topic(
                                                "Plant/State", "b", TopicType.METRIC, Model.ANY),
                                        Bench.ANNA))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected: STATE");
    }

    @Test
    void create_whatExists_conflictsAndChangesNothing() {
        registry.create(NewNode.path("Plant", "Line_1"), Bench.ANNA);
        int commits = bench.documents.commits();

        assertThatThrownBy(() -> registry.create(NewNode.path("Plant", "Line_1"), Bench.ANNA))
                .isInstanceOf(ConflictException.class);
        assertThat(bench.documents.commits()).isEqualTo(commits);
    }

    @ParameterizedTest
    @CsvSource({"a/b", "a+b", "'$SYS'", "' lead'", "..", "''"})
    void create_badName_isRefusedWithReason(String name) {
        assertThatThrownBy(() -> registry.create(NewNode.path("", name), Bench.ANNA))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("name: ");
        assertThat(registry.children(null)).isEmpty();
    }

    @Test
    void create_objectInMetric_isRefused() {
        Model model = new Model(List.of(Field.of("axes", FieldType.ARRAY)), UnknownFields.ALLOW);

        assertThatThrownBy(
                        () ->
                                registry.create(
                                        NewNode.topic("Plant", "t", TopicType.METRIC, model),
                                        Bench.ANNA))
                .hasMessageContaining("field axes");
        assertThat(registry.stats().paths()).isZero();
    }

    @Test
    void create_diskFull_changesNothing() {
        bench.documents.failCommits(true);

        assertThatThrownBy(() -> registry.create(NewNode.path("", "Plant"), Bench.ANNA))
                .isInstanceOf(StorageException.class);
        assertThat(registry.byPath("Plant")).isEmpty();
    }

    @Test
    void update_newName_movesAllBelowInOneCommit() {
        Node topic =
                registry.create(
                        NewNode.topic("Plant/Line_1", "process", TopicType.METRIC, SPEED),
                        Bench.ANNA);
        Node line = registry.byPath("Plant/Line_1").orElseThrow();
        bench.publish(topic.path(), "{\"speed\":1}");
        int commits = bench.documents.commits();

        Node renamed = registry.update(line.id(), line.revision(), named("Line_2"), Bench.BEN);

        assertThat(bench.documents.commits()).isEqualTo(commits + 1);
        assertThat(renamed.revision()).isEqualTo(2);
        assertThat(renamed.stamp().updatedBy()).isEqualTo("ben");
        assertThat(registry.get(topic.id()).orElseThrow().path())
                .isEqualTo("Plant/Line_2/Metric/process");
        assertThat(registry.byPath("Plant/Line_1/Metric/process")).isEmpty();
        assertThat(registry.value("Plant/Line_2/Metric/process").orElseThrow().nodeId())
                .isEqualTo(topic.id());
        assertThat(registry.unmodeled("", 10))
                .extracting(value -> value.topic())
                .containsExactly("Plant/Line_1/Metric/process");
        assertThat(bench.restarted().get(topic.id()).orElseThrow().path())
                .isEqualTo("Plant/Line_2/Metric/process");
    }

    @Test
    void update_oldRevision_conflicts() {
        Node node = registry.create(NewNode.path("", "Plant"), Bench.ANNA);
        registry.update(
                node.id(),
                1,
                NodeChange.ofLabels(labels -> labels.withDisplayName("The plant")),
                Bench.ANNA);

        assertThatThrownBy(() -> registry.update(node.id(), 1, named("P"), Bench.BEN))
                .isInstanceOf(ConflictException.class);
        assertThatThrownBy(() -> registry.update(UUID.randomUUID(), 0, named("P"), Bench.BEN))
                .isInstanceOf(NoSuchElementException.class);
        assertThat(registry.get(node.id()).orElseThrow().labels().displayName())
                .isEqualTo("The plant");
    }

    @Test
    void delete_path_takesAllBelowAndEnsureLeavesItDeleted() {
        String declared =
                "{\"namespace\":[{\"name\":\"P\",\"type\":\"PATH\",\"children\":[{\"name\":\"a\",\"type\":\"TOPIC\",\"topicType\":\"STATE\"}]},{\"name\":\"Q\",\"type\":\"PATH\"}]}";
        assertThat(Bench.ensure(registry, declared, false).created()).isEqualTo(3);
        assertThat(registry.byPath("P/a")).isPresent();

        registry.delete(registry.byPath("P/a").orElseThrow().id(), 0, Bench.ANNA);
        Node q = registry.byPath("Q").orElseThrow();
        registry.update(q.id(), 0, named("R"), Bench.ANNA);

        assertThat(Bench.ensure(registry, declared, false).created()).isZero();
        assertThat(Bench.ensure(bench.restarted(), declared, false).created()).isZero();
        assertThat(Bench.importJson(bench.registry, declared, false, Bench.ANNA).created())
                .isEqualTo(2);
    }

    @Test
    void ensure_whereAPersonMadeSomethingElse_yields() {
        registry.create(NewNode.path("", "t"), Bench.ANNA);

        String declared =
                "{\"namespace\":[{\"name\":\"t\",\"type\":\"TOPIC\",\"topicType\":\"STATE\"},{\"name\":\"Q\",\"type\":\"PATH\"}]}";

        ImportResult rehearsed = Bench.ensure(registry, declared, true);
        assertThat(registry.byPath("Q")).isEmpty();
        ImportResult result = Bench.ensure(registry, declared, false);

        assertThat(rehearsed).isEqualTo(result);
        assertThat(result.created()).isEqualTo(1);
        assertThat(registry.byPath("Q")).isPresent();
        assertThat(result.unchanged()).isEqualTo(1);
        assertThat(result.problems()).isEmpty();
    }

    @Test
    void children_areSortedPathsFirst() {
        registry.create(NewNode.topic("P/State", "b", TopicType.STATE, Model.ANY), Bench.ANNA);
        registry.create(NewNode.topic("P/State", "A", TopicType.STATE, Model.ANY), Bench.ANNA);
        registry.create(NewNode.path("P/State", "z"), Bench.ANNA);

        assertThat(registry.children(registry.byPath("P/State").orElseThrow().id()))
                .extracting(Node::name)
                .containsExactly("z", "A", "b");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"namespace\":[{\"name\":\"P\",\"type\":\"PATH\",\"colour\":1}]} | unknown key"
                        + " 'colour'",
                "{\"namespaces\":[]} | unknown key 'namespaces'",
                "{\"namespace\":[{\"name\":\"P\",\"type\":\"ROAD\"}]} | expected: PATH or TOPIC",
                "{\"namespace\":[{\"name\":\"t\",\"type\":\"TOPIC\",\"topicType\":\"METRIC\",\"fields\":[{\"name\":\"f\",\"type\":\"number\"}]}]}"
                    + " | fields[0]: type: 'number'",
                "{\"namespace\":[{\"name\":\"t\",\"type\":\"TOPIC\"}]} | topicType: missing",
                "{\"namespace\":[{\"name\":\"a\",\"type\":\"PATH\"},{\"name\":\"a\",\"type\":\"PATH\"}]}"
                    + " | twice",
                "{\"namespace\":[ | line 1 column 15",
                "[] | no object"
            })
    void import_badDocument_namesThePlaceAndMakesNothing(String json, String expected) {
        ImportResult result = Bench.importJson(registry, json, false, Bench.ANNA);

        assertThat(result.problems()).hasSizeGreaterThan(0).first().asString().contains(expected);
        assertThat(registry.children(null)).isEmpty();
    }

    @Test
    void import_tier0Spellings_areUnderstood() {
        String json =
                "{\"Label\":[],\"Template\":[{\"name\":\"pump\",\"fields\":[{\"name\":\"rpm\",\"type\":\"int\"}]}],\"UNS\":[{\"name\":\"P\",\"type\":\"path\",\"mockData\":\"FALSE\",\"children\":["
                    + "{\"name\":\"t\",\"type\":\"Topic\",\"topicType\":\"Metric\",\"enableHistory\":\"TRUE\",\"alias\":\"t_1\",\"fields\":[{\"name\":\"a\",\"type\":\"float\"},{\"name\":\"b\",\"type\":\"bool\"}]},"
                    + "{\"name\":\"u\",\"type\":\"TOPIC\",\"topicType\":\"state\",\"template\":\"pump\"}]}]}";

        assertThat(Bench.importJson(registry, json, true, Bench.ANNA).created()).isEqualTo(3);
        assertThat(registry.stats().paths()).isZero();
        assertThat(Bench.importJson(registry, json, false, Bench.ANNA).problems()).isEmpty();

        Node topic = registry.byAlias("t_1").orElseThrow();
        assertThat(topic.path()).isEqualTo("P/t");
        assertThat(topic.policy().enableHistory()).isTrue();
        assertThat(topic.payload().model().fields())
                .extracting(Field::type)
                .containsExactly(FieldType.FLOAT, FieldType.BOOLEAN);
        assertThat(registry.byPath("P/u").orElseThrow().payload().model().fields())
                .extracting(Field::name)
                .containsExactly("rpm");
    }

    @Test
    void import_thousandsOfNodes_isOneCommit() {
        StringBuilder json = new StringBuilder("{\"namespace\":[");
        for (int i = 0; i < 5000; i++) {
            json.append(i == 0 ? "" : ",")
                    .append("{\"name\":\"t")
                    .append(i)
                    .append(
                            "\",\"type\":\"TOPIC\",\"topicType\":\"METRIC\",\"fields\":[{\"name\":\"value\",\"type\":\"DOUBLE\"}]}");
        }

        assertThat(Bench.importJson(registry, json + "]}", false, Bench.ANNA).created())
                .isEqualTo(5000);
        assertThat(bench.documents.commits()).isEqualTo(1);
    }

    @Test
    void propose_sample_givesItsFields() {
        assertThat(
                        registry.propose(
                                        "{\"ts\":1795421731250,\"temp\":72.4,\"n\":3,\"on\":true,"
                                            + "\"s\":\"x\",\"at\":\"2026-11-23T08:15:30Z\",\"o\":{\"a\":1}}")
                                .model()
                                .fields())
                .extracting(Field::name, Field::type)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("temp", FieldType.DOUBLE),
                        org.assertj.core.groups.Tuple.tuple("n", FieldType.DOUBLE),
                        org.assertj.core.groups.Tuple.tuple("on", FieldType.BOOLEAN),
                        org.assertj.core.groups.Tuple.tuple("s", FieldType.STRING),
                        org.assertj.core.groups.Tuple.tuple("at", FieldType.DATETIME),
                        org.assertj.core.groups.Tuple.tuple("o.a", FieldType.DOUBLE));
        assertThat(registry.propose("72.4").model().fields())
                .extracting(Field::name)
                .containsExactly("value");
        assertThatThrownBy(() -> registry.propose("temp=72.4"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void convert_foreignTopic_keepsNameAndValue_alsoWhereTopicsNest() {
        bench.publish("zigbee/hall/state", "{\"on\":true}");
        bench.publish("zigbee/hall", "{\"speed\":21.3,\"other\":1}");

        Node below =
                registry.convert(
                        "zigbee/hall/state",
                        "zigbee/hall/state",
                        TopicType.STATE,
                        Model.ANY,
                        Bench.ANNA);
        Node above =
                registry.convert("zigbee/hall", "zigbee/hall", TopicType.METRIC, SPEED, Bench.ANNA);

        assertThat(below.path()).isEqualTo("zigbee/hall/state");
        assertThat(above.type()).isEqualTo(NodeType.TOPIC);
        assertThat(registry.value("zigbee/hall").orElseThrow().fields().get(0).json())
                .isEqualTo("21.3");
        assertThat(registry.value("zigbee/hall").orElseThrow().valid()).isFalse();
        assertThat(registry.unmodeled("", 10)).isEmpty();
        assertThat(bench.restarted().stats().topics()).isEqualTo(2);
        assertThatThrownBy(
                        () ->
                                bench.registry.convert(
                                        "zigbee/hall",
                                        "zigbee/hall",
                                        TopicType.METRIC,
                                        SPEED,
                                        Bench.ANNA))
                .isInstanceOf(ConflictException.class);
        assertThatThrownBy(
                        () ->
                                bench.registry.convert(
                                        "zigbee/x",
                                        "zigbee/x",
                                        TopicType.METRIC,
                                        SPEED,
                                        Bench.ANNA))
                .isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void listeners_hearOfChangesAfterTheyAreDone() {
        List<String> heard = new ArrayList<>();
        registry.listen(
                List.of(),
                List.of(path -> heard.add(path + " " + registry.byPath(path).isPresent())));

        Node node = registry.create(NewNode.path("", "Plant"), Bench.ANNA);
        registry.delete(node.id(), 0, Bench.ANNA);

        assertThat(heard).containsExactly("Plant true", "Plant false");
    }

    @Test
    void config_fileShowsTheKeysOfTheAnnotation() {
        ConfigFile.assertShows(NamespaceConfig.class, "io.busbar.uns.registry.cfg");
    }

    static NodeChange named(String name) {
        return NodeChange.ofName(name);
    }
}
