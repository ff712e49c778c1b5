package io.busbar.uns.registry.search;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.busbar.api.audit.Actor;
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
import io.busbar.api.uns.SearchHit;
import io.busbar.api.uns.SearchHit.Matched;
import io.busbar.api.uns.SearchQuery;
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.UnknownFields;
import io.busbar.memory.ProcessMemory;
import io.busbar.uns.registry.tree.NodeMemory;
import io.busbar.uns.registry.tree.NodeTree;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What searches of 100,000 topics take, counted. */
class NamespaceSearchTest {
    private static final int LINES = 100;
    private static final int TOPICS_OF_A_LINE = 1000;
    private static final int NODES = LINES + LINES * TOPICS_OF_A_LINE;

    private static final NodeMemory MEMORY =
            new NodeMemory(new ProcessMemory(1 << 30, 1 << 30, Clock.systemUTC()));
    private static final NodeTree TREE = new NodeTree(MEMORY);

    private final Set<String> unmodeled = new TreeSet<>();
    private byte[] payload = "{\"v\":17}".getBytes(UTF_8);

    /** Topics that have another payload. */
    private final Map<String, byte[]> others = new HashMap<>();

    private final NamespaceSearch search = new NamespaceSearch(new Values(TREE));

    /** A tree, and the same payload on nearly all topics. */
    private final class Values implements Searched {
        private final NodeTree tree;

        Values(NodeTree tree) {
            this.tree = tree;
        }

        @Override
        public void nodes(NodeVisitor visitor) {
            tree.visit(visitor);
        }

        @Override
        public @Nullable Node byAlias(String alias) {
            return tree.byAlias(alias);
        }

        @Override
        public Set<String> unmodeled() {
            return unmodeled;
        }

        @Override
        public void signs(Likely into) {
            tree.visit(
                    (node, text, fields, above) -> {
                        sign(node.topic(), into);
                        return 0;
                    });
            unmodeled.forEach(topic -> sign(topic, into));
        }

        private void sign(String topic, Likely into) {
            byte[] own = others.getOrDefault(topic, payload);
            long[] sign = TextSign.empty();
            if (into.signs(own.length)) {
                TextSign.add(sign, own, 0, own.length);
            } else {
                TextSign.addAll(sign);
            }
            into.look(topic, sign);
        }

        @Override
        public void values(String topic, ValueFinder into) {
            byte[] own = others.getOrDefault(topic, payload);
            if (into.mayBeIn(own, true)) {
                into.unknown("v", own, 5, own.length - 1);
            }
        }
    }

    @BeforeAll
    static void fill() {
        List<Node> nodes = new ArrayList<>();
        for (int line = 0; line < LINES; line++) {
            Node above = node(null, NodeType.PATH, "line-" + line, "line-" + line);
            nodes.add(above);
            for (int i = 0; i < TOPICS_OF_A_LINE; i++) {
                String name = (i % 10 == 0 ? "temperature-" : "pressure-") + i;
                nodes.add(node(above.id(), NodeType.TOPIC, name, "line-" + line + "/" + name));
            }
        }
        TREE.add(nodes);
    }

    /** Looks through a tree of its own. */
    @Test
    void fieldsOfOneModel_areComparedOnce_andFoundInAllItsTopics() {
        Model model =
                new Model(List.of(Field.of("Füllstand", FieldType.DOUBLE)), UnknownFields.WARN);
        NodeMemory memory = new NodeMemory(new ProcessMemory(1 << 30, 1 << 30, Clock.systemUTC()));
        NodeTree tree = new NodeTree(memory);
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            nodes.add(
                    node(null, NodeType.TOPIC, "tank-" + i, "tank-" + i)
                            .withPayload(NodePayload.json(TopicType.METRIC, model)));
        }
        tree.add(nodes);
        NamespaceSearch.Run run =
                new NamespaceSearch(new Values(tree)).run(SearchQuery.of("FÜLL", 200));

        assertThat(run.result().hits())
                .hasSize(100)
                .allMatch(hit -> hit.matched() == Matched.FIELD)
                .allMatch(hit -> "Füllstand".equals(hit.field()));
        assertThat(run.fieldsCompared()).isEqualTo(1);
        memory.close();
    }

    @AfterAll
    static void close() {
        MEMORY.close();
    }

    private static Node node(@Nullable UUID parent, NodeType type, String name, String path) {
        UUID id = UUID.randomUUID();
        return new Node(
                new NodeIdentity(id, parent, type, name, path, id.toString()),
                NodeLabels.NONE,
                NodePayload.NONE,
                NodePolicy.INHERITED,
                NodeStamp.created(Instant.EPOCH, Actor.SERVER));
    }

    @Test
    void frequentWord_looksAtEachNameOnce_andAtFewValues() {
        NamespaceSearch.Run run = search.run(SearchQuery.of("temperature", 200));

        assertThat(run.result().hits()).hasSize(200);
        assertThat(run.result().more()).isTrue();
        assertThat(run.compared()).isEqualTo(NODES);
        assertThat(run.looked()).as("until there are enough hits").isLessThan(3000);
        assertThat(run.read()).isZero();
    }

    @Test
    void wordThatIsNowhere_looksAtEachName_andAtFewValues() {
        unmodeled.add("gw/a");

        NamespaceSearch.Run run = search.run(SearchQuery.of("nothing", 200));

        assertThat(run.result().hits()).isEmpty();
        assertThat(run.result().more()).isFalse();
        assertThat(run.compared()).isEqualTo(NODES + 1);
        assertThat(run.looked()).isEqualTo(NamespaceSearch.LOOKED_AT_ANYWAY);
        assertThat(run.read()).isZero();
    }

    @Test
    void wordsInFewValues_areFoundWithFewMoreLooks() {
        unmodeled.add("gw/a");
        others.put("line-99/pressure-999", "{\"v\":\"Jammed\"}".getBytes(UTF_8));
        others.put("gw/a", "{\"v\":\"jam\"}".getBytes(UTF_8));

        NamespaceSearch.Run run = search.run(SearchQuery.of("jam", 200));

        assertThat(run.result().hits())
                .extracting(SearchHit::topic, SearchHit::text)
                .containsExactly(tuple("line-99/pressure-999", "Jammed"), tuple("gw/a", "jam"));
        assertThat(run.result().more()).isFalse();
        assertThat(run.looked()).isEqualTo(NamespaceSearch.LOOKED_AT_ANYWAY + 2);
    }

    @Test
    void wordsOfNamesAndValues_areFoundTogether_farFromTheFirstTopics() {
        others.put("line-99/pressure-999", "{\"v\":\"jammed\"}".getBytes(UTF_8));
        others.put("line-98/pressure-999", "{\"v\":\"jammed\"}".getBytes(UTF_8));

        NamespaceSearch.Run run = search.run(SearchQuery.of("line-99 jam 999", 200));

        assertThat(run.result().hits())
                .extracting(SearchHit::topic)
                .containsExactly("line-99/pressure-999");
    }

    @Test
    void valuesOfAllTopics_areReadUntilThereAreEnoughHits() {
        NamespaceSearch.Run run = search.run(SearchQuery.of("17 line", 200));

        assertThat(run.result().hits()).hasSize(200);
        assertThat(run.result().more()).isTrue();
        assertThat(run.read()).isLessThan(3000);
    }

    @Test
    void largeValues_areLookedThroughUpToABound_andTheAnswerSaysSo() {
        payload = "x".repeat(1 << 20).getBytes(UTF_8);

        NamespaceSearch.Run run = search.run(SearchQuery.of("nothing", 200));

        assertThat(run.result().more()).isTrue();
        assertThat(run.result().hits()).isEmpty();
        assertThat(run.read()).isZero();
    }
}
