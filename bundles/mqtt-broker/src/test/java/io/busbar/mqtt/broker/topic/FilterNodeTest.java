package io.busbar.mqtt.broker.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The children of a node, however many they are, and whichever go. */
class FilterNodeTest {
    private final FilterNode node = new FilterNode("", 0, 0);

    private static FilterNode named(String name) {
        return new FilterNode("a/" + name + "/b", 2, 2 + name.length());
    }

    private FilterNode find(String name) {
        return node.child("topic/" + name + "/x", 6, 6 + name.length());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8, 1_000})
    void children_areFoundByName_asLongAsTheyAreThere(int names) {
        Random random = new Random(names);
        Map<String, FilterNode> model = new HashMap<>();
        for (int i = 0; i < 20 * names; i++) {
            String name = Integer.toString(random.nextInt(names), 36);
            FilterNode known = model.remove(name);
            if (known == null) {
                FilterNode child = named(name);
                model.put(name, child);
                node.add(child);
            } else {
                node.remove(known);
            }
            assertThat(find(name)).isSameAs(model.get(name));
        }

        for (int i = 0; i < names; i++) {
            String name = Integer.toString(i, 36);
            assertThat(find(name)).isSameAs(model.get(name));
        }
        model.values().forEach(node::remove);
        assertThat(node.isEmpty()).isTrue();
    }

    @Test
    void name_ofALongFilter_isATextOfItsOwn() {
        String filter = "x/" + "long".repeat(1_000) + "/y";
        node.add(new FilterNode(filter, 0, 1));
        node.add(new FilterNode(filter, filter.length() - 1, filter.length()));

        assertThat(find("x")).isNotNull();
        assertThat(find("y")).isNotNull();
        assertThat(find("z")).isNull();
    }
}
