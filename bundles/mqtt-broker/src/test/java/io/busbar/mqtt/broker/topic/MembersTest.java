package io.busbar.mqtt.broker.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.mqtt.Qos;
import io.busbar.mqtt.broker.delivery.Match;
import io.busbar.mqtt.broker.delivery.Subscriber;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MembersTest {
    private final Members members = new Members();

    private static Match match(Subscriber subscriber) {
        return new Match(
                subscriber, Qos.AT_LEAST_ONCE, false, Match.NO_IDENTIFIERS, false, null, null);
    }

    private Map<Subscriber, Match> present() {
        Map<Subscriber, Match> all = new IdentityHashMap<>();
        for (Match[] chunk : members.chunks()) {
            for (Match each : chunk) {
                assertThat(all.put(each.subscriber(), each)).isNull();
            }
        }
        return all;
    }

    @Test
    void members_areThoseWhoCameAndDidNotGo_whateverTheOrder() {
        Random random = new Random(3);
        Map<Subscriber, Match> expected = new IdentityHashMap<>();
        List<Subscriber> all = new ArrayList<>();
        for (int i = 0; i < 3 * Members.CHUNK; i++) {
            all.add(new SubscriptionTreeTest.Probe());
        }
        for (int i = 0; i < 20_000; i++) {
            // Many come first, then many go: through every number of chunks, up and down.
            boolean comes = random.nextInt(10) < (i < 10_000 ? 7 : 3);
            Subscriber one = all.get(random.nextInt(all.size()));
            if (comes) {
                Match match = match(one);
                assertThat(members.put(match)).isEqualTo(expected.put(one, match) == null);
            } else {
                assertThat(members.remove(one) >= 0).isEqualTo(expected.remove(one) != null);
            }
            if (i % 100 == 0) {
                assertThat(present()).isEqualTo(expected);
            }
        }
        all.forEach(members::remove);
        assertThat(members.isEmpty()).isTrue();
    }

    @Test
    void oneMore_orOneLess_copiesTwoChunksAtMost_howeverManyThereAre() {
        List<Subscriber> all = new ArrayList<>();
        for (int i = 0; i < 8_000; i++) {
            Subscriber one = new SubscriptionTreeTest.Probe();
            all.add(one);
            members.put(match(one));
        }
        Match[][] before = members.chunks();
        members.put(match(new SubscriptionTreeTest.Probe()));
        Match[][] between = members.chunks();
        members.remove(all.get(5));

        assertThat(different(before, between)).isEqualTo(1);
        assertThat(different(between, members.chunks())).isEqualTo(2);
        assertThat(Arrays.stream(members.chunks()).mapToInt(chunk -> chunk.length).max())
                .hasValue(Members.CHUNK);
    }

    private static int different(Match[][] one, Match[][] other) {
        assertThat(one.length).isEqualTo(other.length);
        int count = 0;
        for (int i = 0; i < one.length; i++) {
            count += one[i] == other[i] ? 0 : 1;
        }
        return count;
    }
}
