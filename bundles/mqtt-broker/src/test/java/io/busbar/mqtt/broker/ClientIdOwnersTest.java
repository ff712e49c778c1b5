package io.busbar.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.audit.Actor;
import io.busbar.api.auth.ClientIdClaim;
import io.busbar.api.auth.spi.AuthResult;
import io.busbar.api.auth.spi.ClientIdOwners;
import io.busbar.api.broker.DropCause;
import io.busbar.api.broker.Rejection;
import io.busbar.api.broker.SessionView;
import io.busbar.api.broker.spi.ClientEvent;
import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.mqtt.codec.ConnAck;
import io.busbar.mqtt.codec.Connect;
import io.busbar.mqtt.codec.ConnectProperties;
import io.busbar.mqtt.codec.Disconnect;
import io.busbar.mqtt.codec.Packet;
import io.busbar.mqtt.codec.PubAck;
import io.busbar.mqtt.codec.SubAck;
import io.busbar.mqtt.codec.Will;
import io.busbar.testkit.access.ScriptedAccess;
import io.busbar.testkit.time.Await;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whose a Client Identifier is, and what becomes of the session of somebody else who uses it. */
class ClientIdOwnersTest extends BrokerFixture {
    private final Claims claims = new Claims();
    private final List<ClientEvent> events = new CopyOnWriteArrayList<>();

    /** Claims as a test says. */
    private static final class Claims implements ClientIdOwners {
        private final Map<String, Map<String, ClientIdClaim>> byClientId = new HashMap<>();

        void put(String user, String clientId, ClientIdClaim claim) {
            byClientId.computeIfAbsent(clientId, id -> new HashMap<>()).put("test:" + user, claim);
        }

        @Override
        public ClientIdClaim strongest(String clientId) {
            return byClientId.getOrDefault(clientId, Map.of()).values().stream()
                    .reduce(ClientIdClaim.NONE, ClientIdClaim::or);
        }

        @Override
        public ClientIdClaim claim(String principalId, String clientId) {
            return byClientId
                    .getOrDefault(clientId, Map.of())
                    .getOrDefault(principalId, ClientIdClaim.NONE);
        }
    }

    @BeforeEach
    void bindOwners() {
        broker.gate().clientIdOwners().bind(claims, Map.of());
        broker.events().bind(events::add, Map.of());
    }

    private static Connect connectAs(String user, String clientId, boolean clean, Will will) {
        return new Connect(
                ProtocolVersion.MQTT_5_0,
                clean,
                0,
                clientId,
                will,
                user,
                null,
                properties(0xFFFF_FFFFL, 65_535, Packet.MAXIMUM_SIZE_BYTES));
    }

    private static Connect connectAs(String user, String clientId) {
        return connectAs(user, clientId, false, null);
    }

    private ConnAck answerTo(Connect connect) {
        FakeLink link = link();
        link.version(connect.version());
        return link.says(connect).next(ConnAck.class);
    }

    private FakeLink squatter(FakeLink link) {
        return squatter(link, null);
    }

    /** Somebody with a session that never ends, who waits for messages. */
    private FakeLink squatter(FakeLink link, Will will) {
        connected(link, connectAs("mallory", "line1", false, will));
        link.says(subscribe("t", Qos.AT_LEAST_ONCE));
        link.next(SubAck.class);
        return link;
    }

    private SessionView held() {
        return broker.clients().session("line1").orElseThrow();
    }

    @Test
    void connect_withTheIdentifierOfAnother_isRefused_evenIfNobodyUsesIt() {
        claims.put("ann", "line1", ClientIdClaim.EXACT);

        ConnAck answer = answerTo(connectAs("mallory", "line1"));

        assertThat(answer.reasonCode()).isEqualTo(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID);
        assertThat(answer.properties().details().reasonString())
                .contains("reserved")
                .doesNotContain("ann");
        assertThat(broker.clients().sessions()).isEmpty();
        Rejection rejection = broker.rejections().list().get(0);
        assertThat(rejection.cause()).isEqualTo(Rejection.Cause.CLIENT_ID_NOT_ALLOWED);
        assertThat(rejection.what().detail()).contains("reserved");
        assertThat(rejection.who().principalId()).isEqualTo("test:mallory");
    }

    @Test
    void connect_withTheIdentifierOfAnother_isRefusedIn311WithReturnCode2() {
        claims.put("ann", "line1", ClientIdClaim.EXACT);
        Connect connect =
                new Connect(
                        ProtocolVersion.MQTT_3_1_1,
                        true,
                        0,
                        "line1",
                        null,
                        "mallory",
                        null,
                        ConnectProperties.NONE);

        assertThat(answerTo(connect).reasonCode())
                .isEqualTo(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID); // 2 in MQTT 3
    }

    @Test
    void connect_theMorePreciseClaimWins() {
        claims.put("line", "line1-a", ClientIdClaim.prefix(5));
        claims.put("plant", "line1-a", ClientIdClaim.prefix(4));
        claims.put("plant", "line2", ClientIdClaim.prefix(4));

        assertThat(answerTo(connectAs("plant", "line1-a")).reasonCode())
                .isEqualTo(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID);
        assertThat(answerTo(connectAs("line", "line1-a")).reasonCode())
                .isEqualTo(ReasonCode.SUCCESS);
        assertThat(answerTo(connectAs("plant", "line2")).reasonCode())
                .isEqualTo(ReasonCode.SUCCESS);
        assertThat(answerTo(connectAs("anybody", "line3")).reasonCode())
                .isEqualTo(ReasonCode.SUCCESS);
    }

    @Test
    void connect_whenTheOwnersCannotBeAsked_isRefused() {
        broker.gate()
                .clientIdOwners()
                .bind(
                        new ClientIdOwners() {
                            @Override
                            public ClientIdClaim strongest(String clientId) {
                                throw new NoClassDefFoundError("gone");
                            }

                            @Override
                            public ClientIdClaim claim(String principalId, String clientId) {
                                return ClientIdClaim.NONE;
                            }
                        },
                        Map.of());

        assertThat(answerTo(connectAs("ann", "line1")).reasonCode())
                .isEqualTo(ReasonCode.SERVER_UNAVAILABLE);
    }

    @Test
    void owner_findsASessionOfAWeakerClaim_endsItAndGetsANewOne() {
        squatter(link()).lose();
        connected(connect("p", true, 0)).says(publish("t", "secret", Qos.AT_LEAST_ONCE, 1));
        assertThat(held().queued()).isEqualTo(1);
        assertThat(held().queuedBytes()).isGreaterThanOrEqualTo(6);
        claims.put("ann", "line1", ClientIdClaim.EXACT);

        FakeLink owner = link();
        owner.says(connectAs("ann", "line1"));
        ConnAck answer = owner.next(ConnAck.class);

        assertThat(answer.reasonCode()).isEqualTo(ReasonCode.SUCCESS);
        assertThat(answer.sessionPresent()).isFalse();
        assertThat(owner.texts()).isEmpty();
        assertThat(held().principalId()).isEqualTo("test:ann");
        assertThat(held().subscriptions()).isZero();
        assertThat(broker.stats().losses().drops()).containsEntry(DropCause.SESSION_ENDED, 1L);
        assertThat(broker.stats().messages().queued()).isZero();
        advance(1_000);
        assertThat(ended().cause()).isEqualTo(ClientEvent.SessionEnd.OWNER_CONNECTED);
    }

    private ClientEvent.SessionEnded ended() {
        Await.until(() -> events.stream().anyMatch(ClientEvent.SessionEnded.class::isInstance));
        return events.stream()
                .filter(ClientEvent.SessionEnded.class::isInstance)
                .map(ClientEvent.SessionEnded.class::cast)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void owner_findsAConnectedSquatterOnAnotherLoop_whoIsDisconnected_andItsWillIsSent() {
        FakeLink watcher = subscriber("w", "will", Qos.AT_LEAST_ONCE);
        FakeLink squatter = squatter(linkOnOtherLoop(), will("will", 3_600));
        claims.put("ann", "line1", ClientIdClaim.EXACT);

        FakeLink owner = connected(connectAs("ann", "line1"));
        settle();

        assertThat(squatter.next(Disconnect.class).reasonCode())
                .isEqualTo(ReasonCode.SESSION_TAKEN_OVER);
        assertThat(squatter.closed).isTrue();
        assertThat(owner.closed).isFalse();
        assertThat(watcher.texts()).containsExactly("gone"); // [MQTT5-3.1.2-8]
        assertThat(broker.stats().connections().online()).isEqualTo(2);
        assertThat(answerTo(connectAs("mallory", "line1")).reasonCode())
                .isEqualTo(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID);
        assertThat(owner.closed).isFalse();
    }

    @Test
    void owner_asksForItsConnections_theSquattersDoNotMakeRoom() {
        access.authenticating(
                request ->
                        CompletableFuture.completedFuture(
                                new AuthResult.Granted(
                                        ScriptedAccess.principal(request.username(), 1))));
        FakeLink squatter = squatter(link());
        connected(connectAs("ann", "other"));
        claims.put("ann", "line1", ClientIdClaim.EXACT);

        assertThat(answerTo(connectAs("ann", "line1")).reasonCode())
                .isEqualTo(ReasonCode.QUOTA_EXCEEDED);
        assertThat(squatter.closed).isFalse();
    }

    @Test
    void equalClaims_theSessionStaysWithTheOneWhoHasIt() {
        FakeLink first = squatter(link());
        claims.put("mallory", "line1", ClientIdClaim.EXACT);
        claims.put("ann", "line1", ClientIdClaim.EXACT);

        ConnAck answer = answerTo(connectAs("ann", "line1", true, null));

        assertThat(answer.reasonCode()).isEqualTo(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID);
        assertThat(first.closed).isFalse();
        assertThat(held().principalId()).isEqualTo("test:mallory");
    }

    @Test
    void noClaims_cleanStartEndsNoSessionOfAnother() {
        squatter(link()).lose();

        ConnAck answer = answerTo(connectAs("ann", "line1", true, null));

        assertThat(answer.reasonCode()).isEqualTo(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID);
        assertThat(held().principalId()).isEqualTo("test:mallory");
    }

    // ---- ending a session by hand

    @Test
    void endSession_ofAConnectedClient_disconnectsItAndRemovesTheSession() {
        FakeLink client = squatter(linkOnOtherLoop());

        boolean was = broker.clients().endSession("line1", "enough", Actor.user("eve", "::1"));
        settle();

        assertThat(was).isTrue();
        assertThat(client.next(Disconnect.class).reasonCode())
                .isEqualTo(ReasonCode.ADMINISTRATIVE_ACTION);
        assertThat(client.closed).isTrue();
        assertThat(broker.clients().sessions()).isEmpty();
        assertThat(ended().actor()).isEqualTo(Actor.user("eve", "::1"));
        assertThat(ended().cause()).isEqualTo(ClientEvent.SessionEnd.ADMINISTRATOR);
    }

    @Test
    void endSession_ofAnOfflineClient_sendsTheWillThatWaits_andCountsWhatIsLost() {
        FakeLink watcher = subscriber("w", "will", Qos.AT_LEAST_ONCE);
        FakeLink publisher = client("p");
        int timers = timers();
        squatter(link(), will("will", 3_600)).lose();
        publisher.says(publish("t", "x", Qos.AT_LEAST_ONCE, 1)).next(PubAck.class);
        publisher.says(publish("t", "y", Qos.AT_LEAST_ONCE, 2)).next(PubAck.class);
        assertThat(watcher.texts()).isEmpty();

        broker.clients().endSession("line1", "enough", Actor.SERVER);
        settle();

        assertThat(watcher.texts()).containsExactly("gone"); // [MQTT5-3.1.2-8]
        assertThat(broker.clients().session("line1")).isEmpty();
        assertThat(broker.stats().losses().drops()).containsEntry(DropCause.SESSION_ENDED, 2L);
        assertThat(broker.clients().endSession("line1", "again", Actor.SERVER)).isFalse();
        advance(1_000);
        assertThat(timers()).isEqualTo(timers);
    }

    @Test
    void cleanStart_ofItsOwnClient_losesNothingThatWouldCount() {
        squatter(link()).lose();
        client("p").says(publish("t", "x", Qos.AT_LEAST_ONCE, 1)).next(PubAck.class);

        connected(connectAs("mallory", "line1", true, null));

        assertThat(broker.stats().losses().dropped()).isZero();
    }
}
