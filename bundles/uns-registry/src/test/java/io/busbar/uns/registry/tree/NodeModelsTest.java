package io.busbar.uns.registry.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.audit.Actor;
import io.busbar.api.memory.MemoryArea;
import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeIdentity;
import io.busbar.api.uns.NodeLabels;
import io.busbar.api.uns.NodePayload;
import io.busbar.api.uns.NodePolicy;
import io.busbar.api.uns.NodeStamp;
import io.busbar.api.uns.NodeType;
import io.busbar.api.uns.PayloadFormat;
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.UnknownFields;
import io.busbar.memory.ProcessMemory;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is made of a model is there once, however many topics have it. */
class NodeModelsTest {
    private static final int TOPICS = 5000;
    private static final String THREE_FIELDS =
            "temperature_of_motor_0\1temperature_of_motor_1\1temperature_of_motor_2\1";

    private final ProcessMemory budget = new ProcessMemory(1 << 30, 1 << 30, Clock.systemUTC());
    private final NodeMemory memory = new NodeMemory(budget);
    private final NodeTree tree = new NodeTree(memory);

    @AfterEach
    void close() {
        memory.close();
        budget.close();
    }

    private static Model model(int fields) {
        return new Model(
                IntStream.range(0, fields)
                        .mapToObj(i -> Field.of("temperature_of_motor_" + i, FieldType.DOUBLE))
                        .toList(),
                UnknownFields.WARN);
    }

    private static Node topic(@Nullable Node above, String name, Model model) {
        UUID id = UUID.randomUUID();
        return new Node(
                new NodeIdentity(
                        id,
                        above == null ? null : above.id(),
                        NodeType.TOPIC,
                        name,
                        above == null ? name : above.path() + "/" + name,
                        id.toString()),
                NodeLabels.NONE,
                new NodePayload(TopicType.METRIC, PayloadFormat.JSON, model),
                NodePolicy.INHERITED,
                NodeStamp.created(Instant.EPOCH, Actor.SERVER));
    }

    /** The different objects that are texts of fields. */
    private Set<String> texts() {
        Set<String> texts = Collections.newSetFromMap(new IdentityHashMap<>());
        tree.visit(
                (node, text, fields, above) -> {
                    texts.add(fields);
                    return 0;
                });
        return texts;
    }

    private long counted() {
        return budget.use(MemoryArea.HEAP).kinds().get("nodes");
    }

    private long countedWith(Model model) {
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i < TOPICS; i++) {
            nodes.add(topic(null, "motor" + i, model));
        }
        tree.add(nodes);
        long bytes = counted();
        nodes.forEach(node -> tree.remove(node.id()));
        assertThat(counted()).isZero();
        return bytes;
    }

    @Test
    void fieldsOfOneModel_areCountedOnceForAllItsTopics() {
        long more = countedWith(model(50)) - countedWith(model(0));

        assertThat(more).as("bytes for the fields").isBetween(50L * 100, 50L * 1000);
    }

    @Test
    void equalModels_shareOneText_howeverTheirTopicsComeAndMove() {
        Node parent = topic(null, "line", model(3));
        Node child = topic(parent, "motor", model(3));
        tree.add(List.of(parent, child));
        tree.add(List.of(topic(parent, "pump", model(3))));
        assertThat(texts()).containsExactly(THREE_FIELDS);

        Node renamed =
                parent.withIdentity(
                        new NodeIdentity(
                                parent.id(),
                                null,
                                NodeType.TOPIC,
                                "hall",
                                "hall",
                                parent.identity().alias()));
        tree.replace(
                BranchMove.of(tree, renamed, path -> tree.byPath(path) != null, false).after());
        assertThat(tree.byPath("hall/pump")).isNotNull();
        assertThat(texts()).hasSize(1);

        tree.replace(List.of(tree.get(child.id()).withPayload(renamed.payload())));
        tree.add(List.of(topic(renamed, "fan", model(3))));
        assertThat(texts()).hasSize(1);

        Node other = tree.get(child.id()).withPayload(topic(null, "x", model(2)).payload());
        tree.replace(List.of(other));
        assertThat(texts()).hasSize(2);
    }
}
