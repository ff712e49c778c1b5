package io.busbar.uns.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.busbar.api.storage.ConflictException;
import io.busbar.api.storage.DocumentChange;
import io.busbar.api.storage.StorageException;
import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.NewNode;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeChange;
import io.busbar.api.uns.Reason;
import io.busbar.api.uns.RecycledNode;
import io.busbar.api.uns.RefusedException;
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.UnknownFields;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

/** Nodes that were deleted, and come back. */
class RecycleBinTest {
    private final Bench bench = new Bench();

    private Node topic(String parent, String name) {
        return bench.registry.create(
                NewNode.topic(parent, name, TopicType.METRIC, Model.ANY), Bench.ANNA);
    }

    private Node at(String path) {
        return bench.registry.byPath(path).orElseThrow();
    }

    private void delete(String path) {
        bench.registry.delete(at(path).id(), 0, Bench.BEN);
    }

    private List<RecycledNode> bin() {
        return bench.registry.recycleBin().list();
    }

    private Node restore(RecycledNode entry) {
        return bench.registry.recycleBin().restore(entry.id(), null, null, Bench.ANNA);
    }

    @Test
    void deleted_isInTheBin_withWhoAndUntilWhen() {
        topic("plant/line1", "temp");
        Node line = at("plant/line1");

        delete("plant/line1");

        assertThat(bin())
                .containsExactly(
                        new RecycledNode(
                                line.id(),
                                line.type(),
                                "plant/line1",
                                3,
                                1,
                                Bench.START,
                                "ben",
                                Bench.START.plus(Duration.ofDays(30))));
        assertThat(bench.registry.byPath("plant/line1")).isEmpty();
    }

    @Test
    void restored_isAsItWas_alsoAfterARestart() {
        Node temp =
                bench.registry.create(
                        NewNode.topic(
                                "plant/line1",
                                "temp",
                                TopicType.METRIC,
                                new Model(
                                        List.of(Field.of("celsius", FieldType.DOUBLE)),
                                        UnknownFields.ALLOW)),
                        Bench.ANNA);
        bench.registry.update(
                temp.id(),
                0,
                NodeChange.ofPayload(payload -> payload.withWireTopic("old/temp")),
                Bench.ANNA);
        Node before = at("plant/line1/Metric/temp");
        Node line = at("plant/line1");
        delete("plant/line1");
        bench.restarted();

        Node restored = restore(bin().get(0));

        assertThat(restored.id()).isEqualTo(line.id());
        assertThat(restored.path()).isEqualTo("plant/line1");
        Node after = at("plant/line1/Metric/temp");
        assertThat(after.identity()).isEqualTo(before.identity());
        assertThat(after.payload()).isEqualTo(before.payload());
        assertThat(after.labels()).isEqualTo(before.labels());
        assertThat(after.stamp().createdBy()).isEqualTo("anna");
        assertThat(bin()).isEmpty();
        bench.publish("old/temp", "{\"celsius\":7}");
        assertThat(bench.registry.value("plant/line1/Metric/temp").orElseThrow().messages())
                .isEqualTo(1);
        bench.restarted();
        assertThat(at("plant/line1/Metric/temp").identity()).isEqualTo(before.identity());
        assertThat(bin()).isEmpty();
    }

    @Test
    void restored_makesTheLevelsAboveItAgain() {
        topic("plant/line1", "temp");
        delete("plant/line1/Metric/temp");
        delete("plant");

        restore(bin().stream().filter(each -> each.nodes() == 1).findFirst().orElseThrow());

        assertThat(at("plant/line1/Metric/temp")).isNotNull();
        assertThat(bin()).extracting(RecycledNode::path).containsExactly("plant");
        assertThatThrownBy(() -> restore(bin().get(0)))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("'plant'");
        Node elsewhere =
                bench.registry
                        .recycleBin()
                        .restore(bin().get(0).id(), "old", "plant 1", Bench.ANNA);
        assertThat(elsewhere.path()).isEqualTo("old/plant 1");
        assertThat(at("old/plant 1/line1/Metric")).isNotNull();
    }

    @Test
    void restored_whereItsTopicBelongsToAnother_isRefused_andStaysInTheBin() {
        topic("a", "temp");
        delete("a");
        Node other = topic("b", "temp");
        bench.registry.update(
                other.id(),
                0,
                NodeChange.ofPayload(payload -> payload.withWireTopic("a/Metric/temp")),
                Bench.ANNA);

        assertThatThrownBy(() -> restore(bin().get(0)))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("b/Metric/temp");

        assertThat(bin()).hasSize(1);
        assertThat(bench.registry.byPath("a")).isEmpty();
    }

    @Test
    void restored_ifTheStoreFails_staysInTheBin() {
        topic("a", "temp");
        delete("a");
        bench.documents.failCommits(true);

        assertThatThrownBy(() -> restore(bin().get(0))).isInstanceOf(StorageException.class);
        bench.documents.failCommits(false);

        assertThat(bin()).hasSize(1);
        assertThat(bench.registry.byPath("a")).isEmpty();
        assertThat(restore(bin().get(0)).path()).isEqualTo("a");
    }

    @Test
    void deleted_ifTheStoreFails_isStillThere_andNotInTheBin() {
        topic("a", "temp");
        bench.documents.failCommits(true);

        assertThatThrownBy(() -> delete("a")).isInstanceOf(StorageException.class);
        bench.documents.failCommits(false);

        assertThat(at("a/Metric/temp")).isNotNull();
        assertThat(bin()).isEmpty();
    }

    @Test
    void deletedForGood_isNotInTheBin() {
        topic("a", "temp");

        bench.registry.deleteForGood(at("a").id(), 0, Bench.ANNA);

        assertThat(bin()).isEmpty();
        assertThat(bench.documents.scan("uns_recycled_nodes")).isEmpty();
    }

    @Test
    void manyFields_areRestoredToo() {
        List<Field> fields = new ArrayList<>();
        for (int i = 0; i < 256; i++) {
            fields.add(Field.of("field" + i, FieldType.DOUBLE));
        }
        Model large = new Model(fields, UnknownFields.DENY);
        for (int i = 0; i < 200; i++) {
            bench.registry.create(NewNode.topic("p", "t" + i, TopicType.METRIC, large), Bench.ANNA);
        }
        delete("p");

        restore(bin().get(0));

        assertThat(at("p/Metric/t199").payload().model()).isEqualTo(large);
    }

    @Test
    void bin_holdsSoManyNodes_andLetsGoOfTheOldest() {
        for (int i = 0; i < 4; i++) {
            for (int j = 0; j < 298; j++) {
                topic("p" + i, "t" + j);
            }
            delete("p" + i);
            bench.clock.advance(Duration.ofSeconds(1));
        }

        assertThat(bin()).extracting(RecycledNode::path).containsExactly("p3", "p2", "p1");
        assertThat(bench.documents.scan("uns_recycled")).hasSize(3);
        assertThat(bench.documents.scan("uns_recycled_nodes")).hasSize(6);
        Node back = restore(bin().get(2));
        assertThat(bench.registry.topicsBelow(back.id())).isEqualTo(298);
    }

    @Test
    void branch_largerThanTheBin_isOnlyDeletedForGood() {
        for (int j = 0; j < 999; j++) {
            topic("p", "t" + j);
        }

        assertThatThrownBy(() -> delete("p"))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused ->
                                assertThat(refused.reason().code())
                                        .isEqualTo(Reason.Code.BIN_TOO_SMALL));

        assertThat(bench.registry.topicsBelow(at("p").id())).isEqualTo(999);
        bench.registry.deleteForGood(at("p").id(), 0, Bench.ANNA);
        assertThat(bench.registry.byPath("p")).isEmpty();
    }

    @Test
    void entries_leaveAfterTheirDays() {
        topic("a", "temp");
        delete("a");
        bench.clock.advance(Duration.ofDays(30).minusSeconds(1));
        bench.registry.expire();
        assertThat(bin()).hasSize(1);

        bench.clock.advance(Duration.ofSeconds(1));
        bench.registry.expire();

        assertThat(bin()).isEmpty();
        assertThat(bench.documents.scan("uns_recycled")).isEmpty();
        assertThat(bench.documents.scan("uns_recycled_nodes")).isEmpty();
    }

    @Test
    void entries_thatPeopleTakeOut_areGone() {
        topic("a", "temp");
        topic("b", "temp");
        topic("c", "temp");
        delete("a");
        delete("b");
        delete("c");
        RecycledNode b =
                bin().stream().filter(each -> each.path().equals("b")).findFirst().orElseThrow();

        bench.registry.recycleBin().remove(b.id(), Bench.ANNA);
        assertThat(bin()).extracting(RecycledNode::path).containsExactlyInAnyOrder("a", "c");
        assertThatThrownBy(() -> restore(b)).isInstanceOf(NoSuchElementException.class);
        assertThat(bench.registry.recycleBin().clear(Bench.ANNA)).isEqualTo(6);

        assertThat(bin()).isEmpty();
        assertThat(bench.documents.scan("uns_recycled_nodes")).isEmpty();
    }

    @Test
    void restored_isNotMadeAgainByTheBootstrapFile_butStays() {
        String document = "{\"namespace\":[{\"name\":\"a\",\"type\":\"PATH\"}]}";
        Bench.ensure(bench.registry, document, false);
        delete("a");
        Bench.ensure(bench.registry, document, false);
        assertThat(bench.registry.byPath("a")).isEmpty();

        restore(bin().get(0));

        Bench.ensure(bench.registry, document, false);
        assertThat(bench.registry.byPath("a")).isPresent();
    }

    @Test
    void entry_thatCannotBeRead_isNotShown_andKept() {
        topic("a", "temp");
        delete("a");
        String key = bin().get(0).id().toString();
        bench.documents.commit(List.of(DocumentChange.put("uns_recycled", key, "{\"path\":7}")));

        bench.restarted();

        assertThat(bin()).isEmpty();
        assertThat(bench.documents.get("uns_recycled", key)).isPresent();
    }
}
