package io.busbar.uns.registry.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeIndexTest {
    /** A key whose hash has few values, so that entries get into each other's way. */
    private record Key(int number, int hashes) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && key.number == number;
        }

        @Override
        public int hashCode() {
            return number % hashes;
        }
    }

    private record Value(Key key, int version) {}

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 1000})
    void index_afterAnyChanges_isLikeAMap(int hashes) {
        NodeIndex<Key, Value> index = new NodeIndex<>(Value::key);
        Map<Key, Value> map = new HashMap<>();
        Random random = new Random(hashes);
        for (int i = 0; i < 20_000; i++) {
            Key key = new Key(random.nextInt(200), hashes);
            if (random.nextInt(3) > 0) {
                Value value = new Value(key, i);
                index.put(value);
                map.put(key, value);
            } else {
                index.remove(key);
                map.remove(key);
            }
            assertThat(index.size()).isEqualTo(map.size());
            Key other = new Key(random.nextInt(200), hashes);
            assertThat(index.get(other)).isSameAs(map.get(other));
        }
        for (int i = 0; i < 200; i++) {
            Key key = new Key(i, hashes);
            assertThat(index.get(key)).isSameAs(map.get(key));
        }
    }
}
