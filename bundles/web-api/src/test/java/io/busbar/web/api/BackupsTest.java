package io.busbar.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.busbar.api.accounts.Role;
import io.busbar.api.audit.Actor;
import io.busbar.api.backup.Backup;
import io.busbar.api.backup.Backup.State;
import io.busbar.api.backup.Backups;
import io.busbar.api.storage.ConflictException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Backups over HTTP. */
class BackupsTest extends SignedInTest {
    private static final Instant AT = Instant.parse("2026-11-30T11:50:30.123Z");

    private final FakeBackups backups = new FakeBackups();

    @BeforeEach
    void start() {
        server.services.backups(backups);
    }

    private static Backup backup(State state, long done, long size, @Nullable String failure) {
        return new Backup(
                Path.of("/data/backups/busbar-1.zip"), state, AT, done, 300, size, failure);
    }

    private static final class FakeBackups implements Backups {
        final List<Backup> all = new ArrayList<>();
        final List<Actor> actors = new ArrayList<>();

        @Override
        public Started start(@Nullable Path folder, Actor actor) {
            assertThat(folder).isNull();
            if (!all.isEmpty() && all.get(0).state() == State.RUNNING) {
                throw new ConflictException("A backup is being made already: x.zip.");
            }
            actors.add(actor);
            all.add(0, backup(State.RUNNING, 0, 0, null));
            return new Started(all.get(0), new CompletableFuture<>());
        }

        @Override
        public List<Backup> list() {
            return all;
        }
    }

    @Test
    void backup_begins_andTheListSaysHowFarItHasCome() {
        Server.Reply begun = server.post("/backups", "");

        assertThat(begun.status()).isEqualTo(202);
        assertThat(JsonSchema.problems("POST", "/backups", 202, begun.json())).isEmpty();
        assertThat(begun.json().get("state").getAsString()).isEqualTo("RUNNING");
        assertThat(backups.actors)
                .singleElement()
                .satisfies(
                        actor -> {
                            assertThat(actor.kind()).isEqualTo(Actor.Kind.USER);
                            assertThat(actor.name()).isEqualTo("admin");
                        });

        backups.all.set(0, backup(State.RUNNING, 120, 0, null));
        backups.all.add(backup(State.FAILED, 7, 0, "The backup failed: the disk is full."));
        backups.all.add(backup(State.DONE, 300, 99, null));
        Server.Reply list = server.get("/backups");

        assertThat(JsonSchema.problems("GET", "/backups", 200, list.json())).isEmpty();
        JsonObject running = item(list, 0);
        assertThat(running.get("doneBytes").getAsLong()).isEqualTo(120);
        assertThat(running.get("totalBytes").getAsLong()).isEqualTo(300);
        assertThat(running.get("startedAt").getAsString()).isEqualTo("2026-11-30T11:50:30.123Z");
        assertThat(item(list, 1).get("failure").getAsString())
                .isEqualTo("The backup failed: the disk is full.");
        assertThat(item(list, 2).get("sizeBytes").getAsLong()).isEqualTo(99);
        assertThat(item(list, 2).get("file").getAsString()).isEqualTo("/data/backups/busbar-1.zip");
    }

    private static JsonObject item(Server.Reply list, int index) {
        return list.json().getAsJsonArray("items").get(index).getAsJsonObject();
    }

    @Test
    void second_whileOneIsMade_isAConflict() {
        server.post("/backups", "");

        Server.Reply second = server.post("/backups", "");

        assertThat(second.status()).isEqualTo(409);
        assertThat(second.json().get("type").getAsString())
                .isEqualTo("urn:busbar:problem:already-running");
        assertThat(second.json().get("detail").getAsString())
                .startsWith("A backup is being made already: x.zip. Wait for its end");
        assertThat(backups.actors).hasSize(1);
    }

    @Test
    void backups_areForAdministrators() {
        server.signIn("olga", Role.OPERATOR);

        assertThat(server.get("/backups").status()).isEqualTo(403);
        assertThat(server.post("/backups", "").status()).isEqualTo(403);
        server.cookie = null;
        assertThat(server.post("/backups", "").status()).isEqualTo(401);
        assertThat(backups.actors).isEmpty();
    }

    @Test
    void withoutTheService_isAProblemThatNamesIt() {
        server.services.backups(null);

        Server.Reply reply = server.get("/backups");

        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.json().get("detail").getAsString()).contains("io.busbar.backup");
    }
}
