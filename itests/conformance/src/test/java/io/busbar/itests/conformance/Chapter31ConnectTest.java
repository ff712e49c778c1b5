package io.busbar.itests.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.mqtt.UserProperty;
import io.busbar.mqtt.codec.ConnAck;
import io.busbar.mqtt.codec.Connect;
import io.busbar.mqtt.codec.ConnectProperties;
import io.busbar.mqtt.codec.Disconnect;
import io.busbar.mqtt.codec.Publish;
import io.busbar.mqtt.codec.ReasonDetails;
import io.busbar.mqtt.codec.Will;
import io.busbar.testkit.client.RawClient;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** CONNECT, CONNACK, Will Messages and sessions: sections 3.1, 3.2 and 4.1. */
class Chapter31ConnectTest extends Conformance {
    @Test
    @Spec({"MQTT5-3.1.0-2", "MQTT5-3.14.4-2", "MQTT5-3.14.2-1", "MQTT5-3.14.4-1"})
    void connect_twice_isAProtocolError() {
        RawClient client = connected(V5, "a");
        client.send(connect(V5, "a", true, 0, null, ConnectProperties.NONE));
        expectDisconnect(client, ReasonCode.PROTOCOL_ERROR);
    }

    @Test
    @Spec("MQTT311-3.1.0-2")
    void connect311_twice_closes() {
        RawClient client = connected(V311, "a");
        client.send(connect(V311, "a", true, 0, null, ConnectProperties.NONE));
        assertThat(client.next(Duration.ofSeconds(2))).isNull();
        client.expectClosed();
    }

    @ParameterizedTest
    @ValueSource(strings = {"c0 00", "30 04 00 01 61 00", "e0 00", "82 06 00 01 00 01 61 00"})
    @Spec({"MQTT5-3.1.0-1", "MQTT311-3.1.0-1"})
    void firstPacket_notConnect_closesWithoutAnAnswer(String bytes) {
        RawClient client = server.open(V5);
        hex(client, bytes);
        assertThat(client.next(Duration.ofSeconds(2))).isNull();
        client.expectClosed();
    }

    @ParameterizedTest
    @CsvSource({
        "10 0e 00 04 4d 51 54 54 05 03 00 3c 00 00 01 63, MALFORMED_PACKET",
        "10 11 00 04 4d 51 54 54 05 02 00 3c 03 21 00 00 00 01 63, PROTOCOL_ERROR",
        "10 13 00 04 4d 51 54 54 05 02 00 3c 05 27 00 00 00 00 00 01 63, PROTOCOL_ERROR",
        "10 14 00 04 4d 51 54 54 05 02 00 3c 06 21 00 01 21 00 01 00 01 63, PROTOCOL_ERROR",
        "10 13 00 04 4d 51 54 54 05 02 00 3c 05 02 00 00 00 01 00 01 63, MALFORMED_PACKET",
        "10 0e 00 04 4d 51 54 54 05 02 00 3c 00 00 02 63, MALFORMED_PACKET",
        "10 0f 00 04 4d 51 54 54 05 02 00 3c 00 00 02 61 01, CLIENT_IDENTIFIER_NOT_VALID"
    })
    @Spec({"MQTT5-3.1.4-1", "MQTT5-3.1.4-2", "MQTT5-3.2.2-7"})
    void connect_wrong_isToldWhyAndClosed(String bytes, ReasonCode reason) {
        RawClient client = server.open(V5);
        hex(client, bytes);
        assertThat(client.expect(ConnAck.class).reasonCode()).isEqualTo(reason);
        client.expectClosed();
    }

    @Test
    @Spec({"MQTT311-3.1.3-8", "MQTT311-3.1.3-9"})
    void connect311_emptyClientIdWithoutCleanSession_isRefusedWithCode2() {
        RawClient client = server.open(V311);
        hex(client, "10 0c 00 04 4d 51 54 54 04 00 00 3c 00 00");
        assertThat(client.expect(ConnAck.class).reasonCode())
                .isEqualTo(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID);
        client.expectClosed();
    }

    @ParameterizedTest
    @ValueSource(strings = {"06", "7f"})
    @Spec("MQTT5-3.1.2-2")
    void protocolLevel_ofTheFuture_isRefusedWithReasonCode84(String level) {
        RawClient client = server.open(V5);
        hex(client, "10 0e 00 04 4d 51 54 54 " + level + " 02 00 3c 00 00 01 63");
        assertThat(client.expect(ConnAck.class).reasonCode())
                .isEqualTo(ReasonCode.UNSUPPORTED_PROTOCOL_VERSION);
        client.expectClosed();
    }

    @ParameterizedTest
    @ValueSource(strings = {"00", "02", "84", "ff"})
    @Spec("MQTT311-3.1.2-2")
    void protocolLevel_unknown_isRefusedWithCode1(String level) {
        RawClient client = server.open(V311);
        hex(client, "10 0d 00 04 4d 51 54 54 " + level + " 02 00 3c 00 01 63");
        assertThat(client.expect(ConnAck.class).reasonCode())
                .isEqualTo(ReasonCode.UNSUPPORTED_PROTOCOL_VERSION);
        client.expectClosed();
    }

    @Test
    @Spec({"MQTT5-3.1.3-6", "MQTT5-3.1.3-7", "MQTT5-3.2.2-16"})
    void clientId_empty_isAssignedAndTold_andNamesTheSession() {
        RawClient first = nameless(V5);
        String assigned = assigned(first);
        RawClient second = nameless(V5);
        assertThat(assigned(second)).isNotEqualTo(assigned);
        fence(first);
        fence(second);
        first.close();

        session(named(V5, assigned, false), true);
    }

    private String assigned(RawClient client) {
        ConnAck answer = client.expect(ConnAck.class);
        assertThat(answer.reasonCode()).isEqualTo(ReasonCode.SUCCESS);
        assertThat(answer.properties().assignedClientId()).isNotEmpty();
        return answer.properties().assignedClientId();
    }

    @Test
    @Spec("MQTT311-3.1.3-6")
    void clientId311_empty_isReplacedByOneThatNobodyElseHas() {
        RawClient first = nameless(V311);
        first.expect(ConnAck.class);
        subscribed(first, topic("t"), Qos.AT_MOST_ONCE);
        RawClient second = nameless(V311);
        assertThat(second.expect(ConnAck.class).sessionPresent()).isFalse();

        publish(second, message(topic("t"), "m", Qos.AT_MOST_ONCE, 0));

        assertThat(text(take(first))).isEqualTo("m");
        fence(second);
    }

    private RawClient nameless(ProtocolVersion version) {
        return server.open(version).send(named(version, "", true));
    }

    private static Connect named(ProtocolVersion version, String clientId, boolean clean) {
        ConnectProperties lasting = version == V5 ? expiry(120) : ConnectProperties.NONE;
        return new Connect(version, clean, 0, clientId, null, null, null, lasting);
    }

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"MQTT_3_1_1", "MQTT_5_0"})
    @Spec({
        "MQTT5-3.1.2-5",
        "MQTT5-3.1.2-6",
        "MQTT5-3.2.2-2",
        "MQTT5-3.2.2-3",
        "MQTT311-3.1.2-4",
        "MQTT311-3.2.2-1",
        "MQTT311-3.2.2-2",
        "MQTT311-3.2.2-3",
        "MQTT5-3.1.2-23",
        "MQTT5-3.1.4-4",
        "MQTT5-3.1.4-5",
        "MQTT311-3.1.4-3",
        "MQTT311-3.1.4-4",
        "MQTT5-3.2.2-1",
        "MQTT5-3.2.2-8"
    })
    void session_keptAndResumedAndCleaned(ProtocolVersion version) {
        kept(version, "a", false).close();
        kept(version, "a", true).close();
        session(connect(version, "a", true, 0, null, ConnectProperties.NONE), false).close();
        kept(version, "a", false).close();
    }

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"MQTT_3_1_1", "MQTT_5_0"})
    @Spec({"MQTT5-3.1.2-4", "MQTT5-3.1.4-4", "MQTT311-3.1.2-6", "MQTT311-3.1.4-3"})
    void cleanStart_leavesNothingOfTheOldSession(ProtocolVersion version) {
        subscribed(kept(version, "a", false), topic("t"), Qos.AT_LEAST_ONCE).close();
        RawClient pub = connected(V5, "p");
        publish(pub, message(topic("t"), "owed to the old session", Qos.AT_LEAST_ONCE, 1));
        ConnectProperties lasting = version == V5 ? expiry(120) : ConnectProperties.NONE;

        RawClient now = session(connect(version, "a", true, 0, null, lasting), false);
        publish(pub, message(topic("t"), "to the old subscription", Qos.AT_LEAST_ONCE, 2));
        fence(now);
        now.close();

        // Version 5.0 keeps the new session, version 3.1.1 keeps none.
        fence(kept(version, "a", version == V5));
    }

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"MQTT_3_1_1", "MQTT_5_0"})
    @Spec({"MQTT5-3.1.3-2", "MQTT311-3.1.3-2"})
    void session_isThatOfItsClientIdentifierOnly(ProtocolVersion version) {
        subscribed(kept(version, "a", false), topic("t"), Qos.AT_LEAST_ONCE).close();
        RawClient other = kept(version, "b", false);

        publish(connected(V5, "p"), message(topic("t"), "m", Qos.AT_LEAST_ONCE, 1));

        fence(other);
        assertThat(text(take(kept(version, "a", true)))).isEqualTo("m");
    }

    @Test
    @Spec("MQTT5-4.1.0-1")
    void session_doesNotExpireWhileItIsConnected() {
        RawClient sub = session(connect(V5, "a", false, 0, null, expiry(1)), false);
        subscribed(sub, topic("t"), Qos.AT_LEAST_ONCE);

        passSeconds(2);

        publish(connected(V5, "p"), message(topic("t"), "m", Qos.AT_LEAST_ONCE, 1));
        assertThat(text(take(sub))).isEqualTo("m");
    }

    @Test
    @Spec("MQTT5-4.1.0-2")
    void session_expires() {
        session(connect(V5, "a", false, 0, null, expiry(1)), false).close();
        passSeconds(2);
        kept(V5, "a", false);
    }

    @Test
    @Spec("MQTT5 3.14.2.2.2")
    void disconnect_mayChangeTheSessionExpiry_toZeroAsWell() {
        RawClient client = kept(V5, "a", false);
        client.send(new Disconnect(ReasonCode.SUCCESS, 0, ReasonDetails.NONE, null));
        client.expectClosed();
        kept(V5, "a", false);
    }

    @Test
    @Spec("MQTT5 3.14.2.2.2")
    void disconnect_mustNotSetASessionExpiryThatWasZero() {
        RawClient client = connected(V5, "a");
        client.send(new Disconnect(ReasonCode.SUCCESS, 10, ReasonDetails.NONE, null));
        expectDisconnect(client, ReasonCode.PROTOCOL_ERROR);
    }

    @Test
    @Spec({"MQTT5-3.1.4-3", "MQTT5-3.14.2-1", "MQTT5-3.14.2-2", "MQTT5-3.14.4-1"})
    void takeOver_tellsTheOldConnection_andTheSessionGoesOn() {
        RawClient old = subscribed(kept(V5, "a", false), topic("t"), Qos.AT_LEAST_ONCE);
        RawClient now = kept(V5, "a", true);
        expectDisconnect(old, ReasonCode.SESSION_TAKEN_OVER);
        publish(connected(V5, "p"), message(topic("t"), "x", Qos.AT_LEAST_ONCE, 1));
        assertThat(text(take(now))).isEqualTo("x");
    }

    @Test
    @Spec({"MQTT5-3.1.2-22", "MQTT5-3.2.2-22"})
    void keepAlive_oneAndAHalfTimes() {
        RawClient client = session(connect(V5, "a", true, 2, null, ConnectProperties.NONE), false);
        long start = System.nanoTime();
        assertThat(client.expect(Disconnect.class).reasonCode())
                .isEqualTo(ReasonCode.KEEP_ALIVE_TIMEOUT);
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(2_700), Duration.ofMillis(4_500));
    }

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"MQTT_3_1_1", "MQTT_5_0"})
    @Spec({"MQTT5-3.1.2-22", "MQTT311-3.1.2-24"})
    void keepAlive_endsAsIfTheNetworkHadFailed(ProtocolVersion version) {
        RawClient watcher = subscribed(connected(V5, "s"), topic("w"), Qos.AT_MOST_ONCE);
        RawClient silent =
                session(
                        connect(version, "a", true, 1, will("w", 0), ConnectProperties.NONE),
                        false);

        if (version == V5) {
            expectDisconnect(silent, ReasonCode.KEEP_ALIVE_TIMEOUT);
        } else {
            expectEnd(silent);
        }

        assertThat(text(take(watcher))).isEqualTo("gone");
    }

    @Test
    @Spec("MQTT5-3.1.2-24")
    void maximumPacketSize_smallerThanConnack_closes() {
        RawClient client = server.open(V5);
        hex(client, "10 13 00 04 4d 51 54 54 05 02 00 3c 05 27 00 00 00 02 00 01 63");
        assertThat(client.next(Duration.ofSeconds(2))).isNull();
        client.expectClosed();
    }

    @Test
    @Spec("MQTT5-4.12.0-1")
    void authenticationMethod_unknown_isRefused() {
        RawClient client = server.open(V5);
        hex(client, "10 12 00 04 4d 51 54 54 05 02 00 3c 04 15 00 01 6d 00 01 63");
        assertThat(client.expect(ConnAck.class).reasonCode())
                .isEqualTo(ReasonCode.BAD_AUTHENTICATION_METHOD);
        client.expectClosed();
    }

    // ---- wills

    private Will will(String topic, long delay) {
        return will(topic, delay, false, MessageProperties.NONE);
    }

    private Will will(String topic, long delay, boolean retain, MessageProperties properties) {
        return new Will(
                TopicName.of(topic(topic)),
                bytes("gone"),
                Qos.AT_LEAST_ONCE,
                retain,
                delay,
                properties);
    }

    private RawClient withWill(@Nullable Will will, long expiry) {
        Connect connect = connect(V5, "w", false, 0, will, expiry(expiry));
        RawClient client = server.open(V5).send(connect);
        assertThat(client.expect(ConnAck.class).reasonCode()).isEqualTo(ReasonCode.SUCCESS);
        return client;
    }

    @Test
    @Spec({"MQTT5-3.1.2-8", "MQTT5-3.1.3-10"})
    void will_comesWithAllItsProperties() {
        RawClient watcher = subscribed(connected(V5, "s"), topic("will"), Qos.EXACTLY_ONCE);
        MessageProperties properties =
                new MessageProperties(
                        1,
                        100L,
                        "text/plain",
                        "re/ply",
                        new byte[] {1, 2},
                        List.of(
                                new UserProperty("b", "1"),
                                new UserProperty("a", "2"),
                                new UserProperty("b", "1")));

        withWill(will("will", 0, false, properties), 60).close();

        Publish got = take(watcher);
        assertThat(text(got)).isEqualTo("gone");
        assertThat(got.qos()).isEqualTo(Qos.AT_LEAST_ONCE);
        assertThat(got.properties().userProperties()).isEqualTo(properties.userProperties());
        assertThat(got.properties().contentType()).isEqualTo("text/plain");
        assertThat(got.properties().responseTopic()).isEqualTo("re/ply");
        assertThat(got.properties().correlationData()).containsExactly(1, 2);
        assertThat(got.properties().payloadFormatIndicator()).isEqualTo(1);
        assertThat(got.properties().messageExpirySeconds()).isEqualTo(100);
    }

    @Test
    @Spec("MQTT5-3.14.4-3")
    void will_afterANormalDisconnect_isNotSent() {
        RawClient watcher = subscribed(connected(V5, "s"), topic("will"), Qos.AT_MOST_ONCE);
        RawClient client = withWill(will("will", 0), 0);
        client.send(Disconnect.NORMAL);
        client.expectClosed();
        expectNothing(watcher);
    }

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"MQTT_3_1_1", "MQTT_5_0"})
    @Spec({"MQTT5-3.1.2-10", "MQTT311-3.1.2-10"})
    void will_thatWasPublished_isGone(ProtocolVersion version) {
        RawClient watcher = subscribed(connected(V5, "s"), topic("#"), Qos.AT_LEAST_ONCE);
        ConnectProperties lasting = version == V5 ? expiry(120) : ConnectProperties.NONE;
        for (boolean sessionEnds : new boolean[] {false, true}) {
            String name = sessionEnds ? "ends" : "stays";
            session(connect(version, name, false, 0, will("will", 0), lasting), false).close();
            assertThat(text(take(watcher))).isEqualTo("gone");

            session(connect(version, name, sessionEnds, 0, null, lasting), !sessionEnds).close();
            RawClient back =
                    session(connect(version, name, sessionEnds, 0, null, lasting), !sessionEnds);

            publish(back, message(topic("after"), "after", Qos.AT_LEAST_ONCE, 1));
            assertThat(text(take(watcher))).isEqualTo("after");
            fence(watcher);
        }
    }

    @Test
    @Spec("MQTT5-3.1.2-8")
    void will_afterDisconnectWithWill_isSent() {
        RawClient watcher = subscribed(connected(V5, "s"), topic("will"), Qos.AT_MOST_ONCE);
        withWill(will("will", 0), 0).send(Disconnect.of(ReasonCode.DISCONNECT_WITH_WILL, null));
        assertThat(text(take(watcher))).isEqualTo("gone");
    }

    @Test
    @Spec("MQTT5-3.1.2-8")
    void will_afterAProtocolError_isSent() {
        RawClient watcher = subscribed(connected(V5, "s"), topic("will"), Qos.AT_MOST_ONCE);
        hex(withWill(will("will", 0), 0), "00 00");
        assertThat(text(take(watcher))).isEqualTo("gone");
    }

    @Test
    @Spec("MQTT5-3.1.4-3")
    void will_ofATakenOverConnection_isSent() {
        RawClient watcher = subscribed(connected(V5, "s"), topic("will"), Qos.AT_MOST_ONCE);
        withWill(will("will", 0), 60);
        withWill(null, 60);
        assertThat(text(take(watcher))).isEqualTo("gone");
    }

    @Test
    @Spec("MQTT5-3.1.3-9")
    void will_delayed_isNotSentWhenTheSessionIsResumed() {
        RawClient watcher = subscribed(connected(V5, "s"), topic("will"), Qos.AT_MOST_ONCE);
        withWill(will("will", 1), 60).close();
        withWill(null, 60);
        assertThat(watcher.next(Duration.ofMillis(1_800))).isNull();
    }

    @Test
    @Spec({"MQTT5 3.1.3.2.2", "MQTT5-3.1.2-7"})
    void will_delayed_isSentAfterTheDelay_notBefore() {
        RawClient watcher = subscribed(connected(V5, "s"), topic("will"), Qos.AT_MOST_ONCE);
        withWill(will("will", 1), 60).close();
        assertThat(watcher.next(Duration.ofMillis(700))).isNull();
        assertThat(text(take(watcher))).isEqualTo("gone");
    }

    @Test
    @Spec("MQTT5 3.1.3.2.2")
    void will_delayed_isSentWhenTheSessionEnds() {
        RawClient watcher = subscribed(connected(V5, "s"), topic("will"), Qos.AT_MOST_ONCE);
        withWill(will("will", 3_600), 0).close();
        assertThat(text(take(watcher))).isEqualTo("gone");
        withWill(will("will", 3_600), 1).close();
        assertThat(text(take(watcher))).isEqualTo("gone");
    }

    @Test
    @Spec("MQTT5-3.1.2-8")
    void will_delayed_isSentWhenANewSessionReplacesTheOld() {
        RawClient watcher = subscribed(connected(V5, "s"), topic("will"), Qos.AT_MOST_ONCE);
        withWill(will("will", 3_600), 60).close();
        session(connect(V5, "w", true, 0, null, ConnectProperties.NONE), false);
        assertThat(text(take(watcher))).isEqualTo("gone");
    }

    @Test
    @Spec({"MQTT5-3.1.2-14", "MQTT5-3.1.2-15"})
    void will_retained() {
        RawClient watcher = subscribed(connected(V5, "s"), topic("#"), Qos.AT_MOST_ONCE);
        withWill(will("kept", 0, true, MessageProperties.NONE), 0).close();
        assertThat(take(watcher).retain()).isFalse();
        withWill(will("passing", 0), 0).close();
        take(watcher);
        RawClient late = subscribed(connected(V5, "l"), topic("#"), Qos.AT_MOST_ONCE);
        Publish kept = take(late);
        assertThat(kept.topic()).isEqualTo(TopicName.of(topic("kept")));
        assertThat(kept.retain()).isTrue();
        expectNothing(late);
    }
}
