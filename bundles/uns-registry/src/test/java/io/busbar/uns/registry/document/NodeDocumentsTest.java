package io.busbar.uns.registry.document;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.storage.DocumentChange;
import io.busbar.api.uns.Node;
import io.busbar.testkit.storage.FakeDocuments;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Nodes as they are loaded at the start. */
class NodeDocumentsTest {
    private static final String PARENT = "00000000-0000-7000-8000-00000000000";
    private static final String MADE =
            ",\"createdAt\":\"2026-11-23T08:16:00Z\",\"createdBy\":\"anna\","
                    + "\"updatedAt\":\"2026-11-23T08:16:00Z\",\"updatedBy\":\"anna\"}";
    private static final String MODEL =
            "\"topicType\":\"METRIC\",\"labels\":[\"pump\"],"
                    + "\"fields\":[{\"name\":\"speed\",\"type\":\"DOUBLE\",\"min\":0}]";

    private final FakeDocuments documents = new FakeDocuments();

    private void store(int id, String parent, String name, String rest) {
        documents.commit(
                List.of(
                        DocumentChange.create(
                                "uns_nodes",
                                PARENT + id,
                                "{"
                                        + (parent.isEmpty()
                                                ? ""
                                                : "\"parentId\":\"" + PARENT + parent + "\",")
                                        + "\"name\":\""
                                        + name
                                        + "\",\"alias\":\""
                                        + name
                                        + "\","
                                        + rest
                                        + MADE)));
    }

    @Test
    void load_childrenStoredBeforeTheirParents_comeAfterThem() {
        store(1, "2", "grandchild", "\"type\":\"TOPIC\"," + MODEL);
        store(2, "3", "child", "\"type\":\"PATH\"");
        store(3, "", "top", "\"type\":\"PATH\"");

        assertThat(new NodeDocuments(documents).load(model -> model))
                .extracting(Node::path)
                .containsExactly("top", "top/child", "top/child/grandchild");
    }

    @Test
    void load_childrenOfTopics_areThere_orphansAreNot() {
        store(1, "", "topic", "\"type\":\"TOPIC\"," + MODEL);
        store(2, "1", "below", "\"type\":\"TOPIC\"," + MODEL);
        store(3, "2", "deeper", "\"type\":\"PATH\"");
        store(4, "3", "deepest", "\"type\":\"PATH\"");
        store(5, "9", "orphan", "\"type\":\"PATH\"");

        assertThat(new NodeDocuments(documents).load(model -> model))
                .extracting(Node::path)
                .containsExactly(
                        "topic", "topic/below", "topic/below/deeper", "topic/below/deeper/deepest");
    }

    @Test
    void load_nodesAlike_shareWhatIsEqual() {
        store(1, "", "a", "\"type\":\"TOPIC\"," + MODEL);
        store(2, "", "b", "\"type\":\"TOPIC\"," + MODEL);

        List<Node> nodes = new NodeDocuments(documents).load(model -> model);

        assertThat(nodes.get(0).payload()).isSameAs(nodes.get(1).payload());
        assertThat(nodes.get(0).labels()).isSameAs(nodes.get(1).labels());
        assertThat(nodes.get(0).policy()).isSameAs(nodes.get(1).policy());
        assertThat(nodes.get(0).stamp().createdAt()).isSameAs(nodes.get(1).stamp().updatedAt());
    }

    @Test
    void interner_beyondItsBound_returnsWhatItIsGiven() {
        Interner interner = new Interner();
        for (int i = 0; i < 30_000; i++) {
            interner.one("value " + i);
        }
        String late = new String("late");

        assertThat(interner.one(late)).isSameAs(late);
        assertThat(interner.one(new String("late"))).isNotSameAs(late);
        assertThat(interner.one(new String("value 1"))).isEqualTo("value 1");
    }
}
