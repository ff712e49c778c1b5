package io.busbar.auth.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.busbar.api.auth.AclRule;
import io.busbar.api.auth.AclRule.Action;
import io.busbar.api.auth.AclRule.Effect;
import io.busbar.api.auth.spi.AuthResult;
import io.busbar.api.auth.spi.Authenticator;
import io.busbar.api.auth.spi.ConnectRequest;
import io.busbar.testkit.config.ConfigFile;
import io.busbar.testkit.contract.AuthenticatorContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileAuthenticatorTest extends AuthenticatorContract {
    /** Made with: mosquitto_passwd -c -b users.passwd line1 hello */
    private static final String LINE1 =
            "line1:$7$101$wCFLfF7HQpfag+lT$Ma/DbtVeRvCm6xsyBjZAZ7XReVDqbxpdBEfQLZaMj9tm+jdza0A6M1sIh2cE3sGdepx3P1vMVlS8GfrAEwqK4g==\n";

    @TempDir Path temp;
    private Path file;
    private Path rules;
    private FileAuthenticator authenticator;

    @BeforeEach
    void start() throws IOException {
        file = Files.writeString(temp.resolve("users.passwd"), LINE1);
        rules = temp.resolve("users.acl");
        authenticator = new FileAuthenticator(file, null);
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

                user line2
                topic readwrite #
                """);
        authenticator = new FileAuthenticator(file, rules);

        assertThat(granted(answer(welcome())).acl())
                .containsExactly(
                        new AclRule(Effect.ALLOW, Action.SUBSCRIBE, "config/%c"),
                        new AclRule(Effect.ALLOW, Action.BOTH, "plant/line1/#"),
                        new AclRule(Effect.ALLOW, Action.PUBLISH, "out/with space"),
                        new AclRule(Effect.DENY, Action.BOTH, "plant/line1/locked"));
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

    @Test
    void read_badLines_areNamedByFileAndLine() throws IOException {
        assertBad("line1\n", ":1: no user (expected: name:hash)");
        assertBad("\n# x\nline1:secret\n", ":3: the password is not a known hash");
        assertBad("line1:$2y$10$abc$def\n", ":1: the password is not a known hash");
        assertBad(LINE1 + LINE1, ":2: user line1 stands here twice");
        Files.writeString(file, LINE1);
        for (String bad : new String[] {"topic a", "user x\ntopic a#", "usr x", "user"}) {
            Files.writeString(rules, bad);
            assertThatThrownBy(() -> UsersFile.read(file, rules))
                    .isInstanceOf(UsersFile.BadLineException.class)
                    .hasMessageStartingWith(rules + ":");
        }
    }

    @Test
    void hash_asOtherToolsMakeIt() {
        // Python: hashlib.pbkdf2_hmac("sha256", b"hello", b"saltsalt", 1000)
        PasswordHash sha256 =
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
        assertThatThrownBy(() -> UsersFile.read(file, null))
                .isInstanceOf(UsersFile.BadLineException.class)
                .hasMessageContaining(file + message);
    }
}
