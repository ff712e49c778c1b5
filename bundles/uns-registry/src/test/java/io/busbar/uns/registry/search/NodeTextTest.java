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

        assertThat(NodeText.section(text, text.indexOf("ab"))).isEqualTo(Matched.DISPLAY_NAME);
        assertThat(NodeText.section(text, text.indexOf("motor"))).isEqualTo(Matched.DESCRIPTION);
    }
}
