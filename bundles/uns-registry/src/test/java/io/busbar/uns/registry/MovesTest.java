package io.busbar.uns.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.busbar.api.storage.ConflictException;
import io.busbar.api.storage.StorageException;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.NewNode;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeChange;
import io.busbar.api.uns.NodeMove;
import io.busbar.api.uns.Quality;
import io.busbar.api.uns.Reason;
import io.busbar.api.uns.RecycledNode;
import io.busbar.api.uns.RefusedException;
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.ValidationMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes that are moved, renamed and copied, with all that is below them. */
class MovesTest {
    private final Bench bench = new Bench();

    private Node topic(String parent, String name) {
        return bench.registry.create(
                NewNode.topic(parent, name, TopicType.METRIC, Model.ANY), Bench.ANNA);
    }

    private Node path(String path) {
        int slash = path.lastIndexOf('/');
        return bench.registry.create(
                NewNode.path(slash < 0 ? "" : path.substring(0, slash), path.substring(slash + 1)),
                Bench.ANNA);
    }

    private Node at(String path) {
        return bench.registry.byPath(path).orElseThrow();
    }

    private Node move(Node node, String parentPath, String name, boolean keepTopics) {
        return bench.registry.move(
                node.id(), 0, new NodeMove(parentPath, name, keepTopics), Bench.BEN);
    }

    private Object value(String topic) {
        return bench.registry.value(topic).map(each -> each.quality()).orElse(null);
    }

    @Test
    void move_takesAllBelowWithIt_andIdsStay() {
        Node temp = topic("plant/line1/press", "temp");
        Node press = at("plant/line1/press");
        path("plant/line2");

        Node moved = move(press, "plant/line2", null, false);

        assertThat(moved.path()).isEqualTo("plant/line2/press");
        assertThat(moved.id()).isEqualTo(press.id());
        assertThat(moved.identity().parentId()).isEqualTo(at("plant/line2").id());
        assertThat(moved.revision()).isEqualTo(press.revision() + 1);
        assertThat(moved.stamp().updatedBy()).isEqualTo("ben");
        Node there = at("plant/line2/press/Metric/temp");
        assertThat(there.id()).isEqualTo(temp.id());
        assertThat(there.revision()).isEqualTo(temp.revision());
        assertThat(bench.registry.byPath("plant/line1/press")).isEmpty();
        assertThat(bench.registry.children(at("plant/line1").id())).isEmpty();
        assertThat(bench.registry.topicsBelow(at("plant/line1").id())).isZero();
        assertThat(bench.registry.topicsBelow(at("plant/line2").id())).isEqualTo(1);
        assertThat(bench.registry.stats().topics()).isEqualTo(1);
    }

    @Test
    void move_isThereAfterARestart() {
        topic("plant/line1/press", "temp");
        move(at("plant/line1/press"), "hall/east", "big press", true);

        bench.restarted();

        Node there = at("hall/east/big press/Metric/temp");
        assertThat(there.topic()).isEqualTo("plant/line1/press/Metric/temp");
        assertThat(bench.registry.byPath("plant/line1/press")).isEmpty();
    }

    @Test
    void move_changesTheTopics_unlessTheyAreKept() {
        topic("a", "temp");
        bench.publish("a/Metric/temp", "1");

        move(at("a"), "", "b", false);
        assertThat(at("b/Metric/temp").topic()).isEqualTo("b/Metric/temp");
        assertThat(bench.registry.unmodeled("a/", 10)).hasSize(1);
        bench.publish("b/Metric/temp", "2");

        move(at("b"), "", "c", true);

        Node temp = at("c/Metric/temp");
        assertThat(temp.topic()).isEqualTo("b/Metric/temp");
        assertThat(value("c/Metric/temp")).isEqualTo(Quality.GOOD);
        bench.publish("b/Metric/temp", "3");
        assertThat(bench.registry.value("c/Metric/temp").orElseThrow().messages()).isEqualTo(2);
    }

    @Test
    void move_keepsATopicThatWasKeptBefore() {
        topic("a", "temp");
        move(at("a"), "", "b", true);

        move(at("b"), "", "c", true);

        assertThat(at("c/Metric/temp").topic()).isEqualTo("a/Metric/temp");
    }

    @Test
    void move_toThePathThatTheTopicIs_leavesNoWireTopic() {
        topic("a", "temp");
        move(at("a"), "", "b", true);

        move(at("b"), "", "a", true);

        assertThat(at("a/Metric/temp").payload().wireTopic()).isNull();
        move(at("a"), "", "c", false);
        assertThat(at("c/Metric/temp").topic()).isEqualTo("c/Metric/temp");
    }

    @Test
    void topic_outsideOfAFolder_isRenamedWhereItIs() {
        bench.publish("x/y/temp", "1");
        Node temp =
                bench.registry.convert(
                        "x/y/temp", "x/y/temp", TopicType.METRIC, Model.ANY, Bench.ANNA);

        assertThat(move(temp, "x/y", "heat", false).path()).isEqualTo("x/y/heat");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", "+", " x"})
    void names_thatCannotBe_areRefused(String name) {
        topic("a", "temp");
        Node a = at("a");

        assertThatThrownBy(() -> move(a, "x", name, true)).isInstanceOf(RefusedException.class);
        assertThatThrownBy(() -> bench.registry.copy(a.id(), "x", name, Bench.ANNA))
                .isInstanceOf(RefusedException.class);
        bench.registry.delete(a.id(), 0, Bench.ANNA);
        assertThatThrownBy(() -> bench.registry.recycleBin().restore(a.id(), "x", name, Bench.ANNA))
                .isInstanceOf(RefusedException.class);
    }

    @Test
    void topic_goesIntoTheFolderOfItsType() {
        Node temp = topic("a", "temp");

        Node moved = move(temp, "b", null, false);

        assertThat(moved.path()).isEqualTo("b/Metric/temp");
        assertThat(at("b/Metric").payload().topicType()).isEqualTo(TopicType.METRIC);
    }

    @Test
    void topic_thatStaysInItsPlace_doesNotChange() {
        Node temp = topic("a", "temp");

        assertThat(move(temp, "a", null, true)).isEqualTo(temp);
        assertThat(move(temp, "a/Metric", "temp", false)).isEqualTo(temp);
    }

    @ParameterizedTest
    @ValueSource(strings = {"plant", "plant/line1", "plant/line1/deeper/still"})
    void move_belowItself_isRefused(String to) {
        topic("plant/line1", "temp");
        List<Node> before = all();

        assertThatThrownBy(() -> move(at("plant"), to, null, false))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused ->
                                assertThat(refused.reason().code())
                                        .isEqualTo(Reason.Code.BELOW_ITSELF));
        assertThat(all()).isEqualTo(before);
    }

    @Test
    void move_ontoANode_isRefused_andChangesNothing() {
        topic("a", "temp");
        path("b/a");
        List<Node> before = all();

        assertThatThrownBy(() -> move(at("a"), "b", null, false))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("b/a");
        assertThat(all()).isEqualTo(before);
    }

    @Test
    void move_ontoTheTopicOfAnother_isRefused() {
        topic("a", "temp");
        Node other = topic("x", "y");
        bench.registry.update(
                other.id(),
                0,
                NodeChange.ofPayload(payload -> payload.withWireTopic("b/Metric/temp")),
                Bench.ANNA);
        List<Node> before = all();

        assertThatThrownBy(() -> move(at("a"), "", "b", false))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("x/Metric/y");
        assertThat(all()).isEqualTo(before);
        assertThat(move(at("a"), "", "b", true).path()).isEqualTo("b");
    }

    @Test
    void move_thatWouldBeTooDeep_isRefused_andChangesNothing() {
        topic("a/b/c/d/e/f/g/h", "temp");
        path("1/2/3/4/5/6/7");
        List<Node> before = all();

        assertThatThrownBy(() -> move(at("a"), "1/2/3/4/5/6/7", null, false))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("levels");
        assertThat(all()).isEqualTo(before);
    }

    @Test
    void move_withAnOldRevision_isRefused() {
        Node temp = topic("a", "temp");

        assertThatThrownBy(
                        () ->
                                bench.registry.move(
                                        temp.id(), 7, new NodeMove("b", null, false), Bench.BEN))
                .isInstanceOf(ConflictException.class);
    }

    @Test
    void move_ifTheStoreFails_changesNothing() {
        topic("a", "temp");
        List<Node> before = all();
        bench.documents.failCommits(true);

        assertThatThrownBy(() -> move(at("a"), "new/place", null, true))
                .isInstanceOf(StorageException.class);
        bench.documents.failCommits(false);

        assertThat(all()).isEqualTo(before);
        assertThat(bench.restarted().byPath("new")).isEmpty();
    }

    @Test
    void policies_areThoseOfTheNewPlace() {
        topic("a", "temp");
        Node strict = path("strict");
        bench.registry.update(
                strict.id(),
                0,
                NodeChange.ofPolicy(policy -> policy.withValidation(ValidationMode.REJECT)),
                Bench.ANNA);

        move(at("a"), "strict", null, false);

        assertThat(bench.registry.policyOf(at("strict/a/Metric/temp").id()).validation().value())
                .isEqualTo(ValidationMode.REJECT);
    }

    @Test
    void copy_hasNewIdsAndAliases_andTopicsOfItsOwn() {
        Node temp = topic("line1/press", "temp");
        move(at("line1/press"), "line1", "press 1", true);

        Node copy = bench.registry.copy(at("line1/press 1").id(), "line2", "press 2", Bench.BEN);

        assertThat(copy.path()).isEqualTo("line2/press 2");
        assertThat(copy.id()).isNotEqualTo(at("line1/press 1").id());
        Node there = at("line2/press 2/Metric/temp");
        assertThat(there.topic()).isEqualTo("line2/press 2/Metric/temp");
        assertThat(there.identity().alias()).isNotEqualTo(temp.identity().alias());
        assertThat(there.stamp().createdBy()).isEqualTo("ben");
        assertThat(at("line1/press 1/Metric/temp").topic()).isEqualTo("line1/press/Metric/temp");
        assertThatThrownBy(
                        () ->
                                bench.registry.copy(
                                        at("line1").id(), "line1/press 1", "x", Bench.BEN))
                .isInstanceOf(RefusedException.class);
    }

    /** Whatever is moved where: the tree is the one that a start makes of what is stored. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void anyMoves_leaveTheTreeThatIsStored(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 20; i++) {
            topic("p" + i % 3 + "/q" + i % 5, "t" + i);
        }
        for (int i = 0; i < 200; i++) {
            List<Node> nodes = all();
            if (nodes.isEmpty()) {
                topic("p" + i, "t" + i);
                continue;
            }
            Node node = nodes.get(random.nextInt(nodes.size()));
            Node target = nodes.get(random.nextInt(nodes.size()));
            String name = random.nextBoolean() ? null : "n" + random.nextInt(30);
            try {
                switch (random.nextInt(6)) {
                    case 0 -> bench.registry.delete(node.id(), 0, Bench.ANNA);
                    case 1 ->
                            bench.registry.recycleBin().list().stream()
                                    .skip(random.nextInt(3))
                                    .findFirst()
                                    .ifPresent(this::restore);
                    case 2 -> copySmall(node, target.path());
                    case 3 -> move(node, "", name, random.nextBoolean());
                    default -> move(node, target.path(), name, random.nextBoolean());
                }
            } catch (IllegalArgumentException | ConflictException refused) {
                assertThat(all()).isEqualTo(nodes);
            }
        }
        List<Node> before = all();
        long topics = bench.registry.stats().topics();
        List<Long> below = below(before);

        bench.restarted();

        assertThat(all()).isEqualTo(before);
        assertThat(bench.registry.stats().topics()).isEqualTo(topics);
        assertThat(below(before)).isEqualTo(below);
        for (Node each : before) {
            assertThat(bench.registry.byAlias(each.identity().alias())).contains(each);
        }
    }

    private void restore(RecycledNode entry) {
        bench.registry.recycleBin().restore(entry.id(), null, null, Bench.BEN);
    }

    private void copySmall(Node node, String to) {
        if (bench.registry.stats().paths() + bench.registry.stats().topics() < 200) {
            bench.registry.copy(node.id(), to, node.name(), Bench.BEN);
        }
    }

    private List<Long> below(List<Node> nodes) {
        return nodes.stream().map(each -> bench.registry.topicsBelow(each.id())).toList();
    }

    private List<Node> all() {
        List<Node> nodes = new ArrayList<>();
        collect(null, nodes);
        return nodes;
    }

    private void collect(UUID parent, List<Node> into) {
        for (Node each : bench.registry.children(parent)) {
            into.add(each);
            collect(each.id(), into);
        }
    }
}
