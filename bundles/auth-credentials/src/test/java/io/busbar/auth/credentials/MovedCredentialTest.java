package io.busbar.auth.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.busbar.api.audit.Actor;
import io.busbar.api.auth.Credential;
import io.busbar.api.auth.CredentialService.Created;
import io.busbar.api.auth.NewCredential;
import io.busbar.api.auth.spi.AuthResult;
import io.busbar.api.auth.spi.ConnectRequest;
import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.transfer.CredentialState;
import io.busbar.api.transfer.CredentialState.Outcome;
import io.busbar.testkit.storage.FakeDocuments;
import io.busbar.testkit.time.ManualClock;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Credentials go from one server to another, with what is kept of their passwords. */
class MovedCredentialTest {
    private static final Actor ADA = Actor.user("ada", "10.0.0.7");
    private static final Settings SETTINGS = new Settings(3, 12, 60, 600);

    private final ManualClock clock = new ManualClock(Instant.parse("2026-03-01T12:00:30Z"));
    private final FakeDocuments there = new FakeDocuments();
    private final FakeClients clients = new FakeClients();
    private CredentialProvider from;
    private CredentialProvider to;
    private Created line1;

    @BeforeEach
    void start() {
        from = provider(new FakeDocuments());
        to = provider(there);
        to.setClients(clients);
        line1 = from.create(NewCredential.of("Line 1 gateway"), ADA);
    }

    private CredentialProvider provider(FakeDocuments documents) {
        CredentialProvider made = new CredentialProvider(SETTINGS, clock, null);
        made.setDocuments(documents);
        return made;
    }

    private static List<String> lines(CredentialProvider provider) {
        List<String> lines = new ArrayList<>();
        provider.credentials().forEachRemaining(lines::add);
        return lines;
    }

    private static String line(CredentialProvider provider) {
        return lines(provider).get(0);
    }

    private static Outcome take(
            CredentialProvider at, String line, boolean replace, boolean dryRun) {
        return at.arrivals(replace, dryRun, ADA).take(line);
    }

    private static AuthResult login(CredentialProvider at, Created created, String password) {
        Credential credential = created.credential();
        return at.authenticate(
                        new ConnectRequest(
                                credential.clientId(),
                                false,
                                credential.username(),
                                password.getBytes(StandardCharsets.UTF_8),
                                InetAddress.getLoopbackAddress(),
                                "tcp",
                                ProtocolVersion.MQTT_5_0,
                                null))
                .toCompletableFuture()
                .join();
    }

    @Test
    void passwordThatWasGenerated_isRightAtTheOtherServer_alsoAfterItsRestart() {
        String line = line(from);
        assertThat(line).doesNotContain(line1.password());

        assertThat(take(to, line, false, false)).isEqualTo(Outcome.CREATED);

        assertThat(login(to, line1, line1.password())).isInstanceOf(AuthResult.Granted.class);
        assertThat(login(to, line1, "wrong")).isInstanceOf(AuthResult.Refused.class);
        CredentialProvider again = provider(there);
        assertThat(login(again, line1, line1.password())).isInstanceOf(AuthResult.Granted.class);
        assertThat(lines(again)).containsExactly(line);
    }

    @Test
    void credentialThatExists_isKeptOrReplaced() {
        take(to, line(from), false, false);
        String before = line(to);
        Created reset = from.resetPassword(line1.credential().id(), ADA);

        assertThat(take(to, line(from), false, false)).isEqualTo(Outcome.EXISTS);
        assertThat(line(to)).isEqualTo(before);

        assertThat(take(to, line(from), true, true)).isEqualTo(Outcome.REPLACED);
        assertThat(line(to)).isEqualTo(before);

        assertThat(take(to, line(from), true, false)).isEqualTo(Outcome.REPLACED);
        assertThat(login(to, line1, line1.password())).isInstanceOf(AuthResult.Refused.class);
        assertThat(login(to, reset, reset.password())).isInstanceOf(AuthResult.Granted.class);
        assertThat(clients.calls).anyMatch(call -> call.startsWith("disconnectAll"));
    }

    @Test
    void dryRun_changesNothing() {
        assertThat(take(to, line(from), false, true)).isEqualTo(Outcome.CREATED);

        assertThat(to.count()).isZero();
        assertThat(there.scan("auth_keys")).hasSize(1);
    }

    @Test
    void userNameOfAnother_andKeysThatAreNotThere_areRefused() {
        String line = line(from);
        to.create(
                new NewCredential(
                        "Other",
                        null,
                        line1.credential().username(),
                        null,
                        null,
                        0,
                        null,
                        null,
                        List.of(),
                        List.of(),
                        false),
                ADA);

        for (boolean dryRun : new boolean[] {true, false}) {
            assertThatThrownBy(() -> take(to, line, true, dryRun))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("belongs to the credential");
        }
        String keyless = line.replaceFirst(",\"serverKey\":\\{.*", "}");
        assertThatThrownBy(() -> take(provider(new FakeDocuments()), keyless, true, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the server key");
        assertThatThrownBy(() -> take(to, "{\"id\":\"x\"}", true, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("credential");
    }

    private static NewCredential device(String description, String clientId) {
        return new NewCredential(
                description, clientId, null, null, null, 0, null, null, List.of(), List.of(), true);
    }

    @Test
    void clientIdOfACredentialThatIsHere_isRefusedAndNamed_andNothingOfItComes() {
        from.create(device("Press there", "press-1"), ADA);
        from.create(device("Oven there", "oven-1").withOtherClientIds(List.of("press-1")), ADA);
        to.create(device("Press here", "press-1"), ADA);
        List<String> file = lines(from);

        List<String> would = outcomes(file, true, true);
        List<String> did = outcomes(file, true, false);

        assertThat(would).isEqualTo(did).containsOnlyOnce("CREATED");
        assertThat(did)
                .filteredOn(outcome -> !outcome.equals("CREATED"))
                .hasSize(2)
                .allMatch(
                        outcome ->
                                outcome.startsWith(
                                        "the Client ID press-1 belongs to the credential \"Press"
                                                + " here\""));
        assertThat(to.list())
                .extracting(Credential::description)
                .containsExactlyInAnyOrder("Press here", "Line 1 gateway");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void clientIdThatCredentialsShare_comesWithThem_andStaysTheirs(boolean dryRun) {
        from.create(device("Old press", "press-1"), ADA);
        from.create(device("New press", "press-1"), ADA);
        List<String> file = lines(from);

        assertThat(outcomes(file, false, dryRun)).containsOnly("CREATED").hasSize(3);
        outcomes(file, false, false);
        assertThat(outcomes(file, true, dryRun)).containsOnly("REPLACED").hasSize(3);
    }

    /** What each line of a file comes to, or why not, one after the other. */
    private List<String> outcomes(List<String> file, boolean replace, boolean dryRun) {
        CredentialState.Arrivals arrivals = to.arrivals(replace, dryRun, ADA);
        List<String> outcomes = new ArrayList<>();
        for (String line : file) {
            try {
                outcomes.add(arrivals.take(line).name());
            } catch (IllegalArgumentException refusal) {
                outcomes.add(refusal.getMessage());
            }
        }
        return outcomes;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void dryRun_foreseesWhatLinesBeforeWouldHaveMade(boolean replace) {
        from.create(NewCredential.of("Line 2 gateway"), ADA);
        String username = line1.credential().username();
        String id = line1.credential().id();
        String one = line(from, id);
        String two =
                lines(from).stream().filter(each -> !each.equals(one)).findFirst().orElseThrow();
        String renamed = one.replace("\"username\":\"" + username, "\"username\":\"other");
        assertThat(renamed).isNotEqualTo(one);
        String thief = two.replaceFirst("\"username\":\"[^\"]*", "\"username\":\"" + username);
        String keyless = two.replaceFirst(",\"serverKey\":\\{.*", "}");
        List<String> file =
                List.of(keyless, one, one, thief, keyless, two, renamed, thief, "{}", one);

        List<String> would = outcomes(file, replace, true);
        List<String> did = outcomes(file, replace, false);

        assertThat(would).isEqualTo(did).contains("CREATED", replace ? "REPLACED" : "EXISTS");
        assertThat(outcomes(file, replace, true)).isEqualTo(outcomes(file, replace, false));
    }

    private static String line(CredentialProvider provider, String id) {
        return lines(provider).stream()
                .filter(each -> each.contains("\"id\":\"" + id + "\""))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void credentialThatIsTooLarge_isRefused() {
        String large = line(from).replaceFirst("\\{", "{\"x\":\"" + "x".repeat(1 << 20) + "\",");

        assertThatThrownBy(() -> take(to, large, false, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1048576");
    }
}
