package io.busbar.web.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.busbar.api.accounts.Role;
import io.busbar.api.memory.MemoryAccount;
import io.busbar.api.memory.MemoryArea;
import io.busbar.api.memory.MemoryShortException;
import io.busbar.api.memory.MemoryShortage;
import io.busbar.testkit.time.Await;
import io.busbar.web.http.Failures;
import io.busbar.web.http.Problem;
import io.busbar.web.http.ProblemType;
import java.time.Duration;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** What the API shows of the memory budget, and what it counts in it. */
class MemoryTest extends SignedInTest {
    private static final long ALL = 512L << 20;

    private JsonObject check(String name) {
        return StreamSupport.stream(
                        server.get("/health/ready").json().getAsJsonArray("checks").spliterator(),
                        false)
                .map(JsonElement::getAsJsonObject)
                .filter(check -> check.get("name").getAsString().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void memory_isShownToViewers_theLargestKindFirst() {
        MemoryAccount small = server.memory.open(MemoryArea.HEAP, "queues", 100, null);
        small.add(1 << 20);
        server.memory.open(MemoryArea.HEAP, "sessions", 100, null).add(91 << 20);
        small.refused("line1", 5);
        small.refused("line1", 7);
        server.signIn("vic", Role.VIEWER);

        Server.Reply reply = server.get("/memory");

        assertThat(JsonSchema.problems("GET", "/memory", 200, reply.json())).isEmpty();
        JsonObject heap = reply.json().getAsJsonArray("areas").get(0).getAsJsonObject();
        assertThat(heap.get("area").getAsString()).isEqualTo("HEAP");
        assertThat(heap.get("maximumBytes").getAsLong()).isEqualTo(ALL);
        assertThat(heap.get("usedBytes").getAsLong()).isGreaterThanOrEqualTo(92 << 20);
        assertThat(heap.get("refusals").getAsLong()).isEqualTo(2);
        assertThat(heap.get("short").getAsBoolean()).isFalse();
        JsonObject largest = heap.getAsJsonArray("kinds").get(0).getAsJsonObject();
        assertThat(largest.get("kind").getAsString()).isEqualTo("sessions");
        assertThat(largest.get("bytes").getAsLong()).isEqualTo(91 << 20);
        JsonObject shortage = reply.json().getAsJsonArray("shortages").get(0).getAsJsonObject();
        assertThat(shortage.get("holder").getAsString()).isEqualTo("line1");
        assertThat(shortage.get("kind").getAsString()).isEqualTo("queues");
        assertThat(shortage.get("times").getAsLong()).isEqualTo(2);
        assertThat(shortage.get("heldBytes").getAsLong()).isEqualTo(7);
        assertThat(shortage.get("reclaimed").getAsBoolean()).isFalse();
    }

    @Test
    void memory_withoutSignIn_isNotShown() {
        server.cookie = null;

        assertThat(server.get("/memory").status()).isEqualTo(401);
    }

    @Test
    void health_isDegradedWhileMemoryIsShort_andAWhileAfterARefusal() {
        assertThat(check("memory").get("status").getAsString()).isEqualTo("UP");
        MemoryAccount sessions = server.memory.open(MemoryArea.HEAP, "sessions", 100, null);

        sessions.add(ALL);

        assertThat(check("memory").get("status").getAsString()).isEqualTo("DEGRADED");
        assertThat(check("memory").get("detail").getAsString())
                .startsWith("heap is short: 512 of 512 MiB in use, most of it by sessions 512 MiB");

        sessions.add(-ALL);
        assertThat(check("memory").get("status").getAsString()).isEqualTo("UP");
        sessions.refused("line1", 5);

        assertThat(check("memory").get("detail").getAsString())
                .startsWith("heap was short: ")
                .as("anybody may ask")
                .doesNotContain("line1");

        server.clock.advance(Duration.ofMinutes(6));
        assertThat(check("memory").get("status").getAsString()).isEqualTo("UP");
    }

    @Test
    void problem_ofAMemoryThatIsShort_is507() {
        Problem problem = Failures.problemOf(new MemoryShortException("Memory is short."));

        assertThat(problem.type()).isEqualTo(ProblemType.MEMORY_SHORT);
        assertThat(problem.type().status()).isEqualTo(507);
        assertThat(problem.getMessage()).isEqualTo("Memory is short. Nothing was changed.");
    }

    @Test
    void valuesForAStream_withoutRoom_areToldAsLost_andTheUserIsNamed() throws Exception {
        try (Server.EventReader reader = server.events("/namespace/events?topic=%23")) {
            reader.next("hello");
            MemoryAccount others = server.memory.open(MemoryArea.HEAP, "others", 100, null);
            others.add(ALL);

            server.application.listener().onValue(Fakes.value("a/b", null, "1", 1));

            assertThat(reader.next("lost").data().get("dropped").getAsInt()).isEqualTo(1);
            assertThat(server.memory.shortages())
                    .extracting(MemoryShortage::kind, MemoryShortage::holder)
                    .containsExactly(tuple("console", "admin"));
            others.close();
            server.application.listener().onValue(Fakes.value("a/b", null, "2", 2));
            assertThat(reader.next("value").data().toString()).contains("2");
        }
    }

    @Test
    void streamsThatEnd_giveEverythingBack() throws Exception {
        String text = '"' + "x".repeat(5000) + '"';
        try (Server.EventReader reader = server.events("/namespace/events?topic=%23")) {
            reader.next("hello");
            server.application.listener().onValue(Fakes.value("a/b", null, text, 1));
            reader.next("value");
            assertThat(console()).isGreaterThan(5000);
        }

        server.post("/auth/logout", "");

        server.clock.advance(Duration.ofMinutes(1));
        // The number of the topic and its rate are remembered.
        Await.until(() -> console() < 1000);
    }

    private long console() {
        return server.memory.use(MemoryArea.HEAP).kinds().get("console");
    }
}
