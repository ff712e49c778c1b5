package io.busbar.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.audit.Actor;
import io.busbar.api.auth.Principal;
import io.busbar.api.auth.spi.AuthResult;
import io.busbar.api.auth.spi.Permissions.SubscribeDecision;
import io.busbar.api.broker.Rejection;
import io.busbar.api.broker.Who;
import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.mqtt.codec.ConnAck;
import io.busbar.mqtt.codec.Connect;
import io.busbar.mqtt.codec.Packet;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Whom a rejection names: as much of the client as was known at that moment. */
class RejectedClientTest extends BrokerFixture {
    private static Connect connectAs(String username) {
        return new Connect(
                ProtocolVersion.MQTT_5_0,
                true,
                0,
                "c",
                null,
                username,
                "secret".getBytes(StandardCharsets.UTF_8),
                properties(0, 65_535, Packet.MAXIMUM_SIZE_BYTES));
    }

    private Who last(Rejection.Kind kind) {
        Rejection last = broker.rejections().list().get(0);
        assertThat(last.kind()).isEqualTo(kind);
        return last.who();
    }

    private static Who who(FakeLink link, String clientId, String username, String principalId) {
        String address = "127.0.0.1:" + link.remoteAddress().getPort();
        return new Who(clientId, username, principalId, address, link.listener());
    }

    @Test
    void beforeConnect_onlyTheAddressIsKnown() {
        FakeLink link = link();

        link.malformed(ReasonCode.MALFORMED_PACKET);

        assertThat(last(Rejection.Kind.PROTOCOL)).isEqualTo(who(link, "", null, null));
    }

    @Test
    void connect_isNamedByWhatItSays_andByTheCredentialItIsAbout() {
        access.authenticating(
                request ->
                        CompletableFuture.completedFuture(
                                new AuthResult.Refused(
                                        AuthResult.Cause.WRONG_PASSWORD, "test:1", null)));
        FakeLink link = link().says(connectAs("ann"));

        assertThat(last(Rejection.Kind.CONNECT)).isEqualTo(who(link, "c", "ann", "test:1"));
    }

    @Test
    void connected_isNamedByItsIdentity() {
        access.subscribing(filter -> SubscribeDecision.DENIED);
        access.publishing(topic -> false);
        FakeLink link = connected(connectAs("ann"));

        link.says(subscribe("a", Qos.AT_MOST_ONCE));
        assertThat(last(Rejection.Kind.SUBSCRIBE)).isEqualTo(who(link, "c", "ann", "test:ann"));
        link.says(publish("a", "1", Qos.AT_MOST_ONCE, 0));
        assertThat(last(Rejection.Kind.PUBLISH)).isEqualTo(who(link, "c", "ann", "test:ann"));
        link.malformed(ReasonCode.MALFORMED_PACKET);
        assertThat(last(Rejection.Kind.PROTOCOL)).isEqualTo(who(link, "c", "ann", "test:ann"));
    }

    @Test
    void identityThatIsRenamed_isNamedByItsNewName() {
        FakeLink link = connected(connectAs("ann"));
        Principal renamed = new Principal("test:ann", "test", "anna", "Anna", List.of(), 0);

        broker.clients().update(renamed, Actor.SERVER);
        settle();
        link.malformed(ReasonCode.MALFORMED_PACKET);

        assertThat(last(Rejection.Kind.PROTOCOL)).isEqualTo(who(link, "c", "anna", "test:ann"));
    }

    @Test
    void clientIdInUse_isNamedByWhatConnectSays() {
        connected(connectAs("ann"));
        FakeLink other = link().says(connectAs("bob"));

        assertThat(other.next(ConnAck.class).reasonCode())
                .isEqualTo(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID);
        assertThat(last(Rejection.Kind.CONNECT)).isEqualTo(who(other, "c", "bob", "test:bob"));
    }

    @Test
    void will_isNamedWithTheAddressItCameFrom() {
        access.publishing(topic -> false);
        FakeLink link =
                connected(
                        connect(
                                "c",
                                true,
                                will("w", 0),
                                properties(0, 65_535, Packet.MAXIMUM_SIZE_BYTES)));

        link.lose();

        String address = "127.0.0.1:" + link.remoteAddress().getPort();
        assertThat(last(Rejection.Kind.PUBLISH)).isEqualTo(new Who("c", "", "test:", address, ""));
    }
}
