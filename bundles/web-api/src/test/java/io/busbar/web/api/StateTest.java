package io.busbar.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.accounts.Role;
import io.busbar.api.audit.Actor;
import io.busbar.api.storage.ConflictException;
import io.busbar.api.storage.StorageException;
import io.busbar.api.transfer.ImportReport;
import io.busbar.api.transfer.ImportReport.Count;
import io.busbar.api.transfer.ImportRule;
import io.busbar.api.transfer.MalformedStateException;
import io.busbar.api.transfer.StateExport;
import io.busbar.api.transfer.StatePart;
import io.busbar.api.transfer.StateTransfer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The state as lines over HTTP. */
class StateTest extends SignedInTest {
    private static final String TYPE = "application/x-ndjson";

    private final FakeTransfer transfer = new FakeTransfer();

    @BeforeEach
    void start() {
        server.services.transfer(transfer);
    }

    private static final class FakeTransfer implements StateTransfer {
        final List<Set<StatePart>> exported = new ArrayList<>();
        final List<Actor> actors = new ArrayList<>();
        final List<ImportRule> rules = new ArrayList<>();
        final List<String> imported = new ArrayList<>();
        @Nullable RuntimeException failure;

        @Override
        public StateExport export(Set<StatePart> parts, Actor actor) {
            exported.add(parts);
            actors.add(actor);
            int[] left = {20_000};
            return to -> {
                if (left[0] == 0) {
                    return false;
                }
                to.append("{\"n\":").append(Integer.toString(left[0]--)).append("}\n");
                return true;
            };
        }

        @Override
        public ImportReport importLines(InputStream lines, ImportRule rule, Actor actor)
                throws IOException {
            if (failure != null) {
                throw failure;
            }
            actors.add(actor);
            rules.add(rule);
            imported.add(new String(lines.readAllBytes(), StandardCharsets.UTF_8));
            return new ImportReport(
                    rule.dryRun(),
                    true,
                    Map.of(
                            StatePart.CREDENTIALS,
                            new Count(1, 2, 3, 0),
                            StatePart.RETAINED,
                            new Count(4, 5, 6, 0),
                            StatePart.SESSIONS,
                            new Count(7, 8, 9, 10)),
                    List.of(new ImportReport.Problem(12, "no base64")),
                    3);
        }
    }

    private Server.Reply post(String query, String lines) {
        return server.send("POST", "/state/import" + query, lines, "Content-Type", TYPE);
    }

    @Test
    void whoAsks_isTheOneWhoIsSignedIn() {
        server.get("/state/export");
        post("", "x");

        assertThat(transfer.actors)
                .hasSize(2)
                .allMatch(actor -> actor.kind() == Actor.Kind.USER && actor.name().equals("admin"));
    }

    @Test
    void export_isStreamed_withThePartsThatAreWanted() {
        Server.Reply all = server.get("/state/export");
        server.get("/state/export?parts=retained,sessions");

        assertThat(all.status()).isEqualTo(200);
        assertThat(all.header("Content-Type")).startsWith(TYPE);
        assertThat(all.body().lines()).hasSize(20_000).last().isEqualTo("{\"n\":1}");
        assertThat(transfer.exported)
                .containsExactly(
                        EnumSet.allOf(StatePart.class),
                        EnumSet.of(StatePart.RETAINED, StatePart.SESSIONS));
        Server.Reply unknown = server.get("/state/export?parts=pictures");
        assertThat(unknown.status()).isEqualTo(422);
        assertThat(unknown.body()).contains("expected: credentials, retained, sessions");
    }

    @Test
    void importLines_reportsWhatItMade_andWhatWasWrong() {
        Server.Reply reply = post("?replace=true&dryRun=true&parts=sessions", "line\n");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(JsonSchema.problems("POST", "/state/import", 200, reply.json())).isEmpty();
        assertThat(reply.json().getAsJsonObject("sessions").get("messages").getAsInt())
                .isEqualTo(10);
        assertThat(reply.body()).contains("\"errors\":[{\"line\":12,\"message\":\"no base64\"}]");
        assertThat(reply.json().get("moreErrors").getAsInt()).isEqualTo(3);
        assertThat(transfer.imported).containsExactly("line\n");
        assertThat(transfer.rules)
                .containsExactly(new ImportRule(true, true, EnumSet.of(StatePart.SESSIONS)));
    }

    @Test
    void importLines_thatCannotBeDone_isAProblem() {
        transfer.failure = new MalformedStateException("The file is empty.");
        Server.Reply malformed = post("", "x");
        assertThat(malformed.problem()).isEqualTo("malformed-json");
        assertThat(malformed.body()).contains("The file is empty. Nothing was changed.");

        transfer.failure = new ConflictException("An import is under way.");
        assertThat(post("", "x").problem()).isEqualTo("already-running");

        transfer.failure = new StorageException("the disk is full");
        Server.Reply full = post("", "x");
        assertThat(full.status()).isEqualTo(503);
        assertThat(full.body()).contains("what was made before stays: the disk is full");

        assertThat(server.post("/state/import", "{}").status()).isEqualTo(415);
    }

    @Test
    void state_isForAdministrators() {
        server.signIn("olga", Role.OPERATOR);

        assertThat(server.get("/state/export").status()).isEqualTo(403);
        assertThat(post("", "x").status()).isEqualTo(403);
        assertThat(transfer.exported).isEmpty();
        assertThat(transfer.rules).isEmpty();
    }

    @Test
    void withoutTheService_isAProblemThatNamesIt_andCountsNoExport() {
        server.services.transfer(null);
        for (int i = 0; i < 5; i++) {
            Server.Reply reply = server.get("/state/export");
            assertThat(reply.status()).isEqualTo(503);
            assertThat(reply.json().get("detail").getAsString()).contains("io.busbar.transfer");
        }
    }
}
