package io.busbar.uns.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.memory.MemoryArea;
import io.busbar.api.storage.ConflictException;
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
import io.busbar.api.uns.ValidationMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is done to nodes, and however often, the account says what there is. */
class NodeAccountTest {
    private static final int CHANGES = 120;
    private static final List<String> NAMES =
            List.of("a", "line", "motor with a longer name", "温度");

    private final Bench bench = new Bench();
    private Random random = new Random(0);

    @AfterEach
    void stop() {
        bench.registry.deactivate();
        bench.memory.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void account_afterRandomChanges_isThatOfTheNodesReadAnew(long seed) {
        random = new Random(seed);
        int done = 0;
        for (int i = 0; i < CHANGES; i++) {
            String what;
            try {
                what = change();
                done++;
            } catch (IllegalArgumentException | ConflictException | NoSuchElementException e) {
                what = "refused: " + e.getMessage();
            }
            assertThat(counted(bench)).as("after change %s, %s", i, what).isEqualTo(countedAnew());
        }
        assertThat(done).as("changes that were made").isGreaterThan(CHANGES / 3);

        for (Node root : bench.registry.children(null)) {
            bench.registry.delete(root.id(), 0, Bench.ANNA);
        }

        assertThat(counted(bench)).as("deleted paths only").isEqualTo(countedAnew());
        assertThat(bench.memory.use(MemoryArea.HEAP).kinds().get("values")).isZero();
    }

    private static long counted(Bench of) {
        return of.memory.use(MemoryArea.HEAP).kinds().get("nodes");
    }

    /** What a server counts that is started with the same documents. */
    private long countedAnew() {
        Bench other = new Bench(bench.documents);
        try {
            return counted(other);
        } finally {
            other.registry.deactivate();
            other.memory.close();
        }
    }

    private String change() {
        Node node = anyNode();
        int kind = node == null ? 0 : random.nextInt(12);
        switch (kind) {
            case 0, 1 -> create(node == null ? "" : node.path());
            case 2 -> importSome();
            case 3 -> convert();
            case 4 -> convertBranch();
            case 5 -> delete(Objects.requireNonNull(node));
            case 6, 7 -> rename(Objects.requireNonNull(node));
            default -> update(Objects.requireNonNull(node));
        }
        return "kind " + kind;
    }

    private @Nullable Node anyNode() {
        List<Node> nodes =
                bench.registry.search(SearchQuery.of("#", 1000)).hits().stream()
                        .map(SearchHit::node)
                        .filter(Objects::nonNull)
                        .toList();
        return nodes.isEmpty() ? null : nodes.get(random.nextInt(nodes.size()));
    }

    private String anyName() {
        return NAMES.get(random.nextInt(NAMES.size()));
    }

    private Model anyModel() {
        int fields = random.nextInt(4);
        return new Model(
                IntStream.range(0, fields)
                        .mapToObj(i -> Field.of("field" + i, FieldType.DOUBLE))
                        .toList(),
                random.nextBoolean() ? UnknownFields.ALLOW : UnknownFields.WARN);
    }

    private void create(String parent) {
        NewNode wanted =
                random.nextInt(3) == 0
                        ? NewNode.path(parent, anyName())
                        : NewNode.topic(parent, anyName(), TopicType.METRIC, anyModel());
        bench.registry.create(wanted, Bench.ANNA);
    }

    private void importSome() {
        String topics = topic() + "," + topic();
        Bench.importJson(
                bench.registry,
                "{\"namespace\":[{\"name\":\""
                        + anyName()
                        + "\",\"type\":\"PATH\",\"children\":["
                        + topics
                        + "]}]}",
                random.nextInt(4) == 0,
                Bench.BEN);
    }

    private String topic() {
        return "{\"name\":\"imported"
                + random.nextInt(10)
                + "\",\"type\":\"TOPIC\",\"topicType\":\"METRIC\",\"labels\":[\"some\"],\"fields\":["
                + "{\"name\":\"field0\",\"type\":\"DOUBLE\"}]}";
    }

    private void convert() {
        String topic = "gw/" + anyName();
        bench.publish(topic, "{\"field0\":1.5}");
        String path = random.nextBoolean() ? topic : "plant/" + anyName();
        bench.registry.convert(topic, path, TopicType.METRIC, anyModel(), Bench.ANNA);
    }

    private void convertBranch() {
        bench.publish("branch/" + anyName() + "/" + anyName(), "{\"field0\":1.5}");
        bench.publish("branch/" + anyName(), "7");
        String path = random.nextBoolean() ? "branch" : "line";
        bench.registry.convert(
                new BranchConversion("branch", path, TopicType.METRIC),
                random.nextInt(4) == 0,
                Bench.ANNA);
    }

    private void delete(Node node) {
        if (node.identity().parentId() != null || random.nextInt(4) == 0) {
            bench.registry.delete(node.id(), 0, Bench.ANNA);
        }
    }

    private void rename(Node node) {
        bench.registry.update(node.id(), 0, NodeChange.ofName(anyName()), Bench.BEN);
    }

    private void update(Node node) {
        List<NodeChange> changes = new ArrayList<>();
        changes.add(NodeChange.ofPayload(payload -> payload.withModel(anyModel())));
        changes.add(
                NodeChange.ofPayload(
                        payload ->
                                payload.withWireTopic(
                                        random.nextBoolean() ? null : "wire/" + anyName())));
        changes.add(
                NodeChange.ofLabels(
                        old ->
                                random.nextBoolean()
                                        ? new NodeLabels(null, null, List.of(), Map.of(), null)
                                        : new NodeLabels(
                                                anyName(),
                                                "a description",
                                                List.of(anyName(), "label"),
                                                Map.of("key", anyName()),
                                                "SITE")));
        changes.add(
                NodeChange.ofPolicy(
                        old ->
                                random.nextBoolean()
                                        ? new NodePolicy(
                                                null, null, null, null, null, null, null, null,
                                                null)
                                        : new NodePolicy(
                                                ValidationMode.OFF,
                                                true,
                                                60,
                                                false,
                                                "+02:00",
                                                null,
                                                100,
                                                null,
                                                true)));
        bench.registry.update(
                node.id(), 0, changes.get(random.nextInt(changes.size())), Bench.ANNA);
    }
}
