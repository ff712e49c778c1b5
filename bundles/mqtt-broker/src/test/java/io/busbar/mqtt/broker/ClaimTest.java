package io.busbar.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.audit.Actor;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.mqtt.codec.ConnAck;
import io.busbar.mqtt.codec.PubAck;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Connections that want one Client Identifier at the same moment, and what comes in between. */
class ClaimTest extends BrokerFixture {
    @Test
    void connects_moreAtOnceThanMayWait_areRefused_andTheIdentifierStaysUsable() {
        connected(linkOnOtherLoop(), connect("c", true, 100));
        List<FakeLink> links = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            links.add(link());
        }

        links.forEach(link -> link.sendWithinTurn(connect("c", false, 100)));
        settle();

        List<ReasonCode> answers = new ArrayList<>();
        links.forEach(link -> answers.add(link.next(ConnAck.class).reasonCode()));
        assertThat(answers)
                .containsOnly(ReasonCode.SUCCESS, ReasonCode.SERVER_BUSY)
                .filteredOn(ReasonCode.SUCCESS::equals)
                .hasSize(65);
        assertThat(broker.stats().connections().online()).isEqualTo(1);
        connected(connect("c", false, 100));
        assertThat(broker.stats().connections().online()).isEqualTo(1);
    }

    @Test
    void revoked_whileItComesBack_isNotLetIn() {
        connected(linkOnOtherLoop(), connect("c", true, 100)).lose();
        FakeLink back = link();

        back.sendWithinTurn(connect("c", false, 100));
        String principal = broker.clients().sessions().get(0).principalId();
        broker.clients()
                .disconnectAll(principal, ReasonCode.NOT_AUTHORIZED, "revoked", true, Actor.SERVER);
        settle();

        assertThat(back.next(ConnAck.class).reasonCode()).isEqualTo(ReasonCode.SERVER_BUSY);
        assertThat(back.closed).isTrue();
        assertThat(broker.stats().connections().online()).isZero();
        assertThat(broker.stats().sessions().total()).isZero();
    }

    @Test
    void expired_whileItComesBack_isGivenANewSessionOrTheOldOneThatLives() {
        connected(linkOnOtherLoop(), connect("c", true, 1)).lose();
        advance(900);
        FakeLink back = link();

        back.sendWithinTurn(connect("c", false, 100));
        advance(1_000);

        assertThat(back.next(ConnAck.class).reasonCode()).isEqualTo(ReasonCode.SUCCESS);
        assertThat(broker.clients().get("c")).isPresent();
        back.says(subscribe("t", Qos.AT_MOST_ONCE)).sent.clear();
        client("p").says(publish("t", "x", Qos.AT_LEAST_ONCE, 1)).next(PubAck.class);
        assertThat(back.texts()).containsExactly("x");
    }

    @Test
    void gone_beforeItsTurn_takesNothingOver() {
        FakeLink there = connected(linkOnOtherLoop(), connect("c", true, 100));
        FakeLink gone = link();

        gone.sendWithinTurn(connect("c", false, 100));
        gone.lose();

        assertThat(there.closed).isFalse();
        assertThat(broker.stats().connections().online()).isEqualTo(1);
    }
}
