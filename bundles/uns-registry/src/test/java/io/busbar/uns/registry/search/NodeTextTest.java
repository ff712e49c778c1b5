package io.busbar.uns.registry.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.audit.Actor;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeIdentity;
import io.busbar.api.uns.NodeLabels;
import io.busbar.api.uns.NodePayload;
import io.busbar.api.uns.NodePolicy;
import io.busbar.api.uns.NodeStamp;
import io.busbar.api.uns.NodeType;
import io.busbar.api.uns.SearchHit.Matched;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class NodeTextTest {
    /** JSON may bring any character into a text. */
    @Test
    void charactersThatStandBetweenTheParts_areNoneOfThem() {
        UUID id = UUID.randomUUID();
        Node node =
                new Node(
                        new NodeIdentity(id, null, NodeType.PATH, "line", "line", "line"),
                        new NodeLabels(
                                "a\u0000b",
                                "x\u0000\u0001motor",
                                List.of("l\u0001"),
                                Map.of(),
                                null),
                        NodePayload.NONE,
                        NodePolicy.INHERITED,
                        NodeStamp.created(Instant.EPOCH, Actor.SERVER));

        String text = NodeText.of(node);

        assertThat(section(text, "ab", false)).isEqualTo(Matched.DISPLAY_NAME);
        assertThat(section(text, "motor", false)).isEqualTo(Matched.DESCRIPTION);
    }

    @Test
    void fields_countAfterLabels_andBeforeWhatFollows() {
        Node node = node("speed", List.of("speeds"), "speed of the motor");
        Node labelled = node("fan", List.of("speeds"), "of the motor");

        String text = NodeText.of(node);
        assertThat(section(text, "speed", true)).isEqualTo(Matched.NAME);
        assertThat(section(text, "motor", true)).isEqualTo(Matched.FIELD);
        assertThat(section(text, "motor", false)).isEqualTo(Matched.DESCRIPTION);
        assertThat(section(text, "rpm", true)).isEqualTo(Matched.FIELD);
        assertThat(section(text, "rpm", false)).isEqualTo(Matched.PATH);
        assertThat(section(NodeText.of(labelled), "speed", true)).isEqualTo(Matched.LABEL);
    }

    private static Matched section(String text, String word, boolean inFields) {
        return NodeText.section(text, text.indexOf(word), inFields);
    }

    private static Node node(String name, List<String> labels, String description) {
        return new Node(
                new NodeIdentity(UUID.randomUUID(), null, NodeType.PATH, name, name, name),
                new NodeLabels(null, description, labels, Map.of(), null),
                NodePayload.NONE,
                NodePolicy.INHERITED,
                NodeStamp.created(Instant.EPOCH, Actor.SERVER));
    }
}
