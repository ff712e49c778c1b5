package io.busbar.mqtt.broker.retained;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.storage.TopicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilterWalkTest {
    /** Levels whose order is easy to get wrong: empty, prefixes, below '/', beyond ASCII. */
    private static final List<String> LEVELS =
            List.of("", "a", "aa", "ab", "b", "$", "$a", "\u0001", "ä", "漢", "\uD83D\uDE00", "%");

    private final TreeSet<TopicKey> keys = new TreeSet<>();
    private int steps;

    private List<String> matching(String filter) {
        FilterWalk walk = new FilterWalk(TopicFilter.of(filter));
        List<String> found = new ArrayList<>();
        steps = 0;
        TopicKey at = keys.isEmpty() ? null : keys.first();
        while (at != null) {
            steps++;
            TopicKey before = at;
            switch (walk.look(at.bytes())) {
                case MATCH -> {
                    found.add(at.topic().value());
                    at = keys.higher(at);
                }
                case NEXT -> at = keys.higher(at);
                case SEEK -> {
                    assertThat(walk.target()).isGreaterThan(before);
                    at = keys.ceiling(walk.target());
                }
                case END -> at = null;
            }
        }
        return found;
    }

    private void add(String topic) {
        keys.add(TopicKey.of(TopicName.of(topic)));
    }

    private static String random(Random random, List<String> levels, int most) {
        StringBuilder text = new StringBuilder();
        int count = 1 + random.nextInt(most);
        for (int i = 0; i < count; i++) {
            text.append(i == 0 ? "" : "/").append(levels.get(random.nextInt(levels.size())));
        }
        return text.toString();
    }

    @ParameterizedTest // [MQTT5-4.7.1-1] [MQTT5-4.7.1-2] [MQTT5-4.7.2-1] [MQTT5-4.7.3-4]
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void walk_findsExactlyWhatMatches_inTheOrderOfKeys(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 400; i++) {
            String topic = random(random, LEVELS, 5);
            if (!topic.isEmpty()) {
                add(topic);
            }
        }
        List<String> withPlus = new ArrayList<>(LEVELS);
        withPlus.addAll(List.of("+", "+", "+", "+", "+", "+"));
        for (int i = 0; i < 2_000; i++) {
            String filter = random(random, withPlus, 5);
            filter = random.nextInt(3) == 0 ? filter + "/#" : filter;
            filter = random.nextInt(50) == 0 ? "#" : filter;
            if (TopicFilter.problemOf(filter) != null) {
                continue;
            }
            TopicFilter model = TopicFilter.of(filter);
            List<String> expected =
                    keys.stream().map(key -> key.topic().value()).filter(model::matches).toList();
            assertThat(matching(filter)).as(filter).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "plant/line7/speed, 3",
        "plant/line7/#, 210",
        "plant/+/speed, 1100",
        "nothing/#, 3",
        "+/+/nothing, 1100",
        "+, 5",
        "$SYS/+, 30"
    })
    void walk_jumpsOverWhatCannotMatch(String filter, int most) {
        for (int line = 0; line < 300; line++) {
            for (int value = 0; value < 200; value++) {
                add("plant/line" + line + "/v" + value);
            }
            add("plant/line" + line + "/speed");
        }
        for (int i = 0; i < 20; i++) {
            add("$SYS/" + i);
        }

        matching(filter);

        assertThat(steps).isLessThanOrEqualTo(most);
    }

    @Test
    void deepTopics_needNoRecursion() {
        add("/".repeat(30_000));

        assertThat(matching("#")).hasSize(1);
        assertThat(matching("+/+")).isEmpty();
    }
}
