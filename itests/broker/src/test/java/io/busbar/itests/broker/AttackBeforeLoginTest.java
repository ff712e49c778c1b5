package io.busbar.itests.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.auth.spi.AuthResult;
import io.busbar.api.auth.spi.AuthResult.Cause;
import io.busbar.api.broker.Rejection;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.mqtt.UserProperty;
import io.busbar.mqtt.codec.ConnAck;
import io.busbar.mqtt.codec.Connect;
import io.busbar.mqtt.codec.ConnectProperties;
import io.busbar.mqtt.codec.Packet;
import io.busbar.mqtt.codec.Publish;
import io.busbar.mqtt.codec.SubAck;
import io.busbar.mqtt.codec.Will;
import io.busbar.testkit.access.ScriptedAccess;
import io.busbar.testkit.client.Packets;
import io.busbar.testkit.client.RawClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** Before anybody is known. */
class AttackBeforeLoginTest extends UnderAttack {
    private static final int REFUSED = 50_000;

    AttackBeforeLoginTest() {
        super(Map.of("authentication_timeout_ms", 1_000, "max_connects_per_second", 0));
    }

    @Test
    void connect_thatAnnouncesAQuarterOfAGigabyte_isRefusedBeforeItIsStored() {
        List<Socket> sockets = open(1_000, hex("10 ff ff ff 7f 00 04 4d 51 54 54 05 02 00 3c"));

        served();
        sockets.forEach(UnderAttack::readToEnd);
        assertMemoryBelow(16);
        assertThat(refusals(Rejection.Cause.PACKET_TOO_LARGE)).isEqualTo(1_000);
    }

    @Test
    void connect_thatAnnouncesPropertiesWithoutEnd_isRefusedBeforeTheyAreStored() {
        // Property Length 200 MB in a CONNECT of 14 bytes
        List<Socket> sockets = open(1_000, hex("10 0e 00 04 4d 51 54 54 05 02 00 3c 80 84 af 5f"));

        served();
        sockets.forEach(socket -> assertThat(readToEnd(socket)).isNotEmpty());
        assertMemoryBelow(16);
        assertThat(refusals(Rejection.Cause.MALFORMED_PACKET)).isEqualTo(1_000);
    }

    @Test
    void halfOfAConnect_onManySockets_costsLittle() {
        open(1_000, hex("10 80 80 04 00 04 4d 51 54 54 05 02 00 3c"));

        served();
        assertMemoryBelow(16);
    }

    @Test
    void whateverIsNoConnect_isClosedWithoutAWord() {
        // PUBLISH of 256 MB, SUBSCRIBE, PINGREQ, AUTH, HTTP
        for (String first :
                List.of(
                        "30 ff ff ff 7f 00 01 61",
                        "82 06 00 01 00 01 61 00",
                        "c0 00",
                        "f0 00",
                        "47 45 54 20 2f 20 48 54 54 50 2f 31 2e 31 0d 0a 0d 0a")) {
            for (Socket socket : open(200, hex(first))) {
                assertThat(readToEnd(socket)).isEmpty();
            }
        }

        served();
        assertMemoryBelow(16);
    }

    @Test
    void refusedConnects_leaveNothingBehind() throws Exception {
        broker.running()
                .access()
                .authenticating(
                        request ->
                                CompletableFuture.completedFuture(
                                        "bystander".equals(request.clientId())
                                                ? ScriptedAccess.granted("b")
                                                : new AuthResult.Refused(
                                                        Cause.WRONG_PASSWORD, null, null)));
        List<String> ids = colliding(12);
        refuse(ids, 5_000);
        attackBegins();

        refuse(ids, REFUSED);

        served();
        assertMemoryBelow(16);
        assertThat(stats().sessions().total()).isLessThanOrEqualTo(1);
        assertThat(stats().connections().refused()).isEqualTo(5_000 + REFUSED);
        assertThat(broker.running().broker().rejections().total()).isEqualTo(5_000 + REFUSED);
        assertThat(broker.running().broker().rejections().list()).hasSize(1_000);
    }

    /** As many threads as the broker has; their client ids have the same hash. */
    private void refuse(List<String> ids, int times)
            throws InterruptedException, ExecutionException {
        byte[][] connects = new byte[ids.size()][];
        for (int i = 0; i < connects.length; i++) {
            connects[i] = Packets.bytes(ProtocolVersion.MQTT_5_0, withEverything(ids.get(i)));
        }
        List<CompletableFuture<Void>> attackers = new ArrayList<>();
        for (int a = 0; a < 2; a++) {
            int first = a;
            attackers.add(
                    CompletableFuture.runAsync(
                            () -> {
                                for (int i = first; i < times; i += 2) {
                                    refuse(connects[i % connects.length]);
                                }
                            }));
        }
        for (CompletableFuture<Void> attacker : attackers) {
            attacker.get();
        }
    }

    private void refuse(byte[] connect) {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), broker.running().port())) {
            socket.setSoLinger(true, 0); // no port is kept waiting for late packets
            socket.getOutputStream().write(connect);
            byte[] answer = socket.getInputStream().readNBytes(4);
            assertThat(answer[3]).isEqualTo((byte) ReasonCode.NOT_AUTHORIZED.code());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Connect withEverything(String clientId) {
        List<UserProperty> properties =
                List.of(new UserProperty("a", "1"), new UserProperty("a", "2"));
        Will will =
                new Will(
                        TopicName.of("will/" + clientId),
                        new byte[1_000],
                        Qos.EXACTLY_ONCE,
                        true,
                        0xFFFF_FFFFL,
                        new MessageProperties(0, 0xFFFF_FFFFL, "t", "r", new byte[10], properties));
        return new Connect(
                ProtocolVersion.MQTT_5_0,
                false,
                65_535,
                clientId,
                will,
                "user",
                bytes("wrong"),
                new ConnectProperties(
                        0xFFFF_FFFFL,
                        65_535,
                        Packet.MAXIMUM_SIZE_BYTES,
                        65_535,
                        true,
                        true,
                        properties,
                        null,
                        null));
    }

    @Test
    void providerThatThrowsOrNeverAnswers_refuses_andTheLoopServesOn() {
        broker.running()
                .access()
                .authenticating(
                        request ->
                                switch (request.clientId()) {
                                    case "throws" -> throw new IllegalStateException("provider");
                                    case "overflows" -> throw new StackOverflowError("provider");
                                    case "nothing" -> null;
                                    case "hangs" -> new CompletableFuture<>();
                                    default ->
                                            CompletableFuture.completedFuture(
                                                    ScriptedAccess.granted("b"));
                                });

        List<Socket> hanging =
                open(
                        500,
                        Packets.bytes(
                                ProtocolVersion.MQTT_5_0, connect("hangs"), connect("hangs")));
        for (String failing : List.of("throws", "overflows", "nothing")) {
            assertThat(socket().send(connect(failing)).expect(ConnAck.class).reasonCode())
                    .isEqualTo(ReasonCode.SERVER_UNAVAILABLE);
        }
        served();
        for (Socket socket : hanging) {
            assertThat(readToEnd(socket)[3]).isEqualTo((byte) ReasonCode.SERVER_UNAVAILABLE.code());
        }

        assertThat(refusals(Rejection.Cause.UNAVAILABLE)).isEqualTo(503);
        assertMemoryBelow(16);
        served();
    }

    @Test
    void takeOverWithAnotherCredential_isRefused_andTheSessionIsNotTouched() {
        broker.running()
                .access()
                .authenticating(
                        request ->
                                CompletableFuture.completedFuture(
                                        ScriptedAccess.granted(
                                                request.username() == null
                                                        ? "owner"
                                                        : request.username())));
        RawClient owner = connected(connect("c", false, 100, null));
        owner.send(subscribe("mine", Qos.AT_LEAST_ONCE)).expect(SubAck.class);

        for (int i = 0; i < 200; i++) {
            RawClient thief = socket().send(named("c", i % 2 == 0, "thief"));
            assertThat(thief.expect(ConnAck.class).reasonCode())
                    .isEqualTo(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID);
            thief.expectClosed();
        }

        connected("p").send(publish("mine", "still here", Qos.AT_LEAST_ONCE, 1));
        assertThat(text(owner.expect(Publish.class))).isEqualTo("still here");
        owner.close();
        RawClient again = socket().send(connect("c", false, 100, null));
        assertThat(again.expect(ConnAck.class).sessionPresent()).isTrue();
        assertThat(refusals(Rejection.Cause.CLIENT_ID_IN_USE)).isEqualTo(200);
        served();
    }

    private static Connect named(String clientId, boolean clean, String username) {
        return new Connect(
                ProtocolVersion.MQTT_5_0,
                clean,
                0,
                clientId,
                null,
                username,
                null,
                ConnectProperties.NONE);
    }

    @Test
    void clientIdWithALineBreak_isRefused_soThatNoLogIsForged() {
        RawClient client = socket().send(connect("a\nERROR all is lost"));

        assertThat(client.expect(ConnAck.class).reasonCode().isError()).isTrue();
        client.expectClosed();
        assertThat(broker.running().broker().rejections().list())
                .noneMatch(rejection -> rejection.toString().contains("\n"));
    }
}
