package io.busbar.auth.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.busbar.api.audit.Actor;
import io.busbar.api.auth.AclRule;
import io.busbar.api.auth.ClientIdPolicy;
import io.busbar.api.auth.Credential;
import io.busbar.api.auth.CredentialChange;
import io.busbar.api.auth.CredentialService.Created;
import io.busbar.api.auth.CredentialService.Ensured;
import io.busbar.api.auth.HashingUnavailableException;
import io.busbar.api.auth.NewCredential;
import io.busbar.api.auth.Principal;
import io.busbar.api.auth.spi.AuthResult;
import io.busbar.api.auth.spi.AuthResult.Cause;
import io.busbar.api.auth.spi.Authenticator;
import io.busbar.api.auth.spi.ConnectRequest;
import io.busbar.api.auth.spi.PasswordHashes;
import io.busbar.api.broker.ClientView;
import io.busbar.api.broker.spi.ClientEvent;
import io.busbar.api.storage.ConflictException;
import io.busbar.api.storage.Document;
import io.busbar.api.storage.DocumentChange;
import io.busbar.api.storage.StorageException;
import io.busbar.auth.passwords.Argon2Hashes;
import io.busbar.memory.ProcessMemory;
import io.busbar.testkit.config.ConfigFile;
import io.busbar.testkit.config.Configs;
import io.busbar.testkit.contract.AuthenticatorContract;
import io.busbar.testkit.storage.FakeDocuments;
import io.busbar.testkit.time.ManualClock;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CredentialProviderTest extends AuthenticatorContract {
    private static final @Nullable Optional<Instant> AS_IT_IS = null;
    private static final Actor ADA = Actor.user("ada", "10.0.0.7");
    private static final Actor BOB = Actor.user("bob", "10.0.0.8");
    private static final Actor EVE = Actor.user("eve", "10.0.0.9");
    private static final Ensured MADE = new Ensured(true, List.of());
    private static final Settings SETTINGS = new Settings(3, 12, 60, 600);

    private final ManualClock clock = new ManualClock(Instant.parse("2026-03-01T12:00:30Z"));
    private final FakeDocuments documents = new FakeDocuments();
    private final FakeClients clients = new FakeClients();
    private final ProcessMemory memory = new ProcessMemory(64 << 20, 0, Clock.systemUTC());
    private final Argon2Hashes hashes =
            new Argon2Hashes(Configs.of(Argon2Hashes.Config.class), memory);
    private CredentialProvider provider = new CredentialProvider(SETTINGS, clock, null);
    private Created line1;

    @BeforeEach
    void start() {
        provider.setDocuments(documents);
        provider.setHashes(hashes);
        provider.setClients(clients);
        line1 = provider.create(NewCredential.of("Line 1 gateway"), ADA);
    }

    @AfterEach
    void stop() {
        provider.deactivate();
        hashes.close();
        memory.close();
    }

    @Override
    protected Authenticator authenticator() {
        return provider;
    }

    @Override
    protected ConnectRequest welcome() {
        return request(
                line1.credential().clientId(), line1.credential().username(), line1.password());
    }

    @Override
    protected ConnectRequest wrongPassword() {
        return request(line1.credential().clientId(), line1.credential().username(), "wrong");
    }

    @Override
    protected ConnectRequest stranger() {
        return request("someone", "someone", "something");
    }

    @Test
    void create_generatesTheTriple() {
        Credential credential = line1.credential();

        assertThat(credential.clientId()).matches("uns[0-9a-z]{12}");
        assertThat(credential.username()).matches("u[0-9a-z]{12}");
        assertThat(line1.password()).matches("[A-HJ-NP-Za-hjkmnp-z2-9]{28}");
        assertThat(credential.clientIdPolicy()).isEqualTo(ClientIdPolicy.EXACT);
        assertThat(credential.acl()).isEqualTo(AclRule.DEFAULT);
        assertThat(credential.enabled()).isTrue();
        assertThat(credential.createdBy()).isEqualTo("ada");
        assertThat(credential.revision()).isEqualTo(1);
        assertThat(line1.toString()).doesNotContain(line1.password());
    }

    @Test
    void create_keepsVerifiersOnly() {
        Created chosen = provider.create(wanted("dev2", "line2", "correct horse battery"), ADA);

        String everything = documents.scan("credentials").toString();
        assertThat(everything)
                .doesNotContain(line1.password())
                .doesNotContain("correct horse battery")
                .contains("scramSha256")
                .contains("$argon2id$v=19$m=19456,t=2,p=1$");
        // The slow hash would be worth nothing with fast keys beside it.
        assertThat(documents.get("credentials", chosen.credential().id()).orElseThrow().json())
                .doesNotContain("scram");
    }

    @Test
    void create_badValues_areRefusedByName() {
        assertRefused(NewCredential.of(" "), "description: 0 characters");
        assertRefused(NewCredential.of("x".repeat(256)), "description: 256 characters");
        assertRefused(wanted("c\u0001", "u", "long enough"), "clientId:");
        assertRefused(wanted("c", " u", "long enough"), "username:");
        for (String other : List.of("", " ", "a\nb", "x".repeat(121))) {
            assertRefused(
                    wanted("c", "u", "long enough").withOtherClientIds(List.of("d", other)),
                    "otherClientIds:");
        }
        assertRefused(withAcl(rule("a\tb")), "acl: filter");
        assertRefused(withAcl(rule("x".repeat(1025))), "1025 characters");
        assertRefused(wanted("c", "u", "short"), "password: 5 characters");
        assertRefused(withAcl(rule("a#")), "acl: filter \"a#\"");
        assertRefused(withAcl(rule("$share/g/a")), "Shared Subscription");
        assertRefused(withNetworks("10.0.0.0/33"), "allowedNetworks: 10.0.0.0/33");
        assertRefused(withNetworks("example.org"), "allowedNetworks: example.org");
        assertThat(provider.list()).hasSize(1);
    }

    @Test
    void create_takenName_conflicts() {
        Credential first = line1.credential();

        assertThatThrownBy(
                        () ->
                                provider.create(
                                        wanted(first.clientId(), "other", "long enough"), ADA))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("clientId");
        assertThatThrownBy(
                        () ->
                                provider.create(
                                        wanted("other", first.username(), "long enough"), ADA))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("username");
    }

    @Test
    void create_diskFull_leavesNothingBehind() {
        documents.failCommits(true);

        assertThatThrownBy(() -> provider.create(wanted("dev2", "line2", "long enough"), ADA))
                .isInstanceOf(StorageException.class);
        documents.failCommits(false);
        assertThat(provider.list()).hasSize(1);
        provider.create(wanted("dev2", "line2", "long enough"), ADA);
    }

    @Test
    void list_isNewestFirst() {
        clock.advance(Duration.ofSeconds(1));
        Created second = provider.create(NewCredential.of("second"), ADA);

        assertThat(provider.list()).containsExactly(second.credential(), line1.credential());
        assertThat(provider.get(second.credential().id())).contains(second.credential());
        assertThat(provider.get("nothing")).isEmpty();
    }

    @Test
    void restart_keepsEverything() {
        Created chosen = provider.create(wanted("dev2", "line2", "correct horse battery"), ADA);
        provider.deactivate();

        provider = new CredentialProvider(SETTINGS, clock, null);
        provider.setDocuments(documents);
        provider.setHashes(hashes);

        granted(answer(welcome()));
        granted(answer(request("dev2", "line2", "correct horse battery")));
        assertThat(provider.list()).contains(line1.credential(), chosen.credential());
    }

    @Test
    void authenticate_chosenPassword_isGrantedAndThenKnown() {
        provider.create(wanted("dev2", "line2", "correct horse battery"), ADA);

        granted(answer(request("dev2", "line2", "correct horse battery")));
        long before = System.nanoTime();
        granted(answer(request("dev2", "line2", "correct horse battery")));

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofMillis(500));
        assertCause(Cause.WRONG_PASSWORD, request("dev2", "line2", "correct horse batterz"));
        assertCause(Cause.NO_CREDENTIALS, request("dev2", "line2", null));
    }

    @Test
    void authenticate_wrongClientId_isToldOnlyAfterTheRightPassword() {
        Credential credential = line1.credential();
        String username = credential.username();

        AuthResult.Refused refused =
                assertCause(
                        Cause.CLIENT_ID_NOT_ALLOWED,
                        request("mqtt-explorer-1234", username, line1.password()));

        assertThat(refused.principalId()).isEqualTo(credential.id());
        assertThat(refused.expected()).isEqualTo(credential.clientId());
        AuthResult.Refused wrong =
                assertCause(Cause.WRONG_PASSWORD, request("mqtt-explorer-1234", username, "guess"));
        assertThat(wrong.expected()).isNull();
    }

    @Test
    void authenticate_policies() {
        Credential it = line1.credential();
        String username = it.username();

        provider.update(it.id(), 0, CredentialChange.clientIds(ClientIdPolicy.PREFIX, null), ADA);
        granted(answer(request(it.clientId(), username, line1.password())));
        granted(answer(request(it.clientId() + "-2", username, line1.password())));
        AuthResult.Refused refused =
                assertCause(
                        Cause.CLIENT_ID_NOT_ALLOWED,
                        request(it.clientId() + "2", username, line1.password()));
        assertThat(refused.expected()).isEqualTo(it.clientId() + "-*");

        provider.update(it.id(), 0, CredentialChange.clientIds(ClientIdPolicy.ANY, null), ADA);
        granted(answer(request("anything", username, line1.password())));

        provider.update(it.id(), 0, CredentialChange.clientIds(ClientIdPolicy.EXACT, "mine"), ADA);
        granted(answer(request("mine", username, line1.password())));
        assertCause(
                Cause.CLIENT_ID_NOT_ALLOWED, request(it.clientId(), username, line1.password()));
    }

    @Test
    void authenticate_otherClientIds_beforeAndAfterTheOwnOne() {
        Credential it = line1.credential();
        String username = it.username();

        provider.update(
                it.id(), 0, CredentialChange.otherClientIds(List.of("mqtt-explorer-1234")), ADA);

        granted(answer(request("mqtt-explorer-1234", username, line1.password())));
        granted(answer(request(it.clientId(), username, line1.password())));
        AuthResult.Refused refused =
                assertCause(
                        Cause.CLIENT_ID_NOT_ALLOWED,
                        request("mqtt-explorer-5678", username, line1.password()));
        assertThat(refused.expected()).isEqualTo(it.clientId() + ", mqtt-explorer-1234");
    }

    @Test
    void authenticate_networks() {
        Created inside =
                provider.create(withNetworks("192.168.1.0/25", "fd00::/9", "10.1.1.1"), ADA);
        Credential it = inside.credential();

        for (String address : List.of("192.168.1.127", "10.1.1.1", "fd7f::1")) {
            granted(answer(request(it.clientId(), it.username(), inside.password(), address)));
        }
        for (String address : List.of("192.168.1.128", "10.1.1.2", "fd80::1", "127.0.0.1")) {
            assertCause(
                    Cause.ADDRESS_NOT_ALLOWED,
                    request(it.clientId(), it.username(), inside.password(), address));
        }
    }

    @Test
    void authenticate_disabledOrExpired_isRefused() {
        String id = line1.credential().id();

        provider.update(id, 0, CredentialChange.enabled(false), ADA);
        assertCause(Cause.DISABLED, welcome());
        assertCause(Cause.WRONG_PASSWORD, wrongPassword());
        provider.update(id, 0, CredentialChange.enabled(true), ADA);
        provider.update(id, 0, expires(clock.instant().plusSeconds(60)), ADA);
        granted(answer(welcome()));
        clock.advance(Duration.ofSeconds(60));

        assertCause(Cause.EXPIRED, welcome());
    }

    @Test
    void authenticate_guessing_isThrottledForTheGuesserOnly() {
        Created chosen = provider.create(wanted("dev2", "line2", "correct horse battery"), ADA);
        String username = chosen.credential().username();
        for (int i = 0; i < 3; i++) {
            assertCause(Cause.WRONG_PASSWORD, request("dev2", username, "guess " + i, "10.0.0.1"));
        }

        assertCause(Cause.THROTTLED, request("dev2", username, "guess", "10.0.0.1"));
        assertCause(
                Cause.THROTTLED, request("dev2", username, "correct horse battery", "10.0.0.1"));
        granted(answer(request("dev2", username, "correct horse battery", "10.0.0.2")));

        clock.advance(Duration.ofSeconds(1));
        assertCause(Cause.WRONG_PASSWORD, request("dev2", username, "guess", "10.0.0.1"));
        clock.advance(Duration.ofSeconds(1));
        assertCause(Cause.THROTTLED, request("dev2", username, "guess", "10.0.0.1"));
        clock.advance(Duration.ofSeconds(1));
        granted(answer(request("dev2", username, "correct horse battery", "10.0.0.1")));
    }

    /** Or the answer would tell which names there are. */
    @Test
    void authenticate_unknownName_isThrottledLikeAKnownOne() {
        for (int i = 0; i < 3; i++) {
            assertThat(answer(stranger())).isEqualTo(AuthResult.ABSTAIN);
            refused(stranger(), true);
        }
        assertThat(answer(stranger())).isEqualTo(new AuthResult.Abstain(Cause.THROTTLED));

        clock.advance(Duration.ofSeconds(1));
        assertThat(answer(stranger())).isEqualTo(AuthResult.ABSTAIN);
        refused(stranger(), true);
        assertThat(answer(stranger())).isEqualTo(new AuthResult.Abstain(Cause.THROTTLED));
    }

    /** Clients of another provider come with names that nobody has here. */
    @Test
    void authenticate_unknownNameThatAnotherProviderKnows_isNeverThrottled() {
        for (int i = 0; i < 100; i++) {
            assertThat(answer(stranger())).isEqualTo(AuthResult.ABSTAIN);
        }
    }

    @Test
    void authenticate_onePasswordForManyNames_isThrottledByAddress() {
        provider.create(wanted("dev2", "line2", "correct horse battery"), ADA);
        provider.create(wanted("dev3", "line3", "correct horse battery"), ADA);
        granted(answer(request("dev2", "line2", "correct horse battery", "10.0.0.1")));
        for (int i = 0; i < 12; i++) {
            refused(request("x", "name" + i, "Summer2026", "10.0.0.1"), false);
        }

        assertThat(answer(request("x", "name", "Summer2026", "10.0.0.1")))
                .isEqualTo(new AuthResult.Abstain(Cause.THROTTLED));
        assertCause(Cause.THROTTLED, request("dev3", "line3", "correct horse battery", "10.0.0.1"));
        granted(answer(request("dev3", "line3", "correct horse battery", "10.0.0.2")));
        granted(answer(request("dev2", "line2", "correct horse battery", "10.0.0.1")));
        granted(
                answer(
                        request(
                                line1.credential().clientId(),
                                line1.credential().username(),
                                line1.password(),
                                "10.0.0.1")));

        clock.advance(Duration.ofMinutes(15).dividedBy(12));
        granted(answer(request("dev3", "line3", "correct horse battery", "10.0.0.1")));
    }

    /** Counts hashes, not time: one for each, whoever refuses the client. */
    @Test
    void refusal_takesOneHash_forKnownNamesNobodysAndThoseOfOthers() {
        provider.create(wanted("dev2", "line2", "correct horse battery"), ADA);
        CountedHashes counted = new CountedHashes(hashes);
        provider.setHashes(counted);

        assertCause(Cause.WRONG_PASSWORD, request("dev2", "line2", "guess"));
        assertThat(counted.computed).hasValue(1);
        assertCause(Cause.WRONG_PASSWORD, wrongPassword());
        assertThat(counted.computed).hasValue(2);
        answer(stranger());
        refused(stranger(), true);
        assertThat(counted.computed).hasValue(3);
        refused(request("x", "known to another provider", "guess"), false);
        assertThat(counted.computed).hasValue(4);
    }

    /** Many guesses that come before the first one has failed. */
    @Test
    void authenticate_manyGuessesAtOnce_areNotAllComputed() {
        provider.create(wanted("dev2", "line2", "correct horse battery"), ADA);
        CountedHashes counted = new CountedHashes(hashes);
        provider.setHashes(counted);
        List<CompletableFuture<AuthResult>> guesses = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            guesses.add(
                    provider.authenticate(request("dev2", "line2", "guess " + i))
                            .toCompletableFuture());
        }

        guesses.forEach(guess -> guess.orTimeout(30, TimeUnit.SECONDS).join());

        // Three are free, and up to three more are computed beside the third at that moment.
        assertThat(counted.computed.get()).isBetween(3, 6);
    }

    private record CountedHashes(PasswordHashes hashes, AtomicInteger computed)
            implements PasswordHashes {
        CountedHashes(PasswordHashes hashes) {
            this(hashes, new AtomicInteger());
        }

        @Override
        public String hash(byte[] password) {
            return hashes.hash(password);
        }

        @Override
        public CompletionStage<Verdict> verify(
                byte[] password, @Nullable String hash, BooleanSupplier wanted) {
            return hashes.verify(
                    password,
                    hash,
                    () -> {
                        boolean computes = wanted.getAsBoolean();
                        computed.addAndGet(computes ? 1 : 0);
                        return computes;
                    });
        }

        @Override
        public int waiting() {
            return hashes.waiting();
        }
    }

    private void refused(ConnectRequest request, boolean asked) {
        provider.refused(request, asked)
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    @Test
    void authenticate_generatedPassword_isGrantedEvenWhileOthersGuessFromTheSameAddress() {
        for (int i = 0; i < 4; i++) {
            answer(wrongPassword());
        }
        assertCause(Cause.THROTTLED, wrongPassword());

        granted(answer(welcome()));
    }

    @Test
    void withoutDocuments_loginsAreRefusedAndChangesFail() {
        provider.unsetDocuments(documents);

        assertCause(Cause.UNAVAILABLE, welcome());
        assertThatThrownBy(provider::list)
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("document store is not running");

        provider.setDocuments(documents);
        granted(answer(welcome()));
    }

    @Test
    void withoutHashes_chosenPasswordsAreRefusedAndGeneratedOnesAreNot() {
        Credential chosen =
                provider.create(wanted("dev2", "line2", "correct horse battery"), ADA).credential();

        provider.unsetHashes(hashes);

        assertCause(Cause.UNAVAILABLE, request("dev2", "line2", "correct horse battery"));
        assertCause(Cause.UNAVAILABLE, request("dev2", "line2", "guess"));
        granted(answer(welcome()));
        // All alike, or the answer would tell which names there are.
        assertCause(Cause.UNAVAILABLE, wrongPassword());
        assertThat(answer(stranger())).isEqualTo(new AuthResult.Abstain(Cause.UNAVAILABLE));
        assertThatThrownBy(() -> provider.create(wanted("dev3", "line3", "long enough"), ADA))
                .isInstanceOf(HashingUnavailableException.class)
                .hasMessageContaining("is not running");
        assertThatThrownBy(
                        () ->
                                provider.ensure(
                                        wanted("dev3", "line3", "long enough"), Actor.BOOTSTRAP))
                .isInstanceOf(HashingUnavailableException.class);
        assertThat(provider.list()).containsExactlyInAnyOrder(line1.credential(), chosen);

        provider.setHashes(hashes);
        granted(answer(request("dev2", "line2", "correct horse battery")));
    }

    @Test
    void whileHashesAreBusy_chosenPasswordsAreRefused() {
        provider.create(wanted("dev2", "line2", "correct horse battery"), ADA);
        hashes.close();

        assertCause(Cause.BUSY, request("dev2", "line2", "correct horse battery"));
        granted(answer(welcome()));
        assertCause(Cause.BUSY, wrongPassword());
        assertThat(answer(stranger())).isEqualTo(new AuthResult.Abstain(Cause.BUSY));
    }

    @Test
    void serverKeyLost_isRefusedLoudlyAndHealedByAReset() {
        documents.commit(List.of(DocumentChange.delete("auth_keys", "credentials")));
        provider.setDocuments(documents);

        assertCause(Cause.UNAVAILABLE, welcome());

        line1 = provider.resetPassword(line1.credential().id(), ADA);
        granted(answer(welcome()));
    }

    @Test
    void damagedCredential_doesNotLockOutTheOthers() {
        Created second = provider.create(NewCredential.of("second"), ADA);
        documents.commit(
                List.of(DocumentChange.put("credentials", second.credential().id(), "{\"x\":1}")));

        provider.setDocuments(documents);

        granted(answer(welcome()));
        assertThat(provider.list()).containsExactly(line1.credential());
    }

    @Test
    void update_oldRevision_conflicts() {
        String id = line1.credential().id();
        Credential changed = provider.update(id, 1, description("new"), BOB);

        assertThat(changed.revision()).isEqualTo(2);
        assertThat(changed.updatedBy()).isEqualTo("bob");
        assertThat(changed.createdBy()).isEqualTo("ada");
        assertThatThrownBy(() -> provider.update(id, 1, description("newer"), EVE))
                .isInstanceOf(ConflictException.class);
        assertThat(provider.get(id).orElseThrow().description()).isEqualTo("new");
        assertThatThrownBy(() -> provider.update("nothing", 0, description("x"), EVE))
                .isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void update_nothing_keepsTheRevision() {
        assertThat(provider.update(line1.credential().id(), 0, CredentialChange.enabled(true), ADA))
                .isEqualTo(line1.credential());
        assertThat(clients.calls).isEmpty();
    }

    @Test
    void changes_takeEffectOnLiveClients() {
        String id = line1.credential().id();

        provider.update(id, 0, acl(List.of(rule("a"))), ADA);
        provider.update(id, 0, CredentialChange.enabled(false), ADA);
        provider.update(id, 0, CredentialChange.enabled(true), ADA);
        provider.resetPassword(id, ADA);
        provider.delete(id, ADA);

        assertThat(clients.calls)
                .containsExactly(
                        "update 1 rules",
                        "disconnectAll ADMINISTRATIVE_ACTION",
                        "disconnectAll ADMINISTRATIVE_ACTION",
                        "disconnectAll ADMINISTRATIVE_ACTION and end sessions");
        assertThat(clients.actors).hasSize(4).containsOnly(ADA);
    }

    /** Else clients would keep the rights of the earlier change until they connect again. */
    @Test
    void changes_atTheSameTime_reachLiveClientsInTheirOrder() throws Exception {
        String id = line1.credential().id();
        Thread later = new Thread(() -> provider.update(id, 0, acl(List.of()), BOB));
        clients.beforeUpdate =
                () -> {
                    clients.beforeUpdate = () -> {};
                    later.start();
                    while (later.getState() != Thread.State.WAITING && later.isAlive()) {
                        Thread.onSpinWait();
                    }
                };

        provider.update(id, 0, acl(List.of(rule("a"), rule("b"))), ADA);
        later.join();

        assertThat(clients.calls).containsExactly("update 2 rules", "update 0 rules");
        assertThat(clients.actors).containsExactly(ADA, BOB);
    }

    @Test
    void changes_ofPolicyAndNetworks_disconnectThoseThatNoLongerFit() {
        Credential it = line1.credential();
        Principal principal = granted(answer(welcome()));
        provider.update(it.id(), 0, CredentialChange.clientIds(ClientIdPolicy.ANY, null), ADA);
        clients.connect(it.clientId(), principal, "127.0.0.1:50000");
        clients.connect("other", principal, "[::1]:50001");

        provider.update(it.id(), 0, CredentialChange.clientIds(ClientIdPolicy.EXACT, null), ADA);
        assertThat(clients.calls).containsExactly("disconnect other ADMINISTRATIVE_ACTION");

        provider.update(it.id(), 0, networks("127.0.0.0/8"), ADA);
        assertThat(clients.connected).hasSize(1);
        provider.update(it.id(), 0, networks("10.0.0.0/8"), ADA);
        assertThat(clients.connected).isEmpty();
    }

    @Test
    void expiry_disconnectsLiveClients() {
        provider.update(line1.credential().id(), 0, expires(clock.instant().plusSeconds(10)), ADA);
        provider.disconnectExpired();
        assertThat(clients.calls).isEmpty();
        clock.advance(Duration.ofSeconds(10));

        provider.disconnectExpired();
        provider.disconnectExpired();

        assertThat(clients.calls).containsExactly("disconnectAll ADMINISTRATIVE_ACTION");
        assertThat(clients.actors).containsExactly(Actor.SERVER);
    }

    @Test
    void connected_justAfterItWasDisabled_isDisconnected() {
        Principal principal = granted(answer(welcome()));
        provider.update(line1.credential().id(), 0, CredentialChange.enabled(false), ADA);
        clients.calls.clear();

        ClientView late = clients.connect(line1.credential().clientId(), principal, "127.0.0.1:1");
        provider.onEvent(new ClientEvent.Connected(clock.instant(), late, false));

        assertThat(clients.calls).containsExactly("disconnectAll ADMINISTRATIVE_ACTION");
    }

    @Test
    void lastSeen_isKeptToTheMinuteWithoutANewRevision() {
        String id = line1.credential().id();
        ClientView view =
                clients.connect(
                        line1.credential().clientId(), granted(answer(welcome())), "127.0.0.1:1");

        provider.onEvent(new ClientEvent.Connected(clock.instant(), view, false));
        provider.writeSeen();
        CredentialProvider next = new CredentialProvider(SETTINGS, clock, null);
        next.setDocuments(documents);

        Credential seen = next.get(id).orElseThrow();
        assertThat(seen.lastSeenAt()).isEqualTo(Instant.parse("2026-03-01T12:00:00Z"));
        assertThat(seen.revision()).isEqualTo(1);
        assertThat(clients.calls).isEmpty();
        next.deactivate();
    }

    @Test
    void delete_forgetsEverythingButTheName() {
        provider.delete(line1.credential().id(), ADA);

        assertThat(answer(welcome())).isEqualTo(AuthResult.ABSTAIN);
        assertThat(provider.list()).isEmpty();
        assertThat(documents.scan("credentials")).isEmpty();
        assertThat(documents.scan("credential_tombstones"))
                .extracting(Document::key)
                .containsExactlyInAnyOrder(
                        "clientId:" + line1.credential().clientId(),
                        "username:" + line1.credential().username());
    }

    @Test
    void delete_keepsWhoDidItBesideTheName() {
        provider.delete(line1.credential().id(), BOB);

        assertThat(documents.scan("credential_tombstones"))
                .extracting(Document::json)
                .hasSize(2)
                .containsOnly("{\"at\":\"2026-03-01T12:00:30Z\",\"by\":\"bob\"}");
    }

    @Test
    void ensure_makesOnceAndNeverBringsBackWhatAPersonDeleted() {
        NewCredential wanted = wanted("dev2", "line2", "correct horse battery");

        assertThat(provider.ensure(wanted, Actor.BOOTSTRAP)).isEqualTo(MADE);
        assertThat(provider.ensure(wanted, Actor.BOOTSTRAP)).isEqualTo(Ensured.NOTHING_TO_DO);
        Credential made = named("line2");
        provider.delete(made.id(), ADA);

        assertThat(provider.ensure(wanted, Actor.BOOTSTRAP)).isEqualTo(Ensured.NOTHING_TO_DO);
        assertThat(provider.ensure(wanted(null, "line2", "correct horse battery"), Actor.BOOTSTRAP))
                .isEqualTo(Ensured.NOTHING_TO_DO);
        assertThat(provider.list()).hasSize(1);
        // A person may still make it again.
        provider.create(wanted, ADA);
    }

    /** A person gave it another Client Identifier: that is no mistake of the file. */
    @Test
    void ensure_whatAPersonChanged_staysWithoutAWord() {
        NewCredential wanted = wanted("dev2", "line2", "correct horse battery");
        provider.ensure(wanted, Actor.BOOTSTRAP);
        provider.update(
                named("line2").id(),
                0,
                CredentialChange.clientIds(ClientIdPolicy.EXACT, "dev2-new"),
                ADA);
        provider.create(wanted("dev2", "other", "correct horse battery"), ADA);

        assertThat(provider.ensure(wanted, Actor.BOOTSTRAP)).isEqualTo(Ensured.NOTHING_TO_DO);
    }

    @ParameterizedTest
    @CsvSource({"dev1, the Client ID", "dev1-b, a further Client ID"})
    void ensure_whoseClientIdSomebodyElseHas_makesNothing_andSaysWhose(String taken, String kind) {
        provider.create(
                wanted("dev1", "line1", "correct horse battery")
                        .withOtherClientIds(List.of("dev1-b")),
                ADA);

        Ensured done =
                provider.ensure(wanted(taken, "line2", "correct horse battery"), Actor.BOOTSTRAP);

        assertThat(done.created()).isFalse();
        assertThat(done.problems()).hasSize(1);
        assertThat(done.problems().get(0))
                .startsWith("credential \"A device\" (user name line2) was not made")
                .contains("\"" + taken + "\" is " + kind + " of the credential \"A device\"")
                .contains("(user name line1)")
                .contains("Remove it there");
        assertThat(provider.list()).extracting(Credential::username).doesNotContain("line2");
    }

    @Test
    void ensure_whoseClientIdSomebodyElseHadAndWasDeleted_makesNothing_andSaysSo() {
        provider.create(wanted("dev1", "line1", "correct horse battery"), ADA);
        provider.delete(named("line1").id(), ADA);

        Ensured done =
                provider.ensure(wanted("dev1", "line2", "correct horse battery"), Actor.BOOTSTRAP);

        assertThat(done.created()).isFalse();
        assertThat(done.problems()).hasSize(1);
        assertThat(done.problems().get(0))
                .contains("(user name line2) was not made")
                .contains("\"dev1\" was deleted");
    }

    @Test
    void ensure_leavesOutFurtherClientIdsThatAnotherCredentialHas_andSaysWhose() {
        provider.create(wanted("spare", "spare", "correct horse battery"), ADA);

        NewCredential gateway =
                wanted("gw", "gw", "correct horse battery")
                        .withOtherClientIds(List.of("spare", "gw-b"));
        Ensured done = provider.ensure(gateway, Actor.BOOTSTRAP);

        assertThat(done.created()).isTrue();
        assertThat(done.problems()).hasSize(1);
        assertThat(done.problems().get(0))
                .contains("(user name gw)")
                .contains("\"spare\" is the Client ID of")
                .contains("(user name spare)");
        assertThat(named("gw").otherClientIds()).containsExactly("gw-b");
    }

    private Credential named(String username) {
        return provider.list().stream()
                .filter(it -> it.username().equals(username))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void create_whatAListHoldsTwice_isKeptOnce() {
        AclRule rule = rule("a/#");

        Credential made =
                provider.create(
                                new NewCredential(
                                        "A device",
                                        null,
                                        null,
                                        null,
                                        null,
                                        0,
                                        List.of(rule, rule),
                                        null,
                                        List.of("10.0.0.0/8", "::1", "10.0.0.0/8")),
                                ADA)
                        .credential();

        assertThat(made.acl()).containsExactly(rule);
        assertThat(made.allowedNetworks()).containsExactly("10.0.0.0/8", "::1");
    }

    @Test
    void ensure_withoutNameOrPassword_isRefused() {
        assertThatThrownBy(() -> provider.ensure(NewCredential.of("x"), Actor.BOOTSTRAP))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shippedConfiguration_showsEveryKey() {
        ConfigFile.assertShows(CredentialProvider.Config.class, "io.busbar.auth.credentials.cfg");
    }

    private AuthResult.Refused assertCause(Cause cause, ConnectRequest request) {
        AuthResult result = answer(request);
        assertThat(result).isInstanceOf(AuthResult.Refused.class);
        AuthResult.Refused refused = (AuthResult.Refused) result;
        assertThat(refused.cause()).isEqualTo(cause);
        return refused;
    }

    private void assertRefused(NewCredential wanted, String message) {
        assertThatThrownBy(() -> provider.create(wanted, ADA))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    private static NewCredential wanted(
            @Nullable String clientId, String username, String password) {
        return new NewCredential(
                "A device", clientId, username, password, null, 0, null, null, List.of());
    }

    private static NewCredential withAcl(AclRule rule) {
        return new NewCredential(
                "A device", null, null, null, null, 0, List.of(rule), null, List.of());
    }

    private static NewCredential withNetworks(String... networks) {
        return new NewCredential(
                "A device", null, null, null, null, 0, null, null, List.of(networks));
    }

    private static AclRule rule(String filter) {
        return new AclRule(AclRule.Effect.ALLOW, AclRule.Action.BOTH, filter);
    }

    private static CredentialChange description(String text) {
        return new CredentialChange(text, null, null, null, null, null, AS_IT_IS, null);
    }

    private static CredentialChange acl(List<AclRule> rules) {
        return new CredentialChange(null, null, null, null, rules, null, AS_IT_IS, null);
    }

    private static CredentialChange expires(Instant at) {
        return new CredentialChange(null, null, null, null, null, null, Optional.of(at), null);
    }

    private static CredentialChange networks(String... networks) {
        return new CredentialChange(
                null, null, null, null, null, null, AS_IT_IS, List.of(networks));
    }
}
