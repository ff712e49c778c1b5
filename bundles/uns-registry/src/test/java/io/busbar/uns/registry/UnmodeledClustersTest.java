package io.busbar.uns.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.uns.Model;
import io.busbar.api.uns.PayloadFormat;
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.UnmodeledCluster;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Topics that nobody modelled, by what they look like. */
class UnmodeledClustersTest {
    private final Bench bench = new Bench();
    private final UnsRegistry registry = bench.registry;

    @Test
    void topicsWithTheSameFields_areOneCluster_whateverTheirOrderAndValues() {
        bench.publish("gw-1/a/tele", "{\"speed\":1,\"run\":true}");
        bench.publish("gw-1/b/tele", "{\"run\":false,\"speed\":2.5}");
        bench.publish("gw-2/c/tele", "{\"speed\":\"n/a\",\"run\":1}");
        bench.publish("gw-2/d/tele", "{\"speed\":1}");

        List<UnmodeledCluster> clusters = registry.unmodeledClusters(10);

        assertThat(clusters).hasSize(2);
        UnmodeledCluster largest = clusters.get(0);
        assertThat(largest.format()).isEqualTo(PayloadFormat.JSON);
        assertThat(largest.fields()).containsExactly("run", "speed");
        assertThat(largest.topics()).isEqualTo(3);
        assertThat(largest.publishers()).containsExactly("Line 1 gateway");
        assertThat(largest.branches())
                .containsExactly(
                        new UnmodeledCluster.Branch("gw-1", 2),
                        new UnmodeledCluster.Branch("gw-2", 1));
        assertThat(largest.examples()).containsExactly("gw-1/a/tele", "gw-1/b/tele", "gw-2/c/tele");
        assertThat(registry.unmodeledClusters(1)).containsExactly(largest);
    }

    @Test
    void bareValuesTextAndBytes_areClustersOfTheirOwn() {
        bench.publish("a", "402.5");
        bench.publish("b", "17");
        bench.publish("c", "pump off");
        bench.publish("d", new byte[] {0, (byte) 0xFF});

        assertThat(registry.unmodeledClusters(10))
                .extracting(UnmodeledCluster::format)
                .containsExactly(PayloadFormat.SCALAR, PayloadFormat.TEXT, PayloadFormat.BINARY);
        assertThat(registry.unmodeledClusters(10)).allMatch(each -> each.fields().size() <= 1);
    }

    @Test
    void topicsThatAreModelled_areInNone() {
        bench.publish("plant/a", "{\"speed\":1}");
        registry.convert("plant/a", "plant/a", TopicType.STATE, Model.ANY, Bench.ANNA);

        assertThat(registry.unmodeledClusters(10)).isEmpty();
    }

    @Test
    void manyFields_areCounted() {
        StringBuilder json = new StringBuilder("{\"f100\":1");
        for (int i = 101; i < 125; i++) {
            json.append(",\"f").append(i).append("\":1");
        }
        bench.publish("a", json.append("}").toString());

        UnmodeledCluster only = registry.unmodeledClusters(10).get(0);

        assertThat(only.fields()).hasSize(UnmodeledCluster.MOST_FIELDS).startsWith("f100", "f101");
        assertThat(only.moreFields()).isEqualTo(5);
    }
}
