package io.busbar.uns.registry.value;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.memory.MemoryArea;
import io.busbar.api.uns.UnmodeledBranch;
import io.busbar.api.uns.UnmodeledChanges;
import io.busbar.api.uns.UnmodeledLevel;
import io.busbar.memory.ProcessMemory;
import io.busbar.uns.registry.payload.Readers;
import io.busbar.uns.registry.payload.SourceTime;
import io.busbar.uns.registry.sample.SampleFeed;
import io.busbar.uns.registry.watch.CallWatch;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UnmodeledTopicsTest {
    private final CallWatch watch = new CallWatch(1000);
    private final ProcessMemory memory = new ProcessMemory(256 << 20, 256 << 20, Clock.systemUTC());
    private final SourceTime times = new SourceTime(List.of("ts"));
    private final SampleFeed samples = new SampleFeed(1_000_000, memory, watch);
    private final Shared shared =
            new Shared(
                    new Limits(262_144, 0, 100_000, 1 << 26, 1_000_000),
                    new Readers(times, watch),
                    times,
                    samples,
                    memory.open(MemoryArea.HEAP, "topics", 50, null),
                    memory.open(MemoryArea.HEAP, "values", 50, null),
                    new AtomicBoolean(),
                    new LongAdder());
    private final UnmodeledTopics topics = new UnmodeledTopics(1_000);

    @AfterEach
    void close() {
        samples.close();
        watch.close();
        shared.unmodeled().close();
        shared.values().close();
    }

    private void add(String... names) {
        for (String name : names) {
            topics.add(new TopicState(name, shared, 0));
        }
    }

    private List<String> levels(String under) {
        return topics.branch(under, null, 100).levels().stream()
                .map(each -> each.name() + " " + each.topics() + (each.isBranch() ? "/" : ""))
                .toList();
    }

    @Test
    void branches_areShownLevelByLevel_eachOnce() {
        add("a/b", "a-x", "a", "a/b/c", "a/b-x", "b", "/lead", "a/", "a//z", "ab/c");

        assertThat(levels("")).containsExactly(" 1/", "a 6/", "a-x 1", "ab 1/", "b 1");
        assertThat(levels("a/")).containsExactly(" 2/", "b 2/", "b-x 1");
        assertThat(levels("a/b/")).containsExactly("c 1");
        assertThat(levels("/")).containsExactly("lead 1");
        assertThat(levels("nothing/")).isEmpty();
        assertThat(topics.branch("a/", null, 1).levels())
                .extracting(each -> String.valueOf(each.topic()))
                .singleElement()
                .asString()
                .contains("topic=a/");
        assertThat(topics.branch("", null, 1).levels().get(0).topic()).isNull();
    }

    @Test
    void pages_followEachOther_whateverComesAndGoes() {
        for (int i = 0; i < 10; i++) {
            add("gw/t" + i);
        }
        UnmodeledBranch first = topics.branch("gw/", null, 4);
        add("gw/t0a");
        topics.remove(topics.startingWith("gw/t3", 1).get(0));

        assertThat(first.more()).isTrue();
        assertThat(names(topics.branch("gw/", "t3", 4))).containsExactly("t4", "t5", "t6", "t7");
        UnmodeledBranch last = topics.branch("gw/", "t7", 4);
        assertThat(names(last)).containsExactly("t8", "t9");
        assertThat(last.more()).isFalse();
    }

    @Test
    void changes_sinceARevision_areTheTopicsThatCameAndWent_eachOnce() {
        add("a/b", "c");
        long before = topics.changesSince(0).revision();
        add("a/d", "e");
        topics.remove(topics.startingWith("e", 1).get(0));

        UnmodeledChanges changes = topics.changesSince(before);

        assertThat(changes.complete()).isTrue();
        assertThat(changes.topics()).containsExactly("a/d", "e");
        assertThat(topics.changesSince(changes.revision()).topics()).isEmpty();
        assertThat(topics.changesSince(changes.revision()).complete()).isTrue();
        assertThat(topics.find("a/", "d").orElseThrow().topics()).isEqualTo(1);
        assertThat(topics.find("", "e")).isEmpty();
    }

    @Test
    void changes_ofLongAgo_orOfAnotherRun_areNotAll() {
        long before = topics.changesSince(0).revision();
        for (int i = 0; i < 1_001; i++) {
            add("t" + i);
        }

        assertThat(topics.changesSince(before).complete()).isFalse();
        assertThat(topics.changesSince(before + 1).complete()).isTrue();
        assertThat(topics.changesSince(before + 1_002).complete()).isFalse();
        assertThat(topics.changesSince(5).complete()).isFalse();
    }

    private static List<String> names(UnmodeledBranch branch) {
        return branch.levels().stream().map(UnmodeledLevel::name).toList();
    }

    @Test
    void branchOf100000Topics_isShownByLookingAtItOnly() {
        for (int gateway = 0; gateway < 100; gateway++) {
            for (int i = 0; i < 1000; i++) {
                add("gw-" + gateway + "/device-" + i);
            }
        }
        assertThat(topics.count()).isEqualTo(100_000);

        List<String> seen = new ArrayList<>();
        String after = null;
        for (UnmodeledBranch page; ; ) {
            page = topics.branch("gw-7/", after, 100);
            seen.addAll(names(page));
            if (!page.more()) {
                break;
            }
            after = seen.get(seen.size() - 1);
        }

        assertThat(seen).hasSize(1000).isSorted().doesNotHaveDuplicates();
        assertThat(topics.looked()).isEqualTo(1000);
    }
}
