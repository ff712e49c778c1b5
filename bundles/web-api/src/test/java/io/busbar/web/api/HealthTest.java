package io.busbar.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.busbar.api.health.Finding;
import io.busbar.testkit.storage.FakeDocuments;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@code /health/ready} tells of the parts that know how they are. */
class HealthTest {
    private Server server;

    @BeforeEach
    void start() throws Exception {
        server = new Server();
        server.services.documents(new FakeDocuments());
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void storeThatCannotWrite_isNotUpAsWell() {
        assertThat(statuses()).containsEntry("storage", "UP");

        server.services.healthCheck(() -> List.of(Finding.down("storage", "the disk is full")));

        assertThat(statuses()).containsEntry("storage", "DOWN: the disk is full");
        assertThat(server.get("/health/ready").status()).isEqualTo(503);
    }

    @Test
    void degradedPart_isTold() {
        server.services.healthCheck(() -> List.of(Finding.degraded("users file", "2 lines")));

        assertThat(statuses()).containsEntry("users file", "DEGRADED: 2 lines");
    }

    @Test
    void checkThatFails_isToldAndTheOthersAreAsked() {
        server.services.healthCheck(
                () -> {
                    throw new IllegalStateException("broken");
                });
        server.services.healthCheck(() -> List.of(Finding.degraded("deploy", "x.jar")));

        assertThat(statuses()).containsEntry("deploy", "DEGRADED: x.jar").containsKey("health");
    }

    private Map<String, String> statuses() {
        Map<String, String> all = new TreeMap<>();
        for (JsonElement element : server.get("/health/ready").json().getAsJsonArray("checks")) {
            JsonObject check = element.getAsJsonObject();
            String detail = check.has("detail") ? ": " + check.get("detail").getAsString() : "";
            all.put(check.get("name").getAsString(), check.get("status").getAsString() + detail);
        }
        return all;
    }
}
