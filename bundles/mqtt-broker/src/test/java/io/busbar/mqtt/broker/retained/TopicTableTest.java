package io.busbar.mqtt.broker.retained;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicTableTest {
    private final TopicTable table = new TopicTable();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void table_agreesWithAMap(long seed) {
        Random random = new Random(seed);
        Map<Long, Long> model = new HashMap<>();
        for (long change = 1; change <= 20_000; change++) {
            // Few hashes, many of them with the same home; and 0, which is a free place inside.
            long hash = (long) random.nextInt(40) << 58 | 2L * random.nextInt(40);
            if (random.nextInt(3) == 0) {
                int place = table.find(hash);
                assertThat(place != TopicTable.NONE).isEqualTo(model.remove(hash) != null);
                if (place != TopicTable.NONE) {
                    table.remove(place);
                }
            } else {
                table.put(hash, change, (int) change, 0, (int) -change);
                model.put(hash, change);
            }
        }
        assertThat(table.size()).isEqualTo(model.size());
        model.forEach(
                (hash, change) -> {
                    int place = table.find(hash);
                    assertThat(table.version(place)).isEqualTo(change);
                    assertThat(table.size(place)).isEqualTo(change.intValue());
                    assertThat(table.owner(place)).isEqualTo(-change.intValue());
                });
    }

    @Test
    void entries_takeNoMoreThanIsCounted() {
        Random random = new Random(1);
        for (int i = 0; i < 100_000; i++) {
            table.put(random.nextLong(), 1, 200, 0, 0);
        }

        assertThat(table.heapBytes() / table.size()).isLessThan(TopicTable.ENTRY_BYTES);
    }

    @Test
    void expired_areFoundAFewAtATime_andOnlyThen() {
        for (int second = 1; second <= 100; second++) {
            table.put(second, 1, 0, second, 0);
        }
        table.put(1_000, 1, 0, 0, 0);
        assertThat(table.mayHaveExpired(0)).isFalse();
        List<Long> found = new ArrayList<>();

        while (table.mayHaveExpired(50)) {
            for (long hash : table.expired(50, 7)) {
                found.add(hash);
                table.remove(table.find(hash));
            }
        }

        assertThat(found).hasSize(50).allMatch(hash -> hash <= 50);
        assertThat(table.size()).isEqualTo(51);
        assertThat(table.mayHaveExpired(51)).isTrue();
    }

    @Test
    void seconds_areCountedBeyond2038() {
        int later = (int) 0xF000_0000L;
        table.put(1, 1, 0, later, 0);

        assertThat(table.mayHaveExpired(Integer.MAX_VALUE)).isFalse();
        assertThat(table.expired(later, 1)).containsExactly(1);
    }
}
