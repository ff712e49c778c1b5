package io.busbar.uns.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.NewNode;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeChange;
import io.busbar.api.uns.NodeType;
import io.busbar.api.uns.TopicPolicy;
import io.busbar.api.uns.TopicType;
import io.busbar.testkit.log.CapturedLog;
import io.busbar.testkit.time.Await;
import io.busbar.uns.registry.value.Limits;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Topics that nobody has modelled, where a path says that they become nodes. */
class AutoCreationTest {
    private final Bench bench = new Bench();

    @BeforeEach
    void makePath() {
        path("Plant", TopicPolicy.AUTO_CREATE);
    }

    private void path(String path, TopicPolicy policy) {
        int slash = path.lastIndexOf('/');
        Node made =
                bench.registry.create(
                        NewNode.path(
                                slash < 0 ? "" : path.substring(0, slash),
                                path.substring(slash + 1)),
                        Bench.ANNA);
        bench.registry.update(
                made.id(),
                0,
                NodeChange.ofPolicy(said -> said.withTopicPolicy(policy)),
                Bench.ANNA);
    }

    private void publish(String topic, int messages) {
        for (int i = 0; i < messages; i++) {
            bench.publish(topic, "{\"temp\":" + i + ",\"on\":true}");
        }
    }

    private Node made(String path) {
        Await.until(() -> bench.registry.byPath(path).isPresent());
        return bench.registry.byPath(path).orElseThrow();
    }

    @Test
    void twentyMessages_makeANodeWithWhatTheyHave() {
        publish("Plant/Line/oven", 19);
        assertThat(bench.registry.unmodeled("", 10)).hasSize(1);

        publish("Plant/Line/oven", 1);

        Node node = made("Plant/Line/oven");
        assertThat(node.payload().model().fields())
                .extracting(Field::name, Field::type)
                .containsExactlyInAnyOrder(
                        tuple("temp", FieldType.DOUBLE), tuple("on", FieldType.BOOLEAN));
        assertThat(node.payload().topicType()).isEqualTo(TopicType.METRIC);
        assertThat(node.stamp().createdBy()).isEqualTo("Busbar");
        Await.until(() -> bench.registry.unmodeled("", 10).isEmpty());
        assertThat(bench.registry.value("Plant/Line/oven").orElseThrow().messages()).isEqualTo(20);
    }

    @Test
    void policyThatIsSaidLater_makesANodeWithTheNextMessage() {
        publish("Later/oven", 27);
        publish("Later/young", 5);

        path("Later", TopicPolicy.AUTO_CREATE);
        publish("Later/young", 1);
        publish("Later/oven", 1);

        assertThat(made("Later/oven").payload().model().fields()).hasSize(2);
        assertThat(bench.registry.byPath("Later/young")).isEmpty();
    }

    @Test
    void moreTopicsThanMayWait_haveToComeAgain() {
        CountDownLatch released = new CountDownLatch(1);
        try (AutoCreation creation =
                new AutoCreation(
                        topic -> TopicPolicy.AUTO_CREATE, topic -> await(released), () -> true)) {
            for (int i = 0; i < 1_000; i++) {
                assertThat(creation.ripe("t" + i)).isTrue();
            }

            assertThat(creation.ripe("late")).isFalse();

            released.countDown();
            Await.until(() -> creation.ripe("late"));
        }
    }

    private static void await(CountDownLatch released) {
        try {
            released.await();
        } catch (InterruptedException stopped) {
            throw new IllegalStateException("stopped", stopped);
        }
    }

    @Test
    void folderOfATopic_saysItsType() {
        publish("Plant/State/door", 20);

        assertThat(made("Plant/State/door").payload().topicType()).isEqualTo(TopicType.STATE);
    }

    @Test
    void levelsThatCannotBeNames_areLeftAlone_evenIfOthersAreLikeThem() {
        path("Plant/Safety", TopicPolicy.DENY);
        publish("Plant/Safety /stop", 20);
        publish("Plant/Saf\u200Bety/stop", 20);
        publish("Plant/last", 20);

        made("Plant/last");
        assertThat(bench.registry.byPath("Plant/Safety/stop")).isEmpty();
        assertThat(bench.registry.unmodeled("", 10)).hasSize(2);
    }

    @Test
    void pathThatIsThere_staysAPath() {
        path("Plant/Line", TopicPolicy.ALLOW);
        publish("Plant/Line", 20);
        publish("Plant/last", 20);

        made("Plant/last");
        assertThat(bench.registry.byPath("Plant/Line").orElseThrow().type())
                .isEqualTo(NodeType.PATH);
    }

    @Test
    void nodeThatSomebodyDeleted_doesNotComeBack() {
        publish("Plant/oven", 20);
        Node node = made("Plant/oven");
        bench.registry.delete(node.id(), 0, Bench.ANNA);

        publish("Plant/oven", 100);
        publish("Plant/last", 20);

        made("Plant/last");
        assertThat(bench.registry.byPath("Plant/oven")).isEmpty();
    }

    @Test
    void halfOfTheNodes_isForPeople() {
        bench.registry.deactivate();
        bench.registry =
                bench.open(new Limits(262_144, 600_000_000L, 1000, 1_000_000, 1_000_000), 8);
        for (int i = 0; i < 6; i++) {
            publish("Plant/t" + i, 20);
        }
        Await.until(() -> bench.registry.stats().topics() == 3);
        publish("Plant/t5", 100);

        path("People", TopicPolicy.ALLOW);
        assertThat(bench.registry.stats().topics()).isEqualTo(3);
    }

    @Test
    void fullNamespace_isToldOnce() {
        AtomicInteger asked = new AtomicInteger();
        try (CapturedLog log = new CapturedLog();
                AutoCreation creation =
                        new AutoCreation(
                                topic -> TopicPolicy.AUTO_CREATE,
                                topic -> {
                                    throw new AssertionError("there is no room");
                                },
                                () -> {
                                    asked.incrementAndGet();
                                    return false;
                                })) {
            for (int i = 0; i < 3; i++) {
                creation.ripe("t" + i);
            }

            Await.until(() -> asked.get() == 3);
            assertThat(log.take())
                    .filteredOn(line -> line.contains("half of max.nodes is there"))
                    .hasSize(1);
        }
    }

    @Test
    void creationOfTheServer_holdsWhereNoPathSaysOtherwise() {
        path("Closed", TopicPolicy.DENY);

        bench.restartedWith(TopicPolicy.AUTO_CREATE);
        publish("Closed/oven", 20);
        publish("Anywhere/oven", 20);

        assertThat(made("Anywhere/oven").stamp().createdBy()).isEqualTo("Busbar");
        assertThat(bench.registry.byPath("Closed/oven")).isEmpty();
    }

    @Test
    void elsewhere_andWherePoliciesBelowSayOtherwise_nothingIsMade() {
        path("Plant/Free", TopicPolicy.ALLOW);
        publish("Other/oven", 40);
        publish("Plant/Free/oven", 40);
        publish("Plant/last", 20);

        made("Plant/last");
        assertThat(bench.registry.byPath("Other")).isEmpty();
        assertThat(bench.registry.byPath("Plant/Free/oven")).isEmpty();
    }
}
