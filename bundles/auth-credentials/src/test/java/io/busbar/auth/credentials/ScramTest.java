package io.busbar.auth.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.audit.Actor;
import io.busbar.api.auth.ClientIdPolicy;
import io.busbar.api.auth.Credential;
import io.busbar.api.auth.CredentialService.Created;
import io.busbar.api.auth.NewCredential;
import io.busbar.api.auth.spi.AuthResult;
import io.busbar.api.auth.spi.AuthResult.Cause;
import io.busbar.api.auth.spi.ConnectRequest;
import io.busbar.api.auth.spi.EnhancedAuthenticator;
import io.busbar.api.auth.spi.EnhancedAuthenticator.Exchange;
import io.busbar.api.auth.spi.EnhancedAuthenticator.Step;
import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.auth.passwords.Argon2Hashes;
import io.busbar.memory.ProcessMemory;
import io.busbar.testkit.config.Configs;
import io.busbar.testkit.contract.EnhancedAuthenticatorContract;
import io.busbar.testkit.storage.FakeDocuments;
import io.busbar.testkit.time.ManualClock;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** SCRAM-SHA-256: RFC 5802, RFC 7677, MQTT 5.0 section 4.12. */
class ScramTest extends EnhancedAuthenticatorContract {
    private static final Actor ADA = Actor.user("ada", "10.0.0.7");
    private static final Settings SETTINGS = new Settings(3, 100, 60, 600);

    private final ManualClock clock = new ManualClock(Instant.parse("2026-03-01T12:00:30Z"));
    private final FakeDocuments documents = new FakeDocuments();
    private final ProcessMemory memory = new ProcessMemory(64 << 20, 0, Clock.systemUTC());
    private final Argon2Hashes hashes =
            new Argon2Hashes(Configs.of(Argon2Hashes.Config.class), memory);
    private final CredentialProvider provider = new CredentialProvider(SETTINGS, clock, null);
    private Created line1;

    @BeforeEach
    void start() {
        provider.setDocuments(documents);
        provider.setHashes(hashes);
        line1 = provider.create(NewCredential.of("Line 1 gateway"), ADA);
    }

    @AfterEach
    void stop() {
        provider.deactivate();
        hashes.close();
        memory.close();
    }

    @Override
    protected EnhancedAuthenticator authenticator() {
        return provider;
    }

    @Override
    protected String method() {
        return "SCRAM-SHA-256";
    }

    @Override
    protected String clientId() {
        return line1.credential().clientId();
    }

    @Override
    protected Client client(boolean right) {
        return new ScramClient(
                line1.credential().username(), right ? line1.password() : "wrong", "abcdef");
    }

    /** The example of RFC 7677 section 3. */
    @Test
    void exchange_ofTheRfc_goesAsWritten() {
        Secrets secrets = new Secrets();
        CredentialStore store = CredentialStore.load(new FakeDocuments(), secrets);
        store.create(
                credential("user"),
                Keys.generated(
                        store.serverKey(),
                        "id",
                        "pencil",
                        Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ==")),
                false);
        CredentialAuthenticator judge = new CredentialAuthenticator(clock, SETTINGS, secrets);
        Exchange exchange =
                new ScramExchange(store, judge, request("c"), "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0");

        String challenge = continued(exchange, "n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
        Step.Done done =
                done(
                        exchange,
                        "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                                + "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");

        assertThat(challenge)
                .isEqualTo(
                        "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                                + "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");
        assertThat(done.result()).isInstanceOf(AuthResult.Granted.class);
        assertThat(done.data())
                .asString(StandardCharsets.US_ASCII)
                .isEqualTo("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
    }

    @Test
    void unknownUser_isChallengedLikeAKnownOne_alwaysWithTheSameSalt() {
        String first = continued(begin(), "n,,n=nobody,r=x");
        String second = continued(begin(), "n,,n=nobody,r=x");

        assertThat(first).matches("r=x[^,]{24},s=[A-Za-z0-9+/]{22}==,i=4096");
        assertThat(salt(first)).isEqualTo(salt(second));
    }

    @Test
    void unknownUser_isRefusedAtTheEnd() {
        Exchange exchange = begin();
        ScramClient client = new ScramClient("nobody", "secret", "x");
        String challenge = continued(exchange, text(client.begin()));

        Step.Done done = done(exchange, text(client.answer(Bytes.ascii(challenge))));

        assertThat(cause(done)).isEqualTo(Cause.UNKNOWN_USER);
    }

    @Test
    void chosenPassword_hasNoKeysForIt() {
        provider.create(
                new NewCredential(
                        "HMI",
                        "hmi",
                        "hmi",
                        "correct horse battery",
                        ClientIdPolicy.ANY,
                        0,
                        null,
                        null,
                        List.of()),
                ADA);

        Step.Done done = run(new ScramClient("hmi", "correct horse battery", "x"), "hmi");

        assertThat(cause(done)).isEqualTo(Cause.UNKNOWN_USER);
        assertThat(done.data()).isNull();
        // For people, who see that the credential exists.
        assertThat(((AuthResult.Refused) done.result()).principalId()).isNotNull();
        assertThat(((AuthResult.Refused) done.result()).expected()).contains("generated password");
    }

    @Test
    void wrongSecret_isRefusedAndThrottled() {
        ScramClient wrong = new ScramClient(line1.credential().username(), "wrong", "x");
        for (int i = 0; i < 3; i++) {
            assertThat(cause(run(wrong, clientId()))).isEqualTo(Cause.WRONG_PASSWORD);
        }

        assertThat(cause(run(wrong, clientId()))).isEqualTo(Cause.THROTTLED);
    }

    @Test
    void unknownUser_isThrottledLikeAKnownOne() {
        ScramClient nobody = new ScramClient("nobody", "wrong", "x");
        for (int i = 0; i < 3; i++) {
            assertThat(cause(run(nobody, clientId()))).isEqualTo(Cause.UNKNOWN_USER);
        }

        assertThat(cause(run(nobody, clientId()))).isEqualTo(Cause.THROTTLED);
    }

    @Test
    void clientIdentifier_isJudgedAfterTheSecret() {
        ScramClient right = new ScramClient(line1.credential().username(), line1.password(), "x");

        assertThat(cause(run(right, "another"))).isEqualTo(Cause.CLIENT_ID_NOT_ALLOWED);
    }

    @Test
    void passwordThatIsResetMeanwhile_isNoLongerGood() {
        Exchange exchange = begin();
        Client client = client(true);
        String challenge = continued(exchange, text(client.begin()));

        provider.resetPassword(line1.credential().id(), ADA);

        assertThat(cause(done(exchange, text(client.answer(Bytes.ascii(challenge))))))
                .isEqualTo(Cause.UNKNOWN_USER);
    }

    @Test
    void channelBinding_isNotOffered() {
        Step.Done done = done(begin(), "p=tls-unique,,n=user,r=x");

        assertThat(cause(done)).isEqualTo(Cause.NO_CREDENTIALS);
    }

    @Test
    void nonceOfSomebodyElse_isRefused() {
        Exchange exchange = begin();
        Client client = client(true);
        String challenge = continued(exchange, text(client.begin()));

        String answer =
                text(client.answer(Bytes.ascii(challenge.replaceFirst("r=abcdef", "r=abcdeX"))));

        assertThat(cause(done(exchange, answer))).isEqualTo(Cause.WRONG_PASSWORD);
    }

    private Step.Done run(ScramClient client, String clientId) {
        Exchange exchange = provider.begin(request(clientId), method(), null);
        String challenge = continued(exchange, text(client.begin()));
        return done(exchange, text(client.answer(Bytes.ascii(challenge))));
    }

    private static String continued(Exchange exchange, String message) {
        Step step = exchange.next(Bytes.utf8(message)).toCompletableFuture().join();
        return text(((Step.Continue) step).data());
    }

    private static Step.Done done(Exchange exchange, String message) {
        return (Step.Done) exchange.next(Bytes.utf8(message)).toCompletableFuture().join();
    }

    private static @Nullable Cause cause(Step.Done done) {
        return done.result() instanceof AuthResult.Refused refused ? refused.cause() : null;
    }

    private static String salt(String challenge) {
        return challenge.replaceFirst(".*,s=([^,]*),.*", "$1");
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static ConnectRequest request(String clientId) {
        return new ConnectRequest(
                clientId,
                false,
                null,
                null,
                InetAddress.getLoopbackAddress(),
                "tcp",
                ProtocolVersion.MQTT_5_0,
                null);
    }

    private Credential credential(String username) {
        Instant now = clock.instant();
        return new Credential(
                "id",
                "example",
                "c",
                username,
                ClientIdPolicy.ANY,
                List.of(),
                0,
                List.of(),
                true,
                null,
                List.of(),
                null,
                now,
                "ada",
                now,
                "ada",
                0);
    }

    /** The client's side, as RFC 5802 section 3 computes it. */
    private record ScramClient(String username, String password, String nonce) implements Client {
        @Override
        public byte[] begin() {
            return Bytes.utf8("n,," + bare());
        }

        private String bare() {
            return "n=" + username + ",r=" + nonce;
        }

        @Override
        public byte[] answer(byte[] data) {
            String challenge = text(data);
            String[] parts = challenge.split(",");
            String start = "c=biws," + parts[0];
            try {
                byte[] salted =
                        SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                                .generateSecret(
                                        new PBEKeySpec(
                                                password.toCharArray(),
                                                Base64.getDecoder().decode(parts[1].substring(2)),
                                                Integer.parseInt(parts[2].substring(2)),
                                                256))
                                .getEncoded();
                byte[] clientKey = Bytes.hmacSha256(salted, Bytes.ascii("Client Key"));
                byte[] storedKey = MessageDigest.getInstance("SHA-256").digest(clientKey);
                byte[] proof =
                        Bytes.hmacSha256(
                                storedKey, Bytes.utf8(bare() + "," + challenge + "," + start));
                for (int i = 0; i < proof.length; i++) {
                    proof[i] ^= clientKey[i];
                }
                return Bytes.utf8(start + ",p=" + Base64.getEncoder().encodeToString(proof));
            } catch (java.security.GeneralSecurityException e) {
                throw new AssertionError(e);
            }
        }
    }
}
