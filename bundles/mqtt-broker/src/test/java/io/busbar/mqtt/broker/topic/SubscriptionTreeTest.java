package io.busbar.mqtt.broker.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;
import io.busbar.mqtt.broker.delivery.Match;
import io.busbar.mqtt.broker.delivery.Routed;
import io.busbar.mqtt.broker.delivery.Source;
import io.busbar.mqtt.broker.delivery.Subscriber;
import io.busbar.mqtt.broker.loop.Congestion;
import io.busbar.mqtt.broker.loop.Loop;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubscriptionTreeTest {
    private final SubscriptionTree tree = new SubscriptionTree(ShareStrategy.ROUND_ROBIN);

    static final class Probe implements Subscriber {
        @Override
        public Loop loop() {
            return null;
        }

        @Override
        public void deliver(Loop at, Routed message, Match match) {}

        @Override
        public Congestion congestion() {
            return null;
        }

        @Override
        public boolean isDurable() {
            return false;
        }

        @Override
        public int readiness() {
            return READY;
        }

        @Override
        public boolean isClient() {
            return true;
        }
    }

    private Subscriber add(String filter) {
        Subscriber probe = new Probe();
        tree.add(subscription(filter, probe));
        return probe;
    }

    private static Subscription subscription(String filter, Subscriber probe) {
        return new Subscription(
                TopicFilter.of(filter), probe, Qos.AT_LEAST_ONCE, false, false, 0, 0);
    }

    private int matches(String topic) {
        return tree.match(TopicName.of(topic)).size();
    }

    @ParameterizedTest // [MQTT5-4.7.1-1] [MQTT5-4.7.1-2] [MQTT5-4.7.2-1] [MQTT5-4.7.3-1]
    @CsvSource({
        "sport/tennis/player1/#, sport/tennis/player1, 1",
        "sport/tennis/player1/#, sport/tennis/player1/score/wimbledon, 1",
        "sport/tennis/+, sport/tennis/player1/ranking, 0",
        "sport/+, sport, 0",
        "sport/+, sport/, 1",
        "+/+, /finance, 1",
        "/+, /finance, 1",
        "+, /finance, 0",
        "#, $SYS/x, 0",
        "+/monitor/Clients, $SYS/monitor/Clients, 0",
        "$SYS/#, $SYS/x, 1",
        "$SYS/monitor/+, $SYS/monitor/Clients, 1",
        "ACCOUNTS, Accounts, 0",
        "$share/g/a/+, a/b, 1",
        "a//b, a//b, 1",
        "a/+/b, a//b, 1",
    })
    void match_followsTheSpecification(String filter, String topic, int expected) {
        add(filter);

        assertThat(matches(topic)).isEqualTo(expected);
    }

    @Test
    void match_agreesWithTheFilters_onRandomOnes() {
        Random random = new Random(7);
        String[] words = {"a", "b", "", "$x", "Aa", "BB"};
        java.util.List<String> filters = new java.util.ArrayList<>();
        for (int i = 0; i < 300; i++) {
            StringBuilder filter = new StringBuilder();
            int levels = 1 + random.nextInt(4);
            for (int l = 0; l < levels; l++) {
                filter.append(l == 0 ? "" : "/");
                int choice = random.nextInt(9);
                filter.append(
                        choice == 8 && l == levels - 1
                                ? "#"
                                : choice >= 6 ? "+" : words[choice % words.length]);
            }
            if (TopicFilter.problemOf(filter.toString()) == null) {
                filters.add(filter.toString());
            }
        }
        filters.forEach(this::add);
        for (int i = 0; i < 500; i++) {
            StringBuilder topic = new StringBuilder(words[random.nextInt(6)]);
            for (int l = random.nextInt(4); l > 0; l--) {
                topic.append('/').append(words[random.nextInt(6)]);
            }
            if (topic.length() > 0) {
                TopicName name = TopicName.of(topic.toString());
                long expected =
                        filters.stream().filter(f -> TopicFilter.of(f).matches(name)).count();
                assertThat(matches(topic.toString()))
                        .as(topic.toString())
                        .isEqualTo((int) expected);
            }
        }
    }

    @Test
    void deepTopics_needNoRecursion() {
        String deep = "/".repeat(32_000);
        Subscriber exact = add(deep);
        add("#");

        assertThat(matches(deep)).isEqualTo(2);
        assertThat(tree.remove(deep, exact)).isTrue();
        assertThat(matches(deep)).isEqualTo(1);
    }

    @Test
    void remove_forgetsEmptyLevels() {
        Subscriber probe = add("a/+/c/#");

        assertThat(tree.remove("a/+/c/#", probe)).isTrue();
        assertThat(tree.remove("a/+/c/#", probe)).isFalse();

        assertThat(tree.size()).isZero();
        assertThat(matches("a/b/c/d")).isZero();
    }

    @Test // [MQTT5-3.8.4-3]
    void add_again_replaces() {
        Subscriber probe = add("a");

        assertThat(tree.add(subscription("a", probe))).isFalse();

        assertThat(tree.size()).isEqualTo(1);
        assertThat(matches("a")).isEqualTo(1);
    }

    @Test
    void version_growsWithEveryChange() {
        long before = tree.version();
        Subscriber probe = add("a");
        long between = tree.version();
        tree.remove("a", probe);

        assertThat(between).isGreaterThan(before);
        assertThat(tree.version()).isGreaterThan(between);
    }

    @Test
    void match_takesTheSubscribersOfTheLargestFilterAsTheyAre() {
        for (int i = 0; i < 1_000; i++) {
            add("a");
        }
        Match[][] alone = tree.match(TopicName.of("a")).targets();
        add("#");

        Match[][] together = tree.match(TopicName.of("a")).targets();

        assertThat((Object[]) together).startsWith((Object[]) alone).hasSize(alone.length + 1);
        assertThat(together[0]).isSameAs(alone[0]);
    }

    @Test // [MQTT5-3.3.4-2] [MQTT5-3.3.4-3] [MQTT5-3.3.4-4]
    void match_ofOverlappingFilters_isOneForEachSubscriber() {
        for (int i = 0; i < 600; i++) {
            add("a");
        }
        Subscriber both = new Probe();
        tree.add(new Subscription(TopicFilter.of("a"), both, Qos.AT_MOST_ONCE, false, false, 0, 1));
        tree.add(new Subscription(TopicFilter.of("+"), both, Qos.EXACTLY_ONCE, true, true, 0, 2));

        Matches matches = tree.match(TopicName.of("a"));

        assertThat(matches.size()).isEqualTo(601);
        List<Match> its =
                Arrays.stream(matches.targets())
                        .flatMap(Arrays::stream)
                        .filter(match -> match.subscriber() == both)
                        .toList();
        assertThat(its).hasSize(1);
        assertThat(its.get(0).qos()).isEqualTo(Qos.EXACTLY_ONCE);
        assertThat(its.get(0).retainAsPublished()).isTrue();
        assertThat(its.get(0).identifiers()).containsExactly(1, 2);
        assertThat(its.get(0).noLocal()).isTrue();
    }

    /** Whichever filter was first, and whichever has most subscribers. */
    @ParameterizedTest // [MQTT5-3.3.4-4]
    @ValueSource(strings = {"a/b", "a/+", "#"})
    void match_ofOverlappingFilters_hasAscendingIdentifiers(String largest) {
        Subscriber all = new Probe();
        List<String> filters = List.of("a/b", "a/+", "#", "+/b");
        int[] identifiers = {268_435_455, 5, 300, 5};
        for (int i = 0; i < identifiers.length; i++) {
            TopicFilter filter = TopicFilter.of(filters.get(i));
            tree.add(
                    new Subscription(
                            filter, all, Qos.AT_MOST_ONCE, i == 1, false, 0, identifiers[i]));
        }
        add(largest);
        TopicName topic = TopicName.of("a/b");

        Match its =
                Arrays.stream(tree.match(topic).targets())
                        .flatMap(Arrays::stream)
                        .filter(match -> match.subscriber() == all)
                        .findFirst()
                        .orElseThrow();

        assertThat(its.identifiers()).containsExactly(5, 5, 300, 268_435_455);
        assertThat(its.from(sourceOf(all)).identifiers()).containsExactly(5, 300, 268_435_455);
    }

    private static Source sourceOf(Subscriber client) {
        return new Source() {
            @Override
            public Subscriber self() {
                return client;
            }

            @Override
            public void hold(Congestion congestion) {}

            @Override
            public void acknowledge(Routed message) {}
        };
    }
}
