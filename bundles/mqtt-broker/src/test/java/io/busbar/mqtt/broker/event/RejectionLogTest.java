package io.busbar.mqtt.broker.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.audit.Actor;
import io.busbar.api.broker.Rejection;
import io.busbar.api.broker.Who;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RejectionLogTest {
    private final List<Rejection> told = new ArrayList<>();
    private final RejectionLog log = new RejectionLog(Clock.systemUTC(), told::add);

    private Rejection add(String clientId, String address) {
        return log.add(
                Rejection.Kind.CONNECT,
                Rejection.Cause.WRONG_PASSWORD,
                Who.at(address, "tcp").named(clientId, "u"),
                Rejection.What.of(""));
    }

    @Test
    void likeOnes_areCountedTogether_andMoveToTheFront() {
        add("a", "10.0.0.1:1000");
        add("b", "10.0.0.1:1001");
        add("a", "10.0.0.1:1002");

        assertThat(log.list())
                .extracting(rejection -> rejection.who().clientId())
                .containsExactly("a", "b");
        assertThat(log.list().get(0).times().count()).isEqualTo(2);
        assertThat(log.list().get(0).who().address()).isEqualTo("10.0.0.1:1002");
        assertThat(log.total()).isEqualTo(3);
        assertThat(told).extracting(each -> each.times().count()).containsExactly(1L, 1L, 2L);
    }

    @Test
    void list_isBounded() {
        for (int i = 0; i < 1_500; i++) {
            add("c" + i, "10.0.0.1:1");
        }

        assertThat(log.list()).hasSize(1_000);
        assertThat(log.list().get(0).who().clientId()).isEqualTo("c1499");
        assertThat(log.total()).isEqualTo(1_500);
    }

    private Rejection refusedPublish(String principalId, String clientId, String topic) {
        return log.add(
                Rejection.Kind.PUBLISH,
                Rejection.Cause.RETAINED_FULL,
                Who.at("10.0.0.9:1", "tcp").named(clientId, "u").identified(principalId),
                Rejection.What.about(topic, ""));
    }

    private List<String> clientIds() {
        return log.list().stream().map(each -> each.who().clientId()).toList();
    }

    @Test
    void manyTopicsOfOneClient_areOneEntry_withACountAndTheLatestTopic() {
        Rejection first = refusedPublish("cred:1", "flood", "t/0");
        for (int i = 1; i < 930; i++) {
            refusedPublish("cred:1", "flood", "t/" + i);
        }

        assertThat(log.list()).hasSize(1);
        Rejection entry = log.list().get(0);
        assertThat(entry.id()).isEqualTo(first.id());
        assertThat(entry.times().count()).isEqualTo(930);
        assertThat(entry.times().first()).isEqualTo(first.times().first());
        assertThat(entry.times().last()).isAfterOrEqualTo(entry.times().first());
        assertThat(entry.what().topic()).isEqualTo("t/929");
    }

    @Test
    void oneIdentityWithManyClientIds_pushesOutItsOwnEntriesOnly() {
        refusedPublish("cred:sensor", "sensor", "a");
        add("stranger", "10.0.0.1:1");
        for (int i = 0; i < 3_000; i++) {
            refusedPublish("cred:gateway", "gateway-" + i, "t");
        }
        refusedPublish("cred:late", "late", "a");

        assertThat(clientIds())
                .contains("sensor", "stranger", "late", "gateway-2999")
                .hasSize(1_000);
        assertThat(clientIds()).doesNotContain("gateway-0");
    }

    @Test
    void oneAddressWithManyNames_pushesOutItsOwnEntriesOnly() {
        add("sensor", "10.0.0.1:1");
        for (int i = 0; i < 3_000; i++) {
            log.add(
                    Rejection.Kind.CONNECT,
                    Rejection.Cause.WRONG_PASSWORD,
                    Who.at("10.0.0.66:1", "tcp").named("c" + i, "u" + i).identified("cred:" + i),
                    Rejection.What.of(""));
        }

        assertThat(clientIds()).contains("sensor", "c2999").hasSize(1_000);
    }

    @Test
    void oneIpv6Network_isOneAddress() {
        add("sensor", "[2001:db8:0:1:0:0:0:1]:1");
        for (int i = 0; i < 3_000; i++) {
            add("c" + i, "[2001:db8:0:2:0:0:0:" + Integer.toHexString(i) + "]:1");
        }

        assertThat(clientIds()).contains("sensor", "c2999").hasSize(1_000);
    }

    @Test
    void manyAddressesWithOneEntryEach_loseTheOldest() {
        for (int i = 0; i < 1_001; i++) {
            add("c" + i, "10.0." + i / 250 + "." + i % 250 + ":1");
            add("c0", "10.0.0.0:1");
        }

        assertThat(clientIds()).contains("c0", "c1000").doesNotContain("c1").hasSize(1_000);
    }

    @Test
    void dismiss_forgetsOne() {
        long id = add("a", "10.0.0.1:1").id();

        assertThat(log.dismiss(id, Actor.SERVER)).isTrue();
        assertThat(log.dismiss(id, Actor.SERVER)).isFalse();
        assertThat(log.list()).isEmpty();
    }

    @Test
    void clientIdsWithTheSameHash_areToldApart() {
        for (int i = 0; i < 20_000; i++) {
            StringBuilder clientId = new StringBuilder();
            for (int bit = 0; bit < 12; bit++) {
                clientId.append((i >> bit & 1) == 0 ? "Aa" : "BB");
            }
            add(clientId.toString(), "10.0.0.1:1");
        }

        assertThat(log.list()).hasSize(1_000);
        assertThat(log.total()).isEqualTo(20_000);
        assertThat(log.list())
                .extracting(rejection -> rejection.who().clientId())
                .doesNotHaveDuplicates();
        assertThat(add("AaBBAaBBAaBBAaBBAaBBAaBB", "10.0.0.1:1").times().count())
                .isEqualTo(add("AaBBAaBBAaBBAaBBAaBBAaBB", "10.0.0.1:2").times().count() - 1);
    }
}
