package io.busbar.mqtt.broker.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.broker.spi.PublishVerdict;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.mqtt.broker.call.Callee;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TableTest {
    private static final String[] LEVELS = {"a", "b", "", "$SYS", "A"};

    private static Registration asking(String... filters) {
        return new Registration(
                (message, origin) -> PublishVerdict.PASS,
                new Standing(new Callee("interceptor", "test")),
                Arrays.stream(filters).map(TopicFilter::of).toList(),
                false,
                false,
                true,
                null);
    }

    @Test
    void askedFor_agreesWithTheFilter() {
        Random random = new Random(42);
        for (int round = 0; round < 300; round++) {
            List<Registration> inOrder = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                inOrder.add(asking(filter(random), filter(random)));
            }
            Table table = Table.of(inOrder);
            for (int i = 0; i < 50; i++) {
                String topic = topic(random);

                assertThat(table.askedFor(topic))
                        .as(topic)
                        .containsExactly(
                                inOrder.stream()
                                        .filter(
                                                one ->
                                                        one.filters().stream()
                                                                .anyMatch(f -> f.matches(topic)))
                                        .toArray(Registration[]::new));
            }
        }
    }

    private static String topic(Random random) {
        StringBuilder topic = new StringBuilder(LEVELS[random.nextInt(LEVELS.length)]);
        for (int i = random.nextInt(4); i > 0; i--) {
            topic.append('/').append(LEVELS[random.nextInt(LEVELS.length)]);
        }
        return topic.isEmpty() ? "/" : topic.toString();
    }

    private static String filter(Random random) {
        List<String> levels = new ArrayList<>();
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            levels.add(random.nextInt(3) == 0 ? "+" : LEVELS[random.nextInt(LEVELS.length)]);
        }
        if (random.nextInt(3) == 0) {
            levels.set(levels.size() - 1, "#");
        }
        String filter = String.join("/", levels);
        return filter.isEmpty() ? "/" : filter;
    }

    @Test
    void askedFor_aSharedFilter_isItsFilter() {
        Registration shared = asking("$share/group/a/#");

        assertThat(Table.of(List.of(shared)).askedFor("a/b")).containsExactly(shared);
    }

    @Test
    void nobody_isTheEmptyTable() {
        assertThat(Table.of(List.of())).isSameAs(Table.EMPTY);
        assertThat(Table.EMPTY.askedFor("a")).isEmpty();
    }
}
