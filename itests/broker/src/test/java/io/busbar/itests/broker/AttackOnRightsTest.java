package io.busbar.itests.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.audit.Actor;
import io.busbar.api.auth.spi.Authorizer;
import io.busbar.api.auth.spi.Permissions.SubscribeDecision;
import io.busbar.api.broker.Rejection;
import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.mqtt.codec.ConnAck;
import io.busbar.mqtt.codec.PubAck;
import io.busbar.mqtt.codec.Publish;
import io.busbar.mqtt.codec.SubAck;
import io.busbar.testkit.access.ScriptedAccess;
import io.busbar.testkit.client.Packets;
import io.busbar.testkit.client.RawClient;
import io.busbar.testkit.time.Await;
import java.net.Socket;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ways around a rule: forms of filters, rights taken away in between, rules that fail. */
class AttackOnRightsTest extends UnderAttack {
    AttackOnRightsTest() {
        super(Map.of());
    }

    /** Nobody may receive what is below "secret"; wider filters are granted and filtered. */
    private void secretIsDenied() {
        ScriptedAccess access = broker.running().access();
        access.receiving(topic -> !topic.startsWith("secret"));
        access.subscribing(
                filter ->
                        filter.filter().startsWith("secret")
                                ? SubscribeDecision.DENIED
                                : filter.hasWildcard()
                                        ? SubscribeDecision.FILTERED
                                        : SubscribeDecision.GRANTED);
    }

    private void rightsChanged() {
        broker.running().broker().clients().update(ScriptedAccess.principal("", 0), Actor.SERVER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "secret/a",
                "secret/+",
                "secret/#",
                "$share/g/secret/a",
                "$share/g/secret/#",
                "$share/secret/secret/a",
                "$share/$share/secret/a"
            })
    void deniedFilter_isRefused_andNotSubscribed(String filter) {
        secretIsDenied();
        for (ProtocolVersion version :
                new ProtocolVersion[] {ProtocolVersion.MQTT_3_1_1, ProtocolVersion.MQTT_5_0}) {
            RawClient client =
                    connected(
                            version.isMqtt5()
                                    ? connect("attacker")
                                    : connect311("attacker311", true));

            client.send(subscribe(filter, Qos.AT_LEAST_ONCE));

            assertThat(client.expect(SubAck.class).reasonCodes()).allMatch(ReasonCode::isError);
            connected("p")
                    .send(publish("secret/a", "x", Qos.AT_LEAST_ONCE, 1))
                    .expect(PubAck.class);
            assertNothingComes(client);
        }
        assertThat(stats().subscriptions().total()).isZero();
        assertThat(refusals(Rejection.Cause.SUBSCRIBE_DENIED)).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "#",
                "+/a",
                "+/+",
                "$share/g/#",
                "$share/g/+/a",
                "$share/g//secret/a",
                "$share/g/$share/g/secret/a",
                "$SHARE/g/secret/a",
                "$queue/secret/a",
                "$share2/g/secret/a",
                "/secret/a"
            })
    void filterThatOnlyLooksLikeIt_orIsWider_bringsNothingThatIsDenied(String filter) {
        secretIsDenied();
        connected("p").send(retain("secret/a", "kept", Qos.AT_LEAST_ONCE, 1)).expect(PubAck.class);
        RawClient client = subscribed("attacker", filter, Qos.AT_LEAST_ONCE);

        connected("p").send(publish("secret/a", "x", Qos.AT_LEAST_ONCE, 1)).expect(PubAck.class);

        assertNothingComes(client);
    }

    @Test
    void memberThatMayNotReceive_takesNothingAwayFromTheOthersOfItsShare() {
        RawClient member = subscribed("member", "$share/g/#", Qos.AT_LEAST_ONCE);
        secretIsDenied();
        RawClient thief = subscribed("attacker", "$share/g/#", Qos.AT_LEAST_ONCE);

        for (int i = 0; i < 100; i++) {
            connected("p" + i)
                    .send(publish("secret/a", "" + i, Qos.AT_LEAST_ONCE, 1))
                    .expect(PubAck.class);
            assertThat(text(member.expect(Publish.class))).isEqualTo("" + i);
        }

        assertNothingComes(thief);
    }

    @Test
    void rightTakenAway_whileSubscribed_endsDelivery() {
        RawClient client = subscribed("attacker", "secret/a", Qos.AT_LEAST_ONCE);
        connected("p").send(publish("secret/a", "1", Qos.AT_LEAST_ONCE, 1)).expect(PubAck.class);
        client.expect(Publish.class);

        secretIsDenied();
        rightsChanged();
        assertNothingComes(client);
        connected("p").send(publish("secret/a", "2", Qos.AT_LEAST_ONCE, 1)).expect(PubAck.class);

        assertNothingComes(client);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void rightTakenAway_whileMessagesWait_dropsThem(boolean online) {
        RawClient client = connected(connect("attacker", false, 100, 1, null));
        client.send(subscribe("secret/a", Qos.AT_LEAST_ONCE)).expect(SubAck.class);
        if (!online) {
            client.close();
            Await.until(() -> stats().sessions().offline() == 1);
        }
        RawClient publisher = connected("p");
        for (int i = 0; i < 10; i++) {
            publisher.send(publish("secret/a", "x", Qos.AT_LEAST_ONCE, 1)).expect(PubAck.class);
        }

        secretIsDenied();
        rightsChanged();

        if (online) {
            Publish first = client.expect(Publish.class);
            assertNothingComes(client);
            client.send(new PubAck(first.packetId(), ReasonCode.SUCCESS));
        } else {
            client = connected(connect("attacker", false, 100, 1, null));
        }
        assertNothingComes(client);
        assertThat(stats().messages().queued()).isZero();
    }

    @Test
    void rightTakenAway_whileRetainedMessagesWait_dropsThem() {
        RawClient publisher = connected("p");
        for (int i = 0; i < 200; i++) {
            publisher.send(retain("secret/" + i, "x", Qos.AT_LEAST_ONCE, 1)).expect(PubAck.class);
        }
        RawClient client = connected(connect("attacker", true, 0, 1, null));
        client.send(subscribe("secret/#", Qos.AT_LEAST_ONCE)).expect(SubAck.class);
        Publish first = client.expect(Publish.class);

        secretIsDenied();
        rightsChanged();
        assertNothingComes(client);
        client.send(new PubAck(first.packetId(), ReasonCode.SUCCESS));

        assertNothingComes(client);
        Await.until(() -> stats().messages().queued() == 0);
    }

    @Test
    void rightTakenAway_afterPublishing_isNotRemembered() {
        RawClient client = connected("attacker");
        RawClient watcher = subscribed("watcher", "a", Qos.AT_MOST_ONCE);
        client.send(publish("a", "1", Qos.AT_LEAST_ONCE, 1)).expect(PubAck.class);
        watcher.expect(Publish.class);

        broker.running().access().publishing(topic -> false);
        rightsChanged();
        assertNothingComes(client);
        client.send(publish("a", "2", Qos.AT_LEAST_ONCE, 1));

        assertThat(client.expect(PubAck.class).reasonCode()).isEqualTo(ReasonCode.NOT_AUTHORIZED);
        assertNothingComes(watcher);
        assertThat(refusals(Rejection.Cause.PUBLISH_DENIED)).isEqualTo(1);
        assertThat(stats().losses().denied()).isEqualTo(1);
    }

    @Test
    void rightTakenAway_whileAWillWaits_dropsIt() throws Exception {
        RawClient watcher = subscribed("watcher", "a", Qos.AT_MOST_ONCE);
        Socket dies =
                open(
                        Packets.bytes(
                                ProtocolVersion.MQTT_5_0,
                                connect(
                                        "attacker",
                                        true,
                                        100,
                                        AttackByWillTest.will("a", bytes("gone"), 1, true))));
        dies.getInputStream().readNBytes(4);
        dies.close();
        Await.until(() -> stats().sessions().offline() == 1);

        broker.running().access().publishing(topic -> !topic.equals("a"));
        rightsChanged();

        Await.until(() -> refusals(Rejection.Cause.WILL_DENIED) == 1);
        assertNothingComes(watcher);
        assertThat(stats().messages().retained()).isZero();
    }

    @Test
    void authorizerThatThrows_leavesNoRights_andWithoutItAllIsWellAgain() {
        Authorizer failing =
                (principal, clientId) -> {
                    throw new StackOverflowError("authorizer");
                };
        broker.running()
                .broker()
                .gate()
                .authorizers()
                .bind(failing, Map.of("service.ranking", 100));

        RawClient client = connected("attacker");
        client.send(subscribe("a"), publish("a", "x", Qos.AT_LEAST_ONCE, 1));

        assertThat(client.expect(SubAck.class).reasonCodes())
                .containsExactly(ReasonCode.NOT_AUTHORIZED);
        assertThat(client.expect(PubAck.class).reasonCode()).isEqualTo(ReasonCode.NOT_AUTHORIZED);
        broker.running().broker().gate().authorizers().unbind(failing);
        served();
    }

    @Test
    void permissionsThatThrow_deny_andTheLoopsServeOn() {
        ScriptedAccess access = broker.running().access();
        access.subscribing(filter -> SubscribeDecision.FILTERED);
        access.receiving(
                topic -> {
                    if (topic.startsWith("bystander")) {
                        return true;
                    }
                    throw new StackOverflowError("permissions");
                });
        for (int i = 0; i < 10; i++) {
            RawClient client = subscribed("attacker" + i, "a", Qos.AT_LEAST_ONCE);
            for (int n = 0; n < 100; n++) {
                client.send(publish("a", "x", Qos.AT_LEAST_ONCE, 1)).expect(PubAck.class);
            }
            assertNothingComes(client);
        }

        for (int i = 0; i < 10; i++) {
            served();
        }
    }

    @Test
    void withoutAnyAuthenticator_nobodyGetsIn() {
        ScriptedAccess access = broker.running().access();
        broker.running().broker().gate().authenticators().unbind(access);

        assertThat(socket().send(connect("c")).expect(ConnAck.class).reasonCode())
                .isEqualTo(ReasonCode.SERVER_UNAVAILABLE);
        broker.running().broker().gate().authenticators().bind(access, Map.of());
        served();
    }
}
