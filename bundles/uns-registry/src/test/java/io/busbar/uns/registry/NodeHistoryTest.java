package io.busbar.uns.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.busbar.api.storage.ConflictException;
import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.NewNode;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeChange;
import io.busbar.api.uns.NodeDifference;
import io.busbar.api.uns.NodeHistory;
import io.busbar.api.uns.NodeMove;
import io.busbar.api.uns.NodeVersion;
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.UnknownFields;
import io.busbar.api.uns.ValidationMode;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who changed what of a node, and what it was before. */
class NodeHistoryTest {
    private final Bench bench = new Bench();
    private Node node;

    @BeforeEach
    void make() {
        node =
                bench.registry.create(
                        NewNode.topic("a", "temp", TopicType.METRIC, model(FieldType.INTEGER)),
                        Bench.ANNA);
    }

    private static Model model(FieldType type) {
        return new Model(List.of(Field.of("v", type)), UnknownFields.ALLOW);
    }

    private Node now() {
        return bench.registry.get(node.id()).orElseThrow();
    }

    private Node change(NodeChange change) {
        bench.clock.advance(Duration.ofMinutes(1));
        return bench.registry.update(node.id(), 0, change, Bench.BEN);
    }

    private Node widen() {
        return change(NodeChange.ofPayload(payload -> payload.withModel(model(FieldType.DOUBLE))));
    }

    private List<NodeVersion> versions() {
        return bench.registry.history().of(node.id());
    }

    @Test
    void history_saysWhoChangedWhat_andWhen() {
        widen();
        change(NodeChange.ofPolicy(policy -> policy.withValidation(ValidationMode.REJECT)));

        assertThat(versions())
                .containsExactly(
                        new NodeVersion(
                                3,
                                Bench.START.plus(Duration.ofMinutes(2)),
                                "ben",
                                List.of(new NodeDifference("validation", null, "REJECT"))),
                        new NodeVersion(
                                2,
                                Bench.START.plus(Duration.ofMinutes(1)),
                                "ben",
                                List.of(new NodeDifference("fields.v.type", "INTEGER", "DOUBLE"))),
                        new NodeVersion(1, Bench.START, "anna", List.of()));
        List<NodeVersion> before = versions();
        bench.restarted();
        assertThat(versions()).isEqualTo(before);
    }

    @Test
    void fields_thatComeGoAndMove_areNamed() {
        Field v = Field.of("v", FieldType.INTEGER);
        Field w = Field.of("w", FieldType.STRING);
        change(
                NodeChange.ofPayload(
                        p -> p.withModel(new Model(List.of(v, w), UnknownFields.WARN))));
        change(
                NodeChange.ofPayload(
                        p -> p.withModel(new Model(List.of(w, v), UnknownFields.WARN))));
        change(NodeChange.ofPayload(p -> p.withModel(new Model(List.of(w), UnknownFields.WARN))));

        List<NodeVersion> versions = versions();

        assertThat(versions.get(2).differences())
                .contains(
                        new NodeDifference("fields.w.type", null, "STRING"),
                        new NodeDifference("unknownFields", "ALLOW", "WARN"));
        assertThat(versions.get(1).differences())
                .containsExactly(new NodeDifference("fields", "v, w", "w, v"));
        assertThat(versions.get(0).differences())
                .contains(new NodeDifference("fields.v.type", "INTEGER", null));
    }

    @Test
    void moves_areInTheHistory() {
        bench.registry.move(node.id(), 0, new NodeMove("b", "heat", true), Bench.BEN);

        assertThat(versions().get(0).differences())
                .containsExactly(
                        new NodeDifference("path", "a/Metric/temp", "b/Metric/heat"),
                        new NodeDifference("wireTopic", null, "a/Metric/temp"));
    }

    @Test
    void moves_ofANodeAbove_areByWhoMovedIt() {
        bench.clock.advance(Duration.ofMinutes(5));
        Node above = bench.registry.byPath("a").orElseThrow();
        bench.registry.move(above.id(), 0, new NodeMove("", "b", true), Bench.BEN);

        assertThat(versions().get(0))
                .isEqualTo(
                        new NodeVersion(
                                2,
                                Bench.START.plus(Duration.ofMinutes(5)),
                                "ben",
                                List.of(new NodeDifference("wireTopic", null, "a/Metric/temp"))));
    }

    @Test
    void putBack_leavesTheTopic() {
        widen();
        Node above = bench.registry.byPath("a").orElseThrow();
        bench.registry.move(above.id(), 0, new NodeMove("", "b", true), Bench.BEN);

        Node back = bench.registry.history().putBack(node.id(), 0, 1, Bench.ANNA);

        assertThat(back.topic()).isEqualTo("a/Metric/temp");
        assertThat(back.payload().model()).isEqualTo(model(FieldType.INTEGER));
    }

    @Test
    void putBack_isAChange_andLeavesThePlace() {
        widen();
        bench.registry.move(node.id(), 0, new NodeMove("b", null, false), Bench.BEN);

        Node back = bench.registry.history().putBack(node.id(), 0, 1, Bench.ANNA);

        assertThat(back.payload().model()).isEqualTo(model(FieldType.INTEGER));
        assertThat(back.path()).isEqualTo("b/Metric/temp");
        assertThat(back.revision()).isEqualTo(4);
        assertThat(versions()).hasSize(4);
        assertThat(bench.restarted().get(node.id()).orElseThrow().payload().model())
                .isEqualTo(model(FieldType.INTEGER));
    }

    @Test
    void putBack_ofWhatIsNotKept_isRefused() {
        widen();
        NodeHistory history = bench.registry.history();

        assertThatThrownBy(() -> history.putBack(node.id(), 0, 2, Bench.ANNA))
                .isInstanceOf(NoSuchElementException.class);
        assertThatThrownBy(() -> history.putBack(node.id(), 0, 7, Bench.ANNA))
                .isInstanceOf(NoSuchElementException.class);
        assertThatThrownBy(() -> history.putBack(node.id(), 1, 1, Bench.ANNA))
                .isInstanceOf(ConflictException.class);
        assertThat(now().revision()).isEqualTo(2);
    }

    @Test
    void oldVersions_go_andAllGoWithTheirNode() {
        for (int i = 0; i < NodeHistory.KEPT + 5; i++) {
            String description = "d" + i;
            change(NodeChange.ofLabels(labels -> labels.withDisplayName(description)));
        }

        assertThat(versions()).hasSize(NodeHistory.KEPT + 1);
        assertThat(bench.documents.scan("uns_node_versions")).hasSize(NodeHistory.KEPT);
        bench.registry.delete(node.id(), 0, Bench.ANNA);
        assertThat(bench.documents.scan("uns_node_versions")).isEmpty();
        bench.registry.recycleBin().restore(node.id(), null, null, Bench.ANNA);
        assertThat(versions()).hasSize(1);
    }
}
