package io.busbar.auth.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.busbar.api.accounts.Accounts.SignIn;
import io.busbar.api.accounts.Role;
import io.busbar.api.accounts.User;
import io.busbar.api.audit.Actor;
import io.busbar.api.auth.HashingUnavailableException;
import io.busbar.api.auth.spi.Throttle;
import io.busbar.api.storage.DocumentChange;
import io.busbar.api.storage.StorageException;
import io.busbar.auth.passwords.Argon2Hashes;
import io.busbar.memory.ProcessMemory;
import io.busbar.testkit.config.ConfigFile;
import io.busbar.testkit.config.Configs;
import io.busbar.testkit.storage.FakeDocuments;
import io.busbar.testkit.time.ManualClock;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UserAccountsTest {
    private static final Actor ADA = Actor.user("ada", "10.0.0.7");
    private static final String PASSWORD = "twelve chars and more";

    private final ManualClock clock = new ManualClock(Instant.parse("2026-03-01T12:00:00Z"));
    private final FakeDocuments documents = new FakeDocuments();
    private final ProcessMemory memory = new ProcessMemory(64 << 20, 0, Clock.systemUTC());
    private final Argon2Hashes hashes =
            new Argon2Hashes(Configs.of(Argon2Hashes.Config.class), memory);
    private UserAccounts accounts;

    @BeforeEach
    void start() {
        accounts = started();
    }

    @AfterEach
    void stop() {
        hashes.close();
        memory.close();
    }

    @Test
    void setUp_makesTheFirstAdministratorOnce() {
        assertThat(accounts.setupRequired()).isTrue();
        String token = accounts.newSetupToken(Actor.SERVER);

        User admin = accounts.setUp(token, "Admin", PASSWORD, ADA);

        assertThat(admin.role()).isEqualTo(Role.ADMIN);
        assertThat(accounts.setupRequired()).isFalse();
        assertThat(granted("admin", PASSWORD).username()).isEqualTo("Admin");
        assertThat(accounts.isSetupToken(token)).isFalse();
        assertThatThrownBy(() -> accounts.setUp(token, "eve", PASSWORD, ADA))
                .isInstanceOf(SecurityException.class);
        assertThatThrownBy(() -> accounts.newSetupToken(Actor.SERVER))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void setUp_tokenIsRandomAndKeptAsAHash() {
        String token = accounts.newSetupToken(Actor.SERVER);

        assertThat(token).matches("[A-Za-z0-9_-]{22}");
        assertThat(accounts.newSetupToken(Actor.SERVER)).isNotEqualTo(token);
        assertThat(documents.scan("setup").toString()).doesNotContain(token);
    }

    @Test
    void setUp_wrongOldOrExpiredToken_isRefused() {
        String first = accounts.newSetupToken(Actor.SERVER);
        String second = accounts.newSetupToken(Actor.SERVER);

        assertThat(accounts.isSetupToken(second)).isTrue();
        for (String token : List.of("", "guess", first)) {
            assertThat(accounts.isSetupToken(token)).isFalse();
            assertThatThrownBy(() -> accounts.setUp(token, "eve", PASSWORD, ADA))
                    .isInstanceOf(SecurityException.class);
        }
        clock.advance(Duration.ofHours(24));
        assertThat(accounts.isSetupToken(second)).isFalse();
        assertThatThrownBy(() -> accounts.setUp(second, "eve", PASSWORD, ADA))
                .isInstanceOf(SecurityException.class);
        assertThat(accounts.setupRequired()).isTrue();
    }

    @Test
    void setUp_badNameOrPassword_leavesTheTokenValid() {
        String token = accounts.newSetupToken(Actor.SERVER);

        assertThatThrownBy(() -> accounts.setUp(token, "admin", "elevenchars", ADA))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("password: 11 characters (expected: 12 to 256)");
        assertThatThrownBy(() -> accounts.setUp(token, "no spaces", PASSWORD, ADA))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("username");
        documents.failCommits(true);
        assertThatThrownBy(() -> accounts.setUp(token, "admin", PASSWORD, ADA))
                .isInstanceOf(StorageException.class);
        documents.failCommits(false);

        accounts.setUp(token, "admin", PASSWORD, ADA);
    }

    @Test
    void signIn_diskFull_letsInAndLosesOnlyTheTime() {
        accounts.ensure("admin", PASSWORD, Role.ADMIN, ADA);
        documents.failCommits(true);

        assertThat(granted("admin", PASSWORD).lastLoginAt()).isEqualTo(clock.instant());

        assertThat(accounts.get("admin").orElseThrow().lastLoginAt()).isNull();
        documents.failCommits(false);
        granted("admin", PASSWORD);
        assertThat(accounts.get("admin").orElseThrow().lastLoginAt()).isEqualTo(clock.instant());
    }

    @Test
    void setUp_twoAtOnce_oneWins() {
        String token = accounts.newSetupToken(Actor.SERVER);
        List<CompletableFuture<Boolean>> results = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            String name = "admin" + i;
            results.add(
                    CompletableFuture.supplyAsync(
                            () -> {
                                try {
                                    accounts.setUp(token, name, PASSWORD, ADA);
                                    return true;
                                } catch (SecurityException expected) {
                                    return false;
                                }
                            }));
        }

        assertThat(results).extracting(CompletableFuture::join).containsOnlyOnce(true);
        assertThat(accounts.list()).hasSize(1);
    }

    @Test
    void signIn_afterARestart_isGranted() {
        accounts.ensure("admin", PASSWORD, Role.ADMIN, Actor.BOOTSTRAP);

        accounts = started();

        assertThat(granted("admin", PASSWORD).lastLoginAt()).isEqualTo(clock.instant());
        assertThat(documents.scan("users").toString())
                .contains("$argon2id$v=19$m=19456,t=2,p=1$")
                .doesNotContain(PASSWORD);
    }

    @Test
    void signIn_wrong_isRefusedAlike() {
        accounts.ensure("admin", PASSWORD, Role.ADMIN, Actor.BOOTSTRAP);

        assertThat(accounts.signIn("admin", PASSWORD + "x", "10.0.0.1"))
                .isEqualTo(new SignIn.Refused(4));
        assertThat(accounts.signIn("nobody", PASSWORD, "10.0.0.1"))
                .isEqualTo(new SignIn.Refused(4));
        assertThat(accounts.signIn("", "", "10.0.0.1")).isEqualTo(new SignIn.Refused(4));
        assertThat(accounts.signIn("admin", "x".repeat(1_000_000), "10.0.0.1"))
                .isEqualTo(new SignIn.Refused(3));
    }

    @Test
    void signIn_unicodePassword_isTheSameInEveryForm() {
        accounts.ensure("admin", "Ma\u00dfst\u00e4be f\u00fcr alle", Role.ADMIN, Actor.BOOTSTRAP);

        granted("admin", "Ma\u00dfsta\u0308be fu\u0308r alle");
    }

    @Test
    void signIn_guessing_isThrottledForTheGuessersBlockOnly() {
        accounts.ensure("admin", PASSWORD, Role.ADMIN, Actor.BOOTSTRAP);
        for (int i = 1; i <= 5; i++) {
            assertThat(accounts.signIn("admin", "guess " + i, "10.0.0." + i))
                    .isEqualTo(new SignIn.Refused(5 - i));
        }

        assertThat(accounts.signIn("ADMIN", PASSWORD, "10.0.0.99"))
                .isEqualTo(new SignIn.Throttled(1));
        assertThat(accounts.signIn("admin", PASSWORD, "10.0.1.1"))
                .isInstanceOf(SignIn.Granted.class);

        clock.advance(Duration.ofSeconds(1));
        assertThat(accounts.signIn("admin", "guess", "10.0.0.1")).isEqualTo(new SignIn.Refused(0));
        assertThat(accounts.signIn("admin", PASSWORD, "10.0.0.1"))
                .isEqualTo(new SignIn.Throttled(2));
        for (int i = 0; i < 10; i++) {
            clock.advance(Duration.ofSeconds(60));
            assertThat(accounts.signIn("admin", "guess", "10.0.0.1"))
                    .isEqualTo(new SignIn.Refused(0));
        }
        assertThat(accounts.signIn("admin", PASSWORD, "10.0.0.1"))
                .isEqualTo(new SignIn.Throttled(60));
        clock.advance(Duration.ofSeconds(60));
        granted("admin", PASSWORD);
        granted("admin", PASSWORD);
    }

    @Test
    void signIn_guessingManyNames_isThrottledByBlock() {
        accounts.ensure("admin", PASSWORD, Role.ADMIN, Actor.BOOTSTRAP);
        accounts.ensure("ada", PASSWORD, Role.VIEWER, Actor.BOOTSTRAP);
        assertThat(accounts.signIn("admin", PASSWORD, "2001:db8:0:0:0:0:0:1"))
                .isInstanceOf(SignIn.Granted.class);
        for (int i = 0; i < 30; i++) {
            assertThat(accounts.signIn("name" + i, "guess", "2001:db8:0:0:0:0:0:" + i))
                    .isInstanceOf(SignIn.Refused.class);
        }

        assertThat(accounts.signIn("name", "guess", "2001:db8:0:0:0:0:0:1"))
                .isEqualTo(new SignIn.Throttled(30));
        assertThat(accounts.signIn("ada", PASSWORD, "2001:db8:0:0:0:0:0:1"))
                .isEqualTo(new SignIn.Throttled(30));
        assertThat(accounts.signIn("admin", PASSWORD, "2001:db8:0:0:0:0:0:1"))
                .isInstanceOf(SignIn.Granted.class);
        granted("ada", PASSWORD);
    }

    @Test
    void ensure_makesOnceAndNeverBringsBackWhatAPersonDeleted() {
        assertThat(accounts.ensure("admin", PASSWORD, Role.ADMIN, Actor.BOOTSTRAP)).isTrue();
        assertThat(accounts.ensure("Admin", "another password", Role.VIEWER, Actor.BOOTSTRAP))
                .isFalse();
        assertThat(accounts.ensure("second", PASSWORD, Role.ADMIN, Actor.BOOTSTRAP)).isTrue();
        granted("admin", PASSWORD);

        accounts.delete("admin", ADA);

        assertThat(accounts.ensure("admin", PASSWORD, Role.ADMIN, Actor.BOOTSTRAP)).isFalse();
        assertThat(accounts.get("admin")).isEmpty();
        assertThat(accounts.signIn("admin", PASSWORD, "10.0.0.1")).isEqualTo(new SignIn.Refused(4));
    }

    @Test
    void delete_lastAdministrator_isRefused() {
        accounts.ensure("admin", PASSWORD, Role.ADMIN, Actor.BOOTSTRAP);
        accounts.ensure("viewer", PASSWORD, Role.VIEWER, Actor.BOOTSTRAP);

        assertThatThrownBy(() -> accounts.delete("admin", ADA))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("last administrator");
        assertThatThrownBy(() -> accounts.delete("nobody", ADA))
                .isInstanceOf(NoSuchElementException.class);
        accounts.delete("viewer", ADA);
        assertThat(documents.get("user_tombstones", "viewer").orElseThrow().json())
                .isEqualTo("{\"at\":\"2026-03-01T12:00:00Z\",\"by\":\"ada\"}");
        assertThat(accounts.list()).extracting(User::username).containsExactly("admin");
    }

    @Test
    void setPassword_replacesTheOldOne() {
        accounts.ensure("admin", PASSWORD, Role.ADMIN, Actor.BOOTSTRAP);

        accounts.setPassword("admin", "another password", ADA);

        assertThat(accounts.signIn("admin", PASSWORD, "10.0.0.1")).isEqualTo(new SignIn.Refused(4));
        granted("admin", "another password");
        assertThatThrownBy(() -> accounts.setPassword("admin", "short", ADA))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> accounts.setPassword("nobody", PASSWORD, ADA))
                .isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void withoutDocuments_everythingFailsWithAMessage() {
        accounts.ensure("admin", PASSWORD, Role.ADMIN, Actor.BOOTSTRAP);
        accounts.unsetDocuments(documents);

        assertThatThrownBy(() -> accounts.signIn("admin", PASSWORD, "10.0.0.1"))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("document store is not running");
        assertThatThrownBy(accounts::setupRequired).isInstanceOf(StorageException.class);

        accounts.setDocuments(documents);
        granted("admin", PASSWORD);
    }

    @Test
    void damagedUser_doesNotOpenTheSetup() {
        accounts.ensure("admin", PASSWORD, Role.ADMIN, Actor.BOOTSTRAP);
        documents.commit(List.of(DocumentChange.put("users", "admin", "{}")));

        accounts.setDocuments(documents);

        assertThatThrownBy(accounts::setupRequired).isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> accounts.newSetupToken(Actor.SERVER))
                .isInstanceOf(StorageException.class);
    }

    @Test
    void shippedConfiguration_showsEveryKey() {
        ConfigFile.assertShows(UserAccounts.Config.class, "io.busbar.auth.users.cfg");
    }

    @Test
    void withoutHashes_nobodySignsInAndNothingIsChanged() {
        accounts.ensure("admin", PASSWORD, Role.ADMIN, Actor.BOOTSTRAP);

        accounts.unsetHashes(hashes);

        assertThatThrownBy(() -> accounts.signIn("admin", PASSWORD, "10.0.0.1"))
                .isInstanceOf(HashingUnavailableException.class)
                .hasMessageContaining("is not running");
        assertThatThrownBy(() -> accounts.setPassword("admin", "another password", ADA))
                .isInstanceOf(HashingUnavailableException.class);
        assertThatThrownBy(() -> accounts.ensure("ben", PASSWORD, Role.VIEWER, ADA))
                .isInstanceOf(HashingUnavailableException.class);
        assertThat(accounts.get("admin")).isPresent();
        assertThat(accounts.list()).hasSize(1);

        accounts.setHashes(hashes);
        granted("admin", PASSWORD);
    }

    @Test
    void whileHashesAreBusy_isAskedToTryAgain() {
        accounts.ensure("admin", PASSWORD, Role.ADMIN, Actor.BOOTSTRAP);
        hashes.close();

        assertThat(accounts.signIn("admin", PASSWORD, "10.0.0.1"))
                .isEqualTo(new SignIn.Throttled(1));
        assertThat(accounts.signIn("nobody", PASSWORD, "10.0.0.1"))
                .isEqualTo(new SignIn.Throttled(1));
        assertThatThrownBy(() -> accounts.setPassword("admin", "another password", ADA))
                .isInstanceOf(HashingUnavailableException.class)
                .hasMessageContaining("try again");
    }

    /** As the version before wrote them. */
    @Test
    void documentsOfBefore_areRead() {
        documents.commit(
                List.of(
                        DocumentChange.create(
                                "users",
                                "ada",
                                """
                                {"username":"Ada","role":"ADMIN",\
                                "password":"$argon2id$v=19$m=19456,t=2,p=1$2eNDyItrqmPLIvQACQh4nw\
                                $ZANRgl7ij1r5blgB9FBr09CNQ+YxwoEXA9F1uRyOTtg",\
                                "createdAt":"2026-03-01T12:00:00Z",\
                                "lastLoginAt":"2026-03-01T12:00:00Z"}\
                                """),
                        DocumentChange.create(
                                "users",
                                "j\u00fcrgen",
                                """
                                {"username":"J\u00fcrgen","role":"ENGINEER",\
                                "password":"$argon2id$v=19$m=19456,t=2,p=1$quvXGOPY0Aq1ZPm9GZi6AQ\
                                $5hr+oFIJjAo1XTEk9yKh5/wGO/5zA8Zo1AxPc1TjWVo",\
                                "createdAt":"2026-03-01T12:00:00Z"}\
                                """),
                        DocumentChange.create("user_tombstones", "eve", "{}")));

        accounts = started();

        User ada = granted("ada", "twelve chars and more");
        assertThat(ada.username()).isEqualTo("Ada");
        assertThat(ada.role()).isEqualTo(Role.ADMIN);
        assertThat(ada.createdAt()).isEqualTo(Instant.parse("2026-03-01T12:00:00Z"));
        assertThat(accounts.get("J\u00dcRGEN").orElseThrow().lastLoginAt()).isNull();
        granted("j\u00fcrgen", "twelve chars and more");
        assertThat(accounts.ensure("eve", PASSWORD, Role.VIEWER, Actor.BOOTSTRAP)).isFalse();
    }

    @Test
    void setUpTokenOfBefore_isRead() {
        documents.commit(
                List.of(
                        DocumentChange.create(
                                "setup",
                                "token",
                                """
                                {"sha256":"5bdafb6c075bc50b006595e41832a561\
                                c7a5a6cebb8503ad1902b8f7dea45f54",\
                                "expiresAt":"2026-03-02T12:00:00Z"}\
                                """)));

        assertThat(accounts.setUp("LBspch5ILpbFIJ2RvOzsjQ", "ada", PASSWORD, ADA).role())
                .isEqualTo(Role.ADMIN);
    }

    private UserAccounts started() {
        UserAccounts started = new UserAccounts(new Throttle(clock, 5, 30, 60), clock);
        started.setDocuments(documents);
        started.setHashes(hashes);
        return started;
    }

    private User granted(String username, String password) {
        SignIn result = accounts.signIn(username, password, "10.0.0.1");
        assertThat(result).isInstanceOf(SignIn.Granted.class);
        return ((SignIn.Granted) result).user();
    }
}
