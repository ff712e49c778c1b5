package io.busbar.uns.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.busbar.api.memory.MemoryAccount;
import io.busbar.api.memory.MemoryArea;
import io.busbar.api.memory.MemoryShortException;
import io.busbar.api.uns.BranchConversion;
import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.NewNode;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeChange;
import io.busbar.api.uns.NodeLabels;
import io.busbar.api.uns.NodePolicy;
import io.busbar.api.uns.SearchHit;
import io.busbar.api.uns.SearchQuery;
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.UnknownFields;
import io.busbar.memory.ProcessMemory;
import io.busbar.testkit.storage.FakeDocuments;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Topics with equal models have one object, and one is counted, however they got it. */
class SharedModelsTest {
    private static final int TOPICS = 500;

    private Bench bench = new Bench();

    @AfterEach
    void stop() {
        bench.registry.deactivate();
        bench.memory.close();
    }

    private void withMemory(long heapBytes) {
        stop();
        bench =
                new Bench(
                        new FakeDocuments(),
                        new ProcessMemory(heapBytes, heapBytes, Clock.systemUTC()));
    }

    /** A new object each time. */
    private static Model model(int fields) {
        return new Model(
                IntStream.range(0, fields)
                        .mapToObj(i -> Field.of("temperature_of_motor_" + i, FieldType.DOUBLE))
                        .toList(),
                UnknownFields.WARN);
    }

    private List<Node> topics(int count) {
        List<Node> topics = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            topics.add(topic("motor" + i, Model.ANY));
        }
        return topics;
    }

    private Node topic(String name, Model model) {
        return bench.registry.create(
                NewNode.topic("Plant", name, TopicType.METRIC, model), Bench.ANNA);
    }

    private Node patch(Node topic, Model model) {
        return bench.registry.update(
                topic.id(),
                0,
                NodeChange.ofPayload(payload -> payload.withModel(model)),
                Bench.ANNA);
    }

    private long counted() {
        return bench.memory.use(MemoryArea.HEAP).kinds().get("nodes");
    }

    /** The different objects that are models with fields. */
    private Set<Model> models() {
        Set<Model> models = Collections.newSetFromMap(new IdentityHashMap<>());
        bench.registry.search(SearchQuery.of("#", 1000)).hits().stream()
                .map(SearchHit::node)
                .filter(Objects::nonNull)
                .map(node -> node.payload().model())
                .filter(model -> !model.fields().isEmpty())
                .forEach(models::add);
        return models;
    }

    @Test
    void topicsThatArePatchedToTheSameModel_haveOneObject_andOneIsCounted() {
        List<Node> topics = topics(TOPICS);
        long before = counted();

        topics.forEach(each -> patch(each, model(50)));

        assertThat(models()).hasSize(1);
        assertThat(counted() - before)
                .as("bytes for one model of 50 fields")
                .isBetween(50L * 100, 50L * 1000);
    }

    @Test
    void topicsWithEqualModels_haveOneObject_howeverTheyGotIt() {
        topic("created", model(2));
        topic("createdLater", model(2));
        patch(topic("patched", model(3)), model(2));
        String fields =
                "[{\"name\":\"temperature_of_motor_0\",\"type\":\"DOUBLE\"},"
                        + "{\"name\":\"temperature_of_motor_1\",\"type\":\"DOUBLE\"}]";
        String imported =
                "{\"namespace\":[{\"name\":\"imported\",\"type\":\"TOPIC\",\"topicType\":\"METRIC\","
                    + "\"unknownFields\":\"WARN\",\"fields\":"
                        + fields
                        + "}]}";
        assertThat(Bench.importJson(bench.registry, imported, false, Bench.ANNA).created())
                .isEqualTo(1);
        String payload = "{\"temperature_of_motor_0\":1.5,\"temperature_of_motor_1\":2.5}";
        bench.publish("converted", payload);
        bench.registry.convert("converted", "converted", TopicType.METRIC, model(2), Bench.ANNA);
        bench.publish("gw/a", payload);
        bench.publish("gw/b", payload);
        bench.registry.create(NewNode.path("gw", "b"), Bench.ANNA);
        bench.registry.convert(
                new BranchConversion("gw", "gw", TopicType.METRIC), false, Bench.ANNA);
        for (String path : List.of("gw/a", "gw/b")) {
            Node converted = bench.registry.byPath(path).orElseThrow();
            patch(converted, model(2));
            // And one by one to the same again, of which there is no other object either.
            patch(converted, model(2));
        }
        assertThat(models()).hasSize(1);
        long counted = counted();

        bench.restarted();

        assertThat(models()).hasSize(1);
        assertThat(counted()).isEqualTo(counted);
    }

    @Test
    void topicThatIsPatchedToAnotherModelAndBack_leavesTheAccountAsItWas() {
        Node first = topic("first", model(20));
        Node second = topic("second", model(20));
        long before = counted();
        long more = sizeOf(40);

        patch(first, model(40));
        assertThat(counted() - before).as("the other one has the old model").isEqualTo(more);
        patch(second, model(40));
        assertThat(counted() - before).as("nobody has the old model").isEqualTo(more - sizeOf(20));
        patch(first, model(20));
        patch(second, model(20));

        assertThat(counted()).isEqualTo(before);
    }

    /** What a model takes by itself. */
    private static long sizeOf(int fields) {
        SharedModelsTest other = new SharedModelsTest();
        try {
            Node topic = other.topic("first", Model.ANY);
            long before = other.counted();
            other.patch(topic, model(fields));
            return other.counted() - before;
        } finally {
            other.stop();
        }
    }

    @Test
    void partsThatSayNothing_areTheConstants_alsoAfterAChange() {
        Node topic = topic("first", model(2));

        bench.registry.update(
                topic.id(),
                0,
                new NodeChange(
                        null,
                        labels -> new NodeLabels(null, null, List.of(), Map.of(), null),
                        payload -> payload.withModel(new Model(List.of(), UnknownFields.ALLOW)),
                        policy ->
                                new NodePolicy(
                                        null, null, null, null, null, null, null, null, null)),
                Bench.ANNA);

        Node kept = bench.registry.get(topic.id()).orElseThrow();
        assertThat(kept.labels()).isSameAs(NodeLabels.NONE);
        assertThat(kept.payload().model()).isSameAs(Model.ANY);
        assertThat(kept.policy()).isSameAs(NodePolicy.INHERITED);
    }

    @Test
    void patch_withoutRoomForItsModel_isRefused_andChangesNothing() {
        withMemory(1 << 20);
        Node topic = topic("first", model(1));
        Node known = topic("known", model(100));
        String document = document(topic);
        long before = counted();
        try (MemoryAccount others = bench.memory.open(MemoryArea.HEAP, "others", 100, null)) {
            others.add(1 << 20);

            assertThatThrownBy(() -> patch(topic, model(200)))
                    .isInstanceOf(MemoryShortException.class);

            assertThat(counted()).isEqualTo(before);
            assertThat(bench.registry.get(topic.id())).contains(topic);
            assertThat(document(topic)).isEqualTo(document);
            assertThat(patch(topic, model(100)).payload().model())
                    .as("a model that is there takes no room")
                    .isEqualTo(known.payload().model());
        }
    }

    private String document(Node node) {
        return bench.documents.get("uns_nodes", node.id().toString()).orElseThrow().json();
    }

    @Test
    void rename_withoutRoomForTheNewPaths_isRefused_andChangesNothing() {
        withMemory(1 << 20);
        Node topic = topics(50).get(0);
        Node top = bench.registry.byPath("Plant").orElseThrow();
        long before = counted();
        try (MemoryAccount others = bench.memory.open(MemoryArea.HEAP, "others", 100, null)) {
            others.add(1 << 20);

            assertThatThrownBy(
                            () ->
                                    bench.registry.update(
                                            top.id(),
                                            0,
                                            NodeChange.ofName("Works of a long name"),
                                            Bench.ANNA))
                    .isInstanceOf(MemoryShortException.class);
        }

        assertThat(counted()).isEqualTo(before);
        assertThat(bench.registry.get(topic.id())).contains(topic);
        assertThat(bench.restarted().get(topic.id())).contains(topic);
    }

    @Test
    void pathThatBecomesATopic_needsRoomForTheChangeOnly() {
        withMemory(1 << 20);
        Node path = bench.registry.create(NewNode.path("", "gw"), Bench.ANNA);
        String description = "x".repeat(1000);
        bench.registry.update(
                path.id(),
                0,
                NodeChange.ofLabels(
                        old -> new NodeLabels(null, description, List.of(), Map.of(), null)),
                Bench.ANNA);
        bench.publish("gw", "1");
        topic("known", model(1));
        try (MemoryAccount others = bench.memory.open(MemoryArea.HEAP, "others", 100, null)) {
            long used = bench.memory.use(MemoryArea.HEAP).usedBytes();
            others.add((1 << 20) / 8 * 7 - used - 4000);
            long before = counted();

            bench.registry.convert("gw", "gw", TopicType.METRIC, model(1), Bench.ANNA);

            assertThat(counted() - before).isBetween(1L, 500L);
        }
    }
}
