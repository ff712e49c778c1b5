package io.busbar.uns.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.busbar.api.uns.BranchConversion;
import io.busbar.api.uns.ConversionReport;
import io.busbar.api.uns.Field;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.NewNode;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeType;
import io.busbar.api.uns.TopicType;
import io.busbar.uns.registry.value.Limits;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BranchConversionTest {
    private final Bench bench = new Bench();
    private UnsRegistry registry = bench.registry;

    private ConversionReport convert(String branch, String path, boolean dryRun) {
        return registry.convert(
                new BranchConversion(branch, path, TopicType.METRIC), dryRun, Bench.ANNA);
    }

    @Test
    void allTopicsOfABranch_becomeNodesInOneCommit_andKeepTheirValues() {
        bench.publish("gw/m1/tele", "{\"speed\":1.5,\"ts\":1795398000412}");
        bench.publish("gw/m2/tele", "{\"speed\":2.5,\"ts\":1795398000412}");
        bench.publish("gw/m2", "7");
        bench.publish("gw-other/m", "1");
        int commits = bench.documents.commits();

        ConversionReport report = convert("gw", "plant/line", false);

        assertThat(report.problems()).isZero();
        assertThat(report.topics())
                .extracting(
                        ConversionReport.Row::topic,
                        ConversionReport.Row::path,
                        ConversionReport.Row::fields)
                .containsExactly(
                        tuple("gw/m1/tele", "plant/line/m1/tele", 1),
                        tuple("gw/m2", "plant/line/m2", 1),
                        tuple("gw/m2/tele", "plant/line/m2/tele", 1));
        assertThat(report.nodes()).isEqualTo(6);
        assertThat(bench.documents.commits()).isEqualTo(commits + 1);
        Node tele = registry.byPath("plant/line/m1/tele").orElseThrow();
        assertThat(tele.topic()).isEqualTo("gw/m1/tele");
        assertThat(tele.payload().model().fields())
                .extracting(Field::name)
                .containsExactly("speed");
        assertThat(registry.value("gw/m1/tele").orElseThrow().nodeId()).isEqualTo(tele.id());
        assertThat(registry.value("gw/m1/tele").orElseThrow().messages()).isEqualTo(1);
        assertThat(registry.unmodeled("", 10)).hasSize(1);
    }

    @Test
    void dryRun_saysTheSame_andChangesNothing() {
        bench.publish("gw/a", "1");

        ConversionReport report = convert("gw", "gw", true);

        assertThat(report.nodes()).isEqualTo(2);
        assertThat(registry.byPath("gw")).isEmpty();
        assertThat(registry.unmodeled("", 10)).hasSize(1);
    }

    @Test
    void oneThatCannotBe_keepsAllFromBeing_andSaysWhy() {
        bench.publish("other", "1");
        registry.convert("other", "plant/b", TopicType.STATE, Model.ANY, Bench.ANNA);
        bench.publish("gw/a", "1");
        bench.publish("gw/b", "1");

        ConversionReport report = convert("gw", "plant", false);

        assertThat(report.problems()).isEqualTo(1);
        assertThat(report.nodes()).isZero();
        assertThat(report.topics().get(0).problem()).isNull();
        assertThat(report.topics().get(1).problem()).contains("plant/b");
        assertThat(registry.byPath("plant/a")).isEmpty();
    }

    @Test
    void pathInThePlaceOfATopic_becomesTheTopic_withAllThatIsBelowIt() {
        Node path = registry.create(NewNode.path("plant", "m1"), Bench.BEN);
        registry.create(NewNode.path("plant/m1", "spare"), Bench.BEN);
        bench.publish("gw/m1", "7");
        bench.publish("gw/m1/tele", "{\"speed\":1.5}");
        int commits = bench.documents.commits();

        assertThat(convert("gw", "plant", true).problems()).isZero();
        assertThat(registry.get(path.id()).orElseThrow().type()).isEqualTo(NodeType.PATH);
        ConversionReport report = convert("gw", "plant", false);

        assertThat(report.problems()).isZero();
        assertThat(report.nodes()).isEqualTo(2);
        assertThat(bench.documents.commits()).isEqualTo(commits + 1);
        Node topic = registry.get(path.id()).orElseThrow();
        assertThat(topic.type()).isEqualTo(NodeType.TOPIC);
        assertThat(topic.topic()).isEqualTo("gw/m1");
        assertThat(topic.revision()).isEqualTo(path.revision() + 1);
        assertThat(topic.stamp().createdBy()).isEqualTo("ben");
        assertThat(topic.stamp().updatedBy()).isEqualTo("anna");
        assertThat(registry.value("gw/m1").orElseThrow().nodeId()).isEqualTo(topic.id());
        assertThat(registry.children(topic.id())).extracting(Node::name).contains("spare", "tele");
        assertThat(bench.restarted().get(path.id())).contains(topic);
    }

    @Test
    void pathThatIsMadeForATopicBelow_becomesTheTopicThatComesLater() {
        // It comes before the level without the character, and both give the same name.
        bench.publish("gw/\u0001m/tele", "1");
        bench.publish("gw/m", "1");

        ConversionReport report = convert("gw", "plant", false);

        assertThat(report.problems()).isZero();
        assertThat(registry.byPath("plant/m").orElseThrow().topic()).isEqualTo("gw/m");
        assertThat(registry.byPath("plant/m/tele")).isPresent();
    }

    @Test
    void twoTopicsForOnePathThatIsThere_areToldAsAProblem() {
        registry.create(NewNode.path("plant", "a b"), Bench.BEN);
        bench.publish("gw/a b", "1");
        bench.publish("gw/a b ", "1");

        assertThat(convert("gw", "plant", false).problems()).isEqualTo(1);
        assertThat(registry.byPath("plant/a b").orElseThrow().type()).isEqualTo(NodeType.PATH);
    }

    @Test
    void whatSomebodyModelsMeanwhile_isLeftAsItIs_andTheOthersAreModelled() {
        EventfulClock clock = new EventfulClock(bench.clock);
        registry = bench.open(bench.memory, clock);
        bench.registry = registry;
        bench.publish("gw/a", "1");
        bench.publish("gw/b", "1");
        clock.next = () -> registry.convert("gw/a", "own", TopicType.STATE, Model.ANY, Bench.BEN);

        // The clock is looked at when models are proposed, after the topics were found.
        ConversionReport report = convert("gw", "plant", false);

        assertThat(report.problems()).isZero();
        assertThat(report.skipped()).isEqualTo(1);
        assertThat(report.topics().get(0).skipped()).contains("'own'");
        assertThat(registry.byTopic("gw/a").orElseThrow().path()).isEqualTo("own");
        assertThat(registry.byPath("plant/a")).isEmpty();
        assertThat(registry.byTopic("gw/b").orElseThrow().path()).isEqualTo("plant/b");
    }

    /** Something happens when it is looked at next. */
    private static final class EventfulClock extends Clock {
        private final Clock time;
        private @Nullable Runnable next;

        EventfulClock(Clock time) {
            this.time = time;
        }

        @Override
        public Instant instant() {
            Runnable event = next;
            next = null;
            if (event != null) {
                event.run();
            }
            return time.instant();
        }

        @Override
        public ZoneId getZone() {
            return time.getZone();
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void levelsThatCannotBeNames_becomeNamesLikeThem() {
        bench.publish("gw//$x/ lead\tin", "1");

        ConversionReport report = convert("gw", "plant", false);

        assertThat(report.topics().get(0).path()).isEqualTo("plant/_/_x/lead in");
        assertThat(registry.byTopic("gw//$x/ lead\tin")).isPresent();
        assertThat(BranchConverter.likeName("x".repeat(70))).hasSize(63);
        assertThat(BranchConverter.likeName("..")).isEqualTo("_");
    }

    @Test
    void twoTopicsThatGiveOnePath_areToldAsAProblem() {
        bench.publish("gw/a b", "1");
        bench.publish("gw/a b ", "1");

        assertThat(convert("gw", "plant", true).problems()).isEqualTo(1);
    }

    @Test
    void nothing_tooMuch_orNoPath_isRefused() {
        assertThatThrownBy(() -> convert("gw", "plant", true))
                .isInstanceOf(NoSuchElementException.class);
        bench.publish("gw/a", "1");
        assertThatThrownBy(() -> convert("gw", "plant//a", true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("path: ");
        registry = bench.open(new Limits(262_144, 600_000_000L, 20_000, 1 << 26, 1_000_000));
        bench.registry = registry;
        for (int i = 0; i <= BranchConversion.MAX_TOPICS; i++) {
            bench.publish("gw/" + i, "1");
        }
        assertThatThrownBy(() -> convert("gw", "plant", true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("10000");
    }
}
