package io.busbar.web.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import io.busbar.api.accounts.Role;
import io.busbar.api.audit.Actor;
import io.busbar.api.auth.NewCredential;
import io.busbar.api.broker.spi.ClientEvent;
import io.busbar.api.uns.TopicValue;
import io.busbar.testkit.time.Await;
import io.busbar.web.http.HttpCounters;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The live stream over real connections. */
@Timeout(60)
class LiveTest extends SignedInTest {
    @Test
    void value_thatIsWatched_arrivesAtOnce() throws Exception {
        int id = seen("a/t", "1");
        try (Server.EventReader reader = server.events("/events?channels=values")) {
            watch(reader, "{\"ids\":[" + id + "]}");
            assertThat(shown(reader)).isEqualTo("1");

            long before = System.nanoTime();
            publish("a/t", "2");

            assertThat(shown(reader)).isEqualTo("2");
            assertThat(Duration.ofNanos(System.nanoTime() - before))
                    .isLessThan(Duration.ofSeconds(2));
        }
    }

    @Test
    void value_ofAFieldThatHasAUnit_saysIt() throws Exception {
        UUID node =
                UUID.fromString(
                        server.post("/namespace/nodes", ContractTest.TOPIC)
                                .json()
                                .get("id")
                                .getAsString());
        server.namespace.values.put("a/t", Fakes.value("a/t", node, "4", 1));
        int id = server.get("/namespace/value?topic=a/t").json().get("liveId").getAsInt();
        try (Server.EventReader reader = server.events("/events?channels=values")) {
            watch(reader, "{\"ids\":[" + id + "]}");

            JsonObject row =
                    reader.next("values").data().getAsJsonArray("values").get(0).getAsJsonObject();

            assertThat(row.get("u").getAsString()).isEqualTo("CEL");
        }
    }

    @Test
    void values_thatComeFast_areCoalescedAndTheLastOneIsSeen() throws Exception {
        int id = seen("a/t", "0");
        try (Server.EventReader reader = server.events("/events?channels=values")) {
            watch(reader, "{\"ids\":[" + id + "]}");
            shown(reader);

            for (int i = 1; i <= 10_000; i++) {
                publish("a/t", Integer.toString(i));
            }

            int events = 0;
            String text;
            do {
                text = shown(reader);
                events++;
            } while (!text.equals("10000"));
            assertThat(events).isLessThan(100);
        }
    }

    @Test
    void figuresOfClients_areToldOnlyOfThoseOnScreen_andComingOfAll() throws Exception {
        server.credentials.create(NewCredential.of("Line 1"), Actor.SERVER);
        var principal = Fakes.principal(server.credentials.get("c1").orElseThrow());
        for (String id : List.of("a", "b")) {
            server.broker.online.put(id, Fakes.client(id, principal));
        }
        List<String> told = new ArrayList<>();
        try (Server.EventReader reader = server.events("/events")) {
            watch(reader, "{\"channels\":[\"clients\"],\"clients\":[\"a\"]}");
            readUntil("a:5", reader, told);

            for (String id : List.of("a", "b")) {
                server.broker.online.put(id, Fakes.client(id, principal, 6));
            }
            readUntil("a:6", reader, told);

            var other = Fakes.client("c", principal);
            server.broker.online.put("c", other);
            server.application
                    .listener()
                    .onEvent(new ClientEvent.Connected(Fakes.T0, other, false));
            readUntil("c:5", reader, told);
        }
        assertThat(told).noneMatch(client -> client.startsWith("b"));
    }

    /** Reads which clients have how many messages, until one has as many as wanted. */
    private static void readUntil(String wanted, Server.EventReader reader, List<String> told)
            throws IOException {
        do {
            for (var row : reader.next("clients").data().getAsJsonArray("changed")) {
                JsonObject client = row.getAsJsonObject();
                told.add(
                        client.get("clientId").getAsString()
                                + ":"
                                + client.get("messagesIn").getAsLong());
            }
        } while (!told.contains(wanted));
    }

    @Test
    void value_thatNobodyWatches_isNotWanted() throws Exception {
        int id = seen("a/t", "1");
        assertThat(server.application.listener().wants("a/t")).isFalse();
        try (Server.EventReader reader = server.events("/events")) {
            String stream = watch(reader, "{\"ids\":[" + id + "]}");
            reader.next("values");
            assertThat(server.application.listener().wants("a/t")).isTrue();
            assertThat(server.application.listener().wants("a/u")).isFalse();

            int other = seen("a/u", "1");
            server.post(
                    "/events/" + stream + "/watch", "{\"ids\":[" + other + "],\"detail\":null}");
            reader.next("values");
            assertThat(server.application.listener().wants("a/t")).isFalse();
        }
    }

    @Test
    void reader_thatStalls_stopsNobody() throws Exception {
        int id = seen("a/t", "1");
        String large = "\"" + "x".repeat(60_000) + "\"";
        try (Server.EventReader stalled = server.events("/events?channels=values");
                Server.EventReader reader = server.events("/events?channels=values")) {
            watch(stalled, "{\"detail\":" + id + "}");
            watch(reader, "{\"ids\":[" + id + "]}");
            shown(reader);

            // Several megabytes for the one that does not read: far more than its socket takes.
            for (int i = 0; i < 40; i++) {
                publish("a/t", large);
                shown(reader);
            }
            publish("a/t", "7");

            assertThat(shown(reader)).isEqualTo("7");
        }
    }

    @Test
    void reader_thatStallsForLong_losesItsStream() throws Exception {
        int id = seen("a/t", "1");
        String large = "\"" + "x".repeat(60_000) + "\"";
        try (Server.EventReader stalled = server.events("/events?channels=values");
                Server.EventReader reader = server.events("/events?channels=values")) {
            watch(stalled, "{\"detail\":" + id + "}");
            watch(reader, "{\"ids\":[" + id + "]}");
            shown(reader);
            for (int i = 0; i < 30; i++) {
                publish("a/t", large);
                shown(reader);
            }

            server.clock.advance(Duration.ofSeconds(31));
            Await.until(() -> server.counters().get(HttpCounters.Cause.STREAM_TOO_SLOW) == 1);
            publish("a/t", "7");

            assertThat(shown(reader)).isEqualTo("7");
        }
    }

    @Test
    void streamsOfOneUser_leavePlaceForOthers() throws Exception {
        server.close();
        server = new Server(8, 3, 2);
        server.signIn("greedy", Role.VIEWER);
        String first = server.cookie;
        server.signIn("greedy", Role.VIEWER);
        String second = server.cookie;
        List<Server.EventReader> open = new ArrayList<>();
        try {
            for (String cookie : List.of(first, first, second)) {
                server.cookie = cookie;
                Server.EventReader reader = server.events("/events");
                reader.next("hello");
                open.add(reader);
            }

            Server.Reply refused = server.get("/events");
            assertThat(refused.problem()).isEqualTo("throttled");
            assertThat(refused.body()).contains("streams.maximum.per.user");
            assertThat(server.counters().get(HttpCounters.Cause.TOO_MANY_STREAMS)).isEqualTo(1);

            server.signIn("other", Role.VIEWER);
            Server.EventReader other = server.events("/events");
            open.add(other);
            other.next("hello");

            // A session at its own bound ends a stream of its own instead.
            server.cookie = first;
            Server.EventReader again = server.events("/events");
            open.add(again);
            again.next("hello");
            assertThat(open.get(0).ends()).isTrue();
        } finally {
            for (Server.EventReader reader : open) {
                reader.close();
            }
        }
    }

    @Test
    void reader_thatComesBack_getsWhatItMissed() throws Exception {
        int id = seen("a/t", "1");
        String last;
        String stream;
        try (Server.EventReader reader = server.events("/events?channels=values")) {
            stream = watch(reader, "{\"ids\":[" + id + "]}");
            last = reader.next("values").id();
        }
        publish("a/t", "2");

        try (Server.EventReader again =
                server.events("/events?channels=values", "Last-Event-ID", last)) {
            JsonObject hello = again.next("hello").data();
            assertThat(hello.get("resumed").getAsBoolean()).isTrue();
            assertThat(hello.get("streamId").getAsString()).isEqualTo(stream);
            assertThat(shown(again)).isEqualTo("2");
        }
    }

    @Test
    void reader_thatComesBackTooLate_beginsAnew() throws Exception {
        String last;
        try (Server.EventReader reader = server.events("/events")) {
            last = reader.next("stats").id();
        }
        server.signIn("admin", Role.ADMIN);

        try (Server.EventReader again = server.events("/events?lastEventId=" + last)) {
            assertThat(again.next("hello").data().get("resumed").getAsBoolean()).isFalse();
        }
    }

    @Test
    void stream_whenTheSessionEnds_saysGoodbye() throws Exception {
        try (Server.EventReader reader = server.events("/events")) {
            reader.next("hello");

            server.send("POST", "/auth/logout", null);

            reader.next("bye");
            assertThat(reader.ends()).isTrue();
        }
    }

    @Test
    void streams_ofOneSession_beyondTheLimit_theOldestEnds() throws Exception {
        try (Server.EventReader first = opened();
                Server.EventReader second = opened();
                Server.EventReader third = opened()) {
            assertThat(first.ends()).isTrue();
            assertThat(second.next("stats")).isNotNull();
            assertThat(third.next("stats")).isNotNull();
        }
    }

    @Test
    void streams_inAll_beyondTheLimit_areRefused() throws Exception {
        List<Server.EventReader> open = new ArrayList<>();
        for (String user : new String[] {"a", "b", "c"}) {
            server.signIn(user, Role.VIEWER);
            Server.EventReader reader = server.events("/events");
            reader.next("hello");
            open.add(reader);
        }
        server.signIn("d", Role.VIEWER);

        Server.Reply reply = server.get("/events");

        assertThat(reply.status()).isEqualTo(429);
        assertThat(reply.problem()).isEqualTo("throttled");
        for (Server.EventReader reader : open) {
            reader.close();
        }
    }

    @Test
    void watch_ofAnotherSessionsStream_isNotFound() throws Exception {
        try (Server.EventReader reader = server.events("/events")) {
            String stream = reader.next("hello").data().get("streamId").getAsString();
            server.signIn("eve", Role.ADMIN);

            assertThat(server.post("/events/" + stream + "/watch", "{\"ids\":[]}").status())
                    .isEqualTo(404);
        }
    }

    @Test
    void watch_withMistakes_namesThem() throws Exception {
        try (Server.EventReader reader = server.events("/events")) {
            String stream = reader.next("hello").data().get("streamId").getAsString();

            assertThat(
                            server.post(
                                            "/events/" + stream + "/watch",
                                            "{\"channels\":[\"stars\"]}")
                                    .problem())
                    .isEqualTo("validation");
            assertThat(server.post("/events/" + stream + "/watch", "{\"idz\":[]}").problem())
                    .isEqualTo("unknown-key");
        }
        assertThat(server.get("/events?channels=stars").status()).isEqualTo(422);
    }

    @Test
    void topics_byFilter_arriveWhole() throws Exception {
        try (Server.EventReader reader = server.events("/namespace/events?topic=a/%2B")) {
            reader.next("hello");
            publish("b/t", "1");
            publish("a/x", "2");
            publish("a/y", "3");

            Set<String> topics = new HashSet<>();
            topics.add(reader.next("value").data().get("topic").getAsString());
            topics.add(reader.next("value").data().get("topic").getAsString());

            assertThat(topics).containsExactlyInAnyOrder("a/x", "a/y");
        }
    }

    @Test
    void stream_withoutSession_isRefused() throws Exception {
        server.cookie = "none=1";

        assertThat(server.get("/events").status()).isEqualTo(401);
        assertThatThrownBy(
                        () -> {
                            try (Server.EventReader reader = server.events("/events")) {
                                reader.next("hello");
                            }
                        })
                .isInstanceOf(IOException.class);
    }

    /** A stream that the server has taken up. */
    private Server.EventReader opened() throws IOException {
        Server.EventReader reader = server.events("/events");
        reader.next("hello");
        return reader;
    }

    private String watch(Server.EventReader reader, String body) throws IOException {
        String stream = reader.next("hello").data().get("streamId").getAsString();
        assertThat(server.post("/events/" + stream + "/watch", body).status()).isEqualTo(204);
        return stream;
    }

    /** What the next event of values shows of the first topic. */
    private static String shown(Server.EventReader reader) throws IOException {
        return reader.next("values")
                .data()
                .getAsJsonArray("values")
                .get(0)
                .getAsJsonObject()
                .get("x")
                .getAsString();
    }

    private int seen(String topic, String payload) {
        publish(topic, payload);
        return server.get("/namespace/value?topic=" + topic).json().get("liveId").getAsInt();
    }

    private void publish(String topic, String payload) {
        TopicValue value = Fakes.value(topic, null, payload, 1);
        server.namespace.values.put(topic, value);
        if (server.application.listener().wants(topic)) {
            server.application.listener().onValue(value);
        }
    }
}
