package io.busbar.mqtt.broker.retained;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;
import io.busbar.memory.ProcessMemory;
import io.busbar.mqtt.broker.limit.RetainedLimits;
import io.busbar.mqtt.broker.memory.BrokerMemory;
import io.busbar.storage.memory.MemoryStore;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeapRetainedTest {
    private final HeapRetained retained =
            new HeapRetained(
                    new MemoryStore().retained(),
                    Clock.systemUTC(),
                    new RetainedLimits(100, 1_000, 250, 1 << 20, 1 << 20),
                    new BrokerMemory(new ProcessMemory(1L << 30, 1L << 30, Clock.systemUTC())));

    private static Message message(String topic, int bytes) {
        return new Message(
                TopicName.of(topic),
                new byte[bytes],
                Qos.AT_MOST_ONCE,
                true,
                MessageProperties.NONE,
                Publisher.SERVER,
                0);
    }

    private List<String> matching(String filter) {
        List<String> topics = new ArrayList<>();
        RetainedWalk walk = retained.walk(List.of(TopicFilter.of(filter)), 1_000, false);
        for (Message message; (message = walk.next()) != null; ) {
            topics.add(message.topic().value());
        }
        return topics;
    }

    @Test
    void match_agreesWithTheFilter() {
        List<String> topics =
                List.of("a", "a/b", "a/b/c", "/a", "a/", "$SYS/x", "$SYS/x/y", "b//c", "/");
        topics.forEach(topic -> retained.put(message(topic, 1)));
        for (String filter :
                List.of(
                        "#", "+", "+/+", "a/#", "a/+", "$SYS/#", "$SYS/+", "/+", "b/+/c", "a",
                        "/#")) {
            List<String> expected = new ArrayList<>();
            for (String topic : topics) {
                if (TopicFilter.of(filter).matches(topic)) {
                    expected.add(topic);
                }
            }
            assertThat(matching(filter)).as(filter).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    @Test
    void bounds_refuseNewOnes_butLetOldOnesBeReplaced() {
        for (int i = 0; i < 100; i++) {
            assertThat(retained.put(message("t" + i, 10))).isTrue();
        }

        assertThat(retained.put(message("more", 0))).isFalse();
        assertThat(retained.put(message("t1", 11))).isFalse();
        assertThat(retained.put(message("t1", 5))).isTrue();
        assertThat(retained.bytes()).isEqualTo(995);
        retained.remove(TopicName.of("t2"));
        assertThat(retained.size()).isEqualTo(99);
        assertThat(retained.bytes()).isEqualTo(985);
    }

    @Test
    void deepTopics_needNoRecursion() {
        String deep = "/".repeat(30_000);
        retained.put(message(deep, 1));

        assertThat(matching("#")).containsExactly(deep);
        assertThat(retained.remove(TopicName.of(deep))).isTrue();
        assertThat(matching("#")).isEmpty();
    }

    @Test
    void remove_ofAParent_keepsItsChildren() {
        retained.put(message("a", 1));
        retained.put(message("a/b", 1));

        retained.remove(TopicName.of("a"));

        assertThat(matching("#")).containsExactly("a/b");
    }

    @Test
    void cursor_takesNoMoreStepsThanItMay_andGoesOnWhereItWas() {
        for (int i = 0; i < 50; i++) {
            retained.put(message("a/" + i, 1));
            retained.put(message("b/" + i + "/c", 1));
        }
        RetainedCursor cursor = retained.cursor(TopicFilter.of("+/+/c"));
        List<String> topics = new ArrayList<>();

        while (!cursor.isDone()) {
            Message message = cursor.next(0, 3);
            assertThat(cursor.taken()).isBetween(1, 3);
            if (message != null) {
                topics.add(message.topic().value());
            }
        }

        assertThat(topics).hasSize(50).doesNotHaveDuplicates().allMatch(t -> t.endsWith("/c"));
        assertThat(cursor.next(0, 3)).isNull();
    }

    @Test
    void cursor_survivesThatWhatItWalksIsRemoved() {
        for (int i = 0; i < 50; i++) {
            retained.put(message("a/" + i, 1));
        }
        RetainedCursor cursor = retained.cursor(TopicFilter.of("#"));
        assertThat(cursor.next(0, 100)).isNotNull();

        for (int i = 0; i < 50; i++) {
            retained.remove(TopicName.of("a/" + i));
        }

        assertThat(cursor.next(0, 1_000)).isNull();
        assertThat(cursor.isDone()).isTrue();
    }
}
