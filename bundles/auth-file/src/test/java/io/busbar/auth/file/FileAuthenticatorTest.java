package io.busbar.auth.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.auth.AclRule;
import io.busbar.api.auth.AclRule.Action;
import io.busbar.api.auth.AclRule.Effect;
import io.busbar.api.auth.spi.AuthResult;
import io.busbar.api.auth.spi.Authenticator;
import io.busbar.api.auth.spi.ConnectRequest;
import io.busbar.api.auth.spi.PasswordHashes;
import io.busbar.api.auth.spi.Throttle;
import io.busbar.api.health.Finding;
import io.busbar.testkit.config.ConfigFile;
import io.busbar.testkit.contract.AuthenticatorContract;
import io.busbar.testkit.time.ManualClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileAuthenticatorTest extends AuthenticatorContract {
    /** Made with: mosquitto_passwd -c -b users.passwd line1 hello */
    private static final String LINE1 =
            "line1:$7$101$wCFLfF7HQpfag+lT$Ma/DbtVeRvCm6xsyBjZAZ7XReVDqbxpdBEfQLZaMj9tm+jdza0A6M1sIh2cE3sGdepx3P1vMVlS8GfrAEwqK4g==\n";

    private final ManualClock clock = new ManualClock(Instant.EPOCH);
    private final Throttle throttle = new Throttle(clock, 3, 30, 60);

    @TempDir Path temp;
    private Path file;
    private Path rules;
    private FileAuthenticator authenticator;

    @BeforeEach
    void start() throws IOException {
        file = Files.writeString(temp.resolve("users.passwd"), LINE1);
        rules = temp.resolve("users.acl");
        authenticator = new FileAuthenticator(file, null, throttle);
    }

    @AfterEach
    void stop() {
        authenticator.deactivate();
    }

    @Override
    protected Authenticator authenticator() {
        return authenticator;
    }

    @Override
    protected ConnectRequest welcome() {
        return request("any-id", "line1", "hello");
    }

    @Override
    protected ConnectRequest wrongPassword() {
        return request("any-id", "line1", "hullo");
    }

    @Override
    protected ConnectRequest stranger() {
        return request("any-id", "line2", "hello");
    }

    @Test
    void authenticate_withoutUserName_isLeftToTheNextProvider() {
        assertThat(answer(request("any-id", null, null))).isEqualTo(AuthResult.ABSTAIN);
    }

    @Test
    void authenticate_withoutRules_hasTheDefaultOnes() {
        assertThat(granted(answer(welcome())).acl()).isEqualTo(AclRule.DEFAULT);
    }

    @Test
    void authenticate_withRules_hasThoseOfTheUserAndOfEverybody() throws IOException {
        Files.writeString(
                rules,
                """
                # Mosquitto's acl_file
                pattern read config/%c

                user line1
                topic plant/line1/#
                topic write out/with space
                topic deny plant/line1/locked
                topic read by/%#c

                user line2
                topic readwrite #
                """);
        authenticator = new FileAuthenticator(file, rules, throttle);

        assertThat(granted(answer(welcome())).acl())
                .containsExactly(
                        new AclRule(Effect.ALLOW, Action.SUBSCRIBE, "config/%c"),
                        new AclRule(Effect.ALLOW, Action.BOTH, "plant/line1/#"),
                        new AclRule(Effect.ALLOW, Action.PUBLISH, "out/with space"),
                        new AclRule(Effect.DENY, Action.BOTH, "plant/line1/locked"),
                        new AclRule(Effect.ALLOW, Action.SUBSCRIBE, "by/%#c"));
    }

    @Test
    void reload_changedFile_counts() throws IOException {
        Files.writeString(file, "# nobody any more\n\n");

        authenticator.reloadIfChanged();

        assertThat(answer(welcome())).isEqualTo(AuthResult.ABSTAIN);
    }

    @Test
    void reload_badLine_keepsWhatWasReadBefore() throws IOException {
        Files.writeString(file, "line2:plain text\n");

        authenticator.reloadIfChanged();

        granted(answer(welcome()));
    }

    @Test
    void reload_missingFile_letsNobodyInUntilItIsBack() throws IOException {
        Files.delete(file);
        authenticator.reloadIfChanged();
        assertThat(answer(welcome())).isEqualTo(AuthResult.ABSTAIN);

        Files.writeString(file, LINE1);
        authenticator.reloadIfChanged();
        granted(answer(welcome()));
    }

    /** The salt is "saltsaltsalt": what mosquitto_passwd of Mosquitto 1 makes. */
    private static final String LINE6 =
            "line6:$6$c2FsdHNhbHRzYWx0$qwnp7pXjCHcqbdrHPosSR0DHKKD53YQXRMyLCBtpZt2KHwu7YWrdtxow5TlqMfSL2H/w3wAgIQEAbT/8V/eFLQ==\n";

    private static final String ARGON2ID =
            "$argon2id$v=19$m=19456,t=2,p=1$ABEiM0RVZneImaq7zN3u/w$E+BATt0t9IhfZ13ew9HMDdckQJndJtC5MHHEUdhxyaQ";

    @Test
    void read_badLine_othersCount() throws IOException {
        Files.writeString(
                file, "\uFEFF" + LINE1 + "line2:plain text\n" + LINE6 + "a:" + ARGON2ID + "\n");

        authenticator.reloadIfChanged();

        granted(answer(welcome()));
        granted(answer(request("any-id", "line6", "hello")));
        assertThat(answer(request("any-id", "line6", "hullo")))
                .isInstanceOf(AuthResult.Refused.class);
        UsersFile read = UsersFile.read(file, null);
        assertThat(read.size()).isEqualTo(3);
        assertThat(read.unread()).singleElement().asString().startsWith(file + ":2: ");
    }

    @Test
    void findings_nameFileAndNumberOfLinesThatAreNotRead() throws IOException {
        assertThat(authenticator.findings()).isEmpty();

        Files.writeString(file, LINE1 + "secret-name\nx:y\n");
        authenticator.reloadIfChanged();
        assertThat(authenticator.findings())
                .containsExactly(
                        Finding.degraded(
                                "users file",
                                file + ": lines that are not read: 2. The log names them"));

        Files.delete(file);
        authenticator.reloadIfChanged();
        assertThat(authenticator.findings())
                .extracting(Finding::detail)
                .containsExactly(file + " does not exist: nobody of it may connect");

        Files.writeString(file, LINE1);
        authenticator.reloadIfChanged();
        assertThat(authenticator.findings()).isEmpty();
    }

    @Test
    void authenticate_argon2id_isCheckedByTheService() throws IOException {
        Files.writeString(file, "a:" + ARGON2ID + "\n");
        authenticator.reloadIfChanged();
        assertThat(answer(request("any-id", "a", "hello")))
                .isEqualTo(new AuthResult.Refused(AuthResult.Cause.UNAVAILABLE, "file:a", null));

        authenticator.setHashes(new OneHash());

        granted(answer(request("any-id", "a", "hello")));
        assertThat(answer(request("any-id", "a", "hullo")))
                .isEqualTo(new AuthResult.Refused(AuthResult.Cause.WRONG_PASSWORD, "file:a", null));
    }

    /** Or the answer would tell which names there are. */
    @Test
    void authenticate_guessing_isThrottledForKnownAndUnknownNamesAlike() {
        for (int i = 0; i < 3; i++) {
            assertThat(answer(wrongPassword()))
                    .isEqualTo(
                            new AuthResult.Refused(
                                    AuthResult.Cause.WRONG_PASSWORD, "file:line1", null));
            assertThat(answer(stranger())).isEqualTo(AuthResult.ABSTAIN);
            refused(stranger(), true);
        }

        assertThat(answer(wrongPassword()))
                .isEqualTo(new AuthResult.Refused(AuthResult.Cause.THROTTLED, "file:line1", null));
        assertThat(answer(stranger()))
                .isEqualTo(new AuthResult.Abstain(AuthResult.Cause.THROTTLED));
        granted(answer(request("any-id", "line1", "hello", "10.0.0.2")));

        clock.advance(Duration.ofSeconds(1));
        granted(answer(welcome()));
        assertThat(answer(stranger())).isEqualTo(AuthResult.ABSTAIN);
    }

    /** Clients of another authenticator come with names that nobody has here. */
    @Test
    void authenticate_namesOfOthers_areNoGuesses() {
        for (int i = 0; i < 100; i++) {
            assertThat(answer(request("any-id", "name " + i, "x"))).isEqualTo(AuthResult.ABSTAIN);
        }
        granted(answer(welcome()));
    }

    @Test
    void authenticate_onePasswordForManyNames_isThrottledByAddress() throws IOException {
        Files.writeString(file, LINE1 + LINE6);
        authenticator.reloadIfChanged();
        granted(answer(welcome()));
        for (int i = 0; i < 30; i++) {
            refused(request("any-id", "name " + i, "Summer2026"), false);
        }

        assertThat(answer(request("any-id", "line6", "hello")))
                .isEqualTo(new AuthResult.Refused(AuthResult.Cause.THROTTLED, "file:line6", null));
        assertThat(answer(stranger()))
                .isEqualTo(new AuthResult.Abstain(AuthResult.Cause.THROTTLED));
        granted(answer(welcome()));
        granted(answer(request("any-id", "line6", "hello", "10.0.0.2")));

        clock.advance(Duration.ofSeconds(30));
        granted(answer(request("any-id", "line6", "hello")));
    }

    private void refused(ConnectRequest request, boolean asked) {
        authenticator
                .refused(request, asked)
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    /** 600,000 rounds each, of which only the first ones are computed. */
    @Test
    void authenticate_manyGuessesAtOnce_holdUpNobody() throws IOException {
        Files.writeString(file, LINE1 + LINE1.replace("line1:$7$101$", "slow:$7$600000$"));
        authenticator.reloadIfChanged();
        List<CompletableFuture<AuthResult>> guesses = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            guesses.add(
                    authenticator
                            .authenticate(request("any-id", "slow", "guess " + i, "10.0.0.2"))
                            .toCompletableFuture());
        }

        granted(answer(welcome()));

        assertThat(guesses.stream().map(CompletableFuture::join))
                .filteredOn(
                        new AuthResult.Refused(AuthResult.Cause.THROTTLED, "file:slow", null)
                                ::equals)
                .hasSize(57);
    }

    @Test
    void unknownName_costsWhatAKnownOneCosts() throws IOException {
        Files.writeString(file, LINE1.replace("$7$101$", "$7$60000$"));
        UsersFile read = UsersFile.read(file, null);

        assertThat(read.hashLikeThatOf("nobody")).isEqualTo(read.user("line1").password());
    }

    /** Counts hashes, not time: one for each, whoever refuses the client. */
    @Test
    void refusal_takesOneHash_forKnownNamesNobodysAndThoseOfOthers() throws IOException {
        Files.writeString(file, "a:" + ARGON2ID + "\n");
        authenticator.reloadIfChanged();
        OneHash hashes = new OneHash();
        authenticator.setHashes(hashes);

        answer(request("any-id", "a", "hullo"));
        assertThat(hashes.computed).isEqualTo(1);
        answer(request("any-id", "nobody", "hullo"));
        refused(request("any-id", "nobody", "hullo"), true);
        assertThat(hashes.computed).isEqualTo(2);
        refused(request("any-id", "known to another authenticator", "hullo"), false);
        assertThat(hashes.computed).isEqualTo(3);
    }

    /** Knows that {@link #ARGON2ID} is of "hello", as far as this test is concerned. */
    private static final class OneHash implements PasswordHashes {
        private int computed;

        @Override
        public String hash(byte[] password) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<Verdict> verify(
                byte[] password, @Nullable String hash, BooleanSupplier wanted) {
            computed += wanted.getAsBoolean() ? 1 : 0;
            boolean right =
                    ARGON2ID.equals(hash)
                            && new String(password, StandardCharsets.UTF_8).equals("hello");
            return CompletableFuture.completedFuture(right ? Verdict.RIGHT : Verdict.WRONG);
        }

        @Override
        public int waiting() {
            return 0;
        }
    }

    @Test
    void rules_asMosquittoReadsThem_withTabs() throws IOException {
        Files.writeString(
                rules,
                "# everybody\ntopic read $SYS/#\n\nuser line1\ntopic\tread\tplant/#\n"
                        + "\npattern write devices/%c/state\n");

        UsersFile read = UsersFile.read(file, rules);

        assertThat(read.user("line1").principal().acl())
                .containsExactly(
                        new AclRule(Effect.ALLOW, Action.PUBLISH, "devices/%c/state"),
                        new AclRule(Effect.ALLOW, Action.SUBSCRIBE, "plant/#"));
        assertThat(read.unread()).singleElement().asString().startsWith(rules + ":2: topic before");
    }

    /** What is not understood never widens what somebody may. */
    @Test
    void rules_badLine_givesNoRights() throws IOException {
        Files.writeString(
                rules, "user other\ntopic #\nuser\ntopic a\nuser line1\ntopic b\ntopic deny c#\n");
        UsersFile read = UsersFile.read(file, rules);
        assertThat(read.user("line1").principal().acl())
                .containsExactly(
                        new AclRule(Effect.ALLOW, Action.BOTH, "b"),
                        new AclRule(Effect.DENY, Action.BOTH, "#"),
                        new AclRule(Effect.DENY, Action.BOTH, "$SYS/#"));
        assertThat(read.unread()).hasSize(3);

        Files.writeString(rules, "user line1\ntopic b\nusr other\ntopic #\n");
        assertThat(UsersFile.read(file, rules).user("line1").principal().acl())
                .containsExactly(new AclRule(Effect.ALLOW, Action.BOTH, "b"));
    }

    @Test
    void read_badLines_areNamedByFileAndLine() throws IOException {
        assertBad("line1\n", ":1: no user (expected: name:hash)");
        assertBad("\n# x\nline1:secret\n", ":3: the password is not a known hash");
        assertBad("line1:$2y$10$abc$def\n", ":1: the password is not a known hash");
        assertBad(LINE1 + LINE1, ":2: user line1 stands here twice");
        Files.writeString(file, LINE1);
        for (String bad : new String[] {"topic a", "user x\ntopic a#", "usr x", "user"}) {
            Files.writeString(rules, bad);
            assertThat(UsersFile.read(file, rules).unread())
                    .isNotEmpty()
                    .allSatisfy(line -> assertThat(line).startsWith(rules + ":"));
        }
    }

    @Test
    void hash_asOtherToolsMakeIt() {
        // Python: hashlib.pbkdf2_hmac("sha256", b"hello", b"saltsalt", 1000)
        PasswordHash.Computed sha256 =
                (PasswordHash.Computed)
                        PasswordHash.of(
                                "$pbkdf2-sha256$i=1000$c2FsdHNhbHQ=$QSk5TU73RaV9cB8kWqIJpd5wUq6c4onvEQFKGlVokr8=");

        assertThat(sha256.matches("hello".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .isTrue();
        assertThat(sha256.matches(new byte[0])).isFalse();
    }

    @Test
    void shippedConfiguration_showsEveryKey() {
        ConfigFile.assertShows(FileAuthenticator.Config.class, "examples/io.busbar.auth.file.cfg");
    }

    private void assertBad(String content, String message) throws IOException {
        Files.writeString(file, content);
        assertThat(UsersFile.read(file, null).unread())
                .singleElement()
                .asString()
                .startsWith(file + message);
    }
}
