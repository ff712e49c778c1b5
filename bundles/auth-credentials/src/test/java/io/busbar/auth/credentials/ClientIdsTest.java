package io.busbar.auth.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.busbar.api.audit.Actor;
import io.busbar.api.auth.ClientIdClaim;
import io.busbar.api.auth.ClientIdOverlap;
import io.busbar.api.auth.ClientIdOverlap.Kind;
import io.busbar.api.auth.ClientIdPolicy;
import io.busbar.api.auth.Credential;
import io.busbar.api.auth.CredentialChange;
import io.busbar.api.auth.NewCredential;
import io.busbar.api.storage.ConflictException;
import io.busbar.testkit.storage.FakeDocuments;
import io.busbar.testkit.time.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.assertj.core.groups.Tuple;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whose a Client Identifier is, and which credentials want the same. */
class ClientIdsTest {
    private static final Actor ADA = Actor.user("ada", "10.0.0.7");
    private static final @Nullable Optional<Instant> AS_IT_IS = null;
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:30Z");

    private final ManualClock clock = new ManualClock(NOW);
    private final FakeDocuments documents = new FakeDocuments();
    private final CredentialProvider provider =
            new CredentialProvider(new Settings(5, 100, 60, 600), clock, null);

    @BeforeEach
    void start() {
        provider.setDocuments(documents);
    }

    @AfterEach
    void stop() {
        provider.deactivate();
    }

    private Credential credential(String description, String clientId, ClientIdPolicy policy) {
        return credential(description, clientId, policy, null, false);
    }

    private Credential credential(
            String description,
            String clientId,
            ClientIdPolicy policy,
            @Nullable Instant expiresAt,
            boolean allowOverlap) {
        NewCredential wanted =
                new NewCredential(
                        description,
                        clientId,
                        null,
                        null,
                        policy,
                        0,
                        null,
                        expiresAt,
                        List.of(),
                        List.of(),
                        allowOverlap);
        return provider.create(wanted, ADA).credential();
    }

    private List<String> ownersOf(String clientId) {
        return provider.owners(clientId).stream().map(Credential::description).toList();
    }

    @Test
    void owners_exactBeatsPrefix_andTheLongerPrefixTheShorter_andAnyHasNoClaim() {
        credential("any", "gw", ClientIdPolicy.ANY);
        credential("plant", "plant", ClientIdPolicy.PREFIX);
        credential("line", "plant-line1", ClientIdPolicy.PREFIX);
        credential("press", "plant-line1-press", ClientIdPolicy.EXACT);

        assertThat(ownersOf("plant-line1-press")).containsExactly("press");
        assertThat(ownersOf("plant-line1-press-2")).containsExactly("line");
        assertThat(ownersOf("plant-line1")).containsExactly("line");
        assertThat(ownersOf("plant-line10")).containsExactly("plant");
        assertThat(ownersOf("plant")).containsExactly("plant");
        assertThat(ownersOf("plan")).isEmpty();
        assertThat(ownersOf("gw")).isEmpty();
        assertThat(provider.strongest("plant-line1-press")).isEqualTo(ClientIdClaim.EXACT);
        assertThat(provider.strongest("plant-line1-x")).isEqualTo(ClientIdClaim.prefix(11));
        assertThat(provider.strongest("PLANT-line1-press")).isEqualTo(ClientIdClaim.NONE);
    }

    @Test
    void owners_ofAnIdentifierOfDashesOnly_areFoundInAFewSteps() {
        assertThat(ownersOf("-".repeat(65_535))).isEmpty();
    }

    @Test
    void claim_isThatOfTheCredential_whileItMayConnect() {
        Credential line1 = credential("line 1", "line1", ClientIdPolicy.EXACT);
        Credential brief =
                credential("brief", "brief", ClientIdPolicy.EXACT, NOW.plusSeconds(60), false);

        assertThat(provider.claim(line1.id(), "line1")).isEqualTo(ClientIdClaim.EXACT);
        assertThat(provider.claim(line1.id(), "line2")).isEqualTo(ClientIdClaim.NONE);
        assertThat(provider.claim("somebody", "line1")).isEqualTo(ClientIdClaim.NONE);
        assertThat(provider.claim(brief.id(), "brief")).isEqualTo(ClientIdClaim.EXACT);

        provider.update(line1.id(), 0, CredentialChange.enabled(false), ADA);
        clock.advance(Duration.ofMinutes(2));

        assertThat(provider.claim(line1.id(), "line1")).isEqualTo(ClientIdClaim.NONE);
        assertThat(provider.claim(brief.id(), "brief")).isEqualTo(ClientIdClaim.NONE);
        assertThat(provider.strongest("line1"))
                .as("it stays reserved")
                .isEqualTo(ClientIdClaim.EXACT);
    }

    @Test
    void owners_followEveryChange_alsoAfterARestart() {
        Credential line1 = credential("line 1", "line1", ClientIdPolicy.EXACT);

        provider.update(
                line1.id(), 0, CredentialChange.clientIds(ClientIdPolicy.PREFIX, "line2"), ADA);
        assertThat(ownersOf("line1")).isEmpty();
        assertThat(ownersOf("line2-a")).containsExactly("line 1");

        provider.setDocuments(documents);
        assertThat(ownersOf("line2-a")).containsExactly("line 1");

        provider.delete(line1.id(), ADA);
        assertThat(ownersOf("line2-a")).isEmpty();
        assertThat(provider.strongest("line2-a")).isEqualTo(ClientIdClaim.NONE);
    }

    @Test
    void otherClientIds_areOwnedLikeTheOwnOne_alsoAfterARestart_untilTheyAreTakenAway() {
        Credential line1 = credential("line 1", "line1", ClientIdPolicy.EXACT);
        credential("brief", "brief", ClientIdPolicy.PREFIX);

        provider.update(
                line1.id(), 0, CredentialChange.otherClientIds(List.of("brief-2", "spare")), ADA);
        assertThat(ownersOf("line1")).containsExactly("line 1");
        assertThat(ownersOf("spare")).containsExactly("line 1");
        assertThat(ownersOf("brief-2")).as("exact beats prefix").containsExactly("line 1");
        assertThat(provider.claim(line1.id(), "spare")).isEqualTo(ClientIdClaim.EXACT);

        provider.setDocuments(documents);
        assertThat(ownersOf("spare")).containsExactly("line 1");

        provider.update(line1.id(), 0, CredentialChange.otherClientIds(List.of("brief-2")), ADA);
        assertThat(ownersOf("spare")).isEmpty();
        provider.delete(line1.id(), ADA);
        assertThat(ownersOf("brief-2")).containsExactly("brief");
    }

    @Test
    void otherClientIds_ofPrefix_areExact_andOfAny_areNoClaim() {
        Credential line1 = credential("line 1", "line1", ClientIdPolicy.PREFIX);
        provider.update(line1.id(), 0, CredentialChange.otherClientIds(List.of("spare")), ADA);

        assertThat(ownersOf("line1-a")).containsExactly("line 1");
        assertThat(ownersOf("spare")).containsExactly("line 1");
        assertThat(ownersOf("spare-a")).isEmpty();

        provider.update(line1.id(), 0, CredentialChange.clientIds(ClientIdPolicy.ANY, null), ADA);
        assertThat(ownersOf("spare")).isEmpty();
    }

    @Test
    void otherClientIds_ofAnotherCredential_areRefused_unlessItIsConfirmed() {
        Credential line1 = credential("line 1", "line1", ClientIdPolicy.EXACT);
        Credential line2 = credential("line 2", "line2", ClientIdPolicy.EXACT);
        provider.update(line1.id(), 0, CredentialChange.otherClientIds(List.of("spare")), ADA);

        assertThatThrownBy(
                        () ->
                                provider.update(
                                        line2.id(),
                                        0,
                                        CredentialChange.otherClientIds(List.of("spare")),
                                        ADA))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("\"line 1\"");
        assertThatThrownBy(() -> credential("line 3", "spare", ClientIdPolicy.EXACT))
                .isInstanceOf(ConflictException.class);
        assertThat(kinds(ClientIdPolicy.EXACT, "spare", null))
                .containsExactly(Tuple.tuple("line 1", Kind.EQUAL));
    }

    private static NewCredential withOthers(String clientId, List<String> others, boolean overlap) {
        return new NewCredential(
                clientId, clientId, null, null, null, 0, null, null, List.of(), others, overlap);
    }

    @Test
    void otherClientIds_ofANewCredential_areItsOwn_unlessTheyAreTaken() {
        Credential made =
                provider.create(withOthers("gw", List.of("gw", "spare", "spare"), false), ADA)
                        .credential();
        assertThat(made.otherClientIds()).containsExactly("spare");
        assertThat(ownersOf("spare")).containsExactly("gw");

        NewCredential taken = withOthers("gw2", List.of("spare"), false);
        assertThatThrownBy(() -> provider.create(taken, ADA))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("\"gw\"");
        NewCredential bad = withOthers("gw3", List.of("a/b\u0000"), false);
        assertThatThrownBy(() -> provider.create(bad, ADA))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("otherClientIds: ");
        provider.create(withOthers("gw2", List.of("spare"), true), ADA);
        assertThat(ownersOf("spare")).containsExactlyInAnyOrder("gw", "gw2");
    }

    @Test
    void otherClientIds_areBounded_andLeaveOutTheOwnOne() {
        Credential line1 = credential("line 1", "line1", ClientIdPolicy.EXACT);

        assertThat(
                        provider.update(
                                        line1.id(),
                                        0,
                                        CredentialChange.otherClientIds(
                                                List.of("line1", "spare", "spare")),
                                        ADA)
                                .otherClientIds())
                .containsExactly("spare");
        assertThatThrownBy(
                        () ->
                                provider.update(
                                        line1.id(),
                                        0,
                                        CredentialChange.otherClientIds(
                                                IntStream.range(0, 33)
                                                        .mapToObj(i -> "gw" + i)
                                                        .toList()),
                                        ADA))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("otherClientIds: 33");
    }

    @Test
    void create_withTheClientIdOfAnother_isRefused_namingIt_unlessItIsConfirmed() {
        credential("Line 1 gateway", "line1", ClientIdPolicy.EXACT);

        assertThatThrownBy(() -> credential("new", "line1", ClientIdPolicy.EXACT))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("clientId: line1")
                .hasMessageContaining("\"Line 1 gateway\"")
                .hasMessageContaining("allowOverlap");

        Credential second = credential("new", "line1", ClientIdPolicy.EXACT, null, true);
        assertThat(ownersOf("line1")).containsExactly("Line 1 gateway", "new");

        provider.update(second.id(), 0, CredentialChange.enabled(false), ADA);
        provider.resetPassword(second.id(), ADA);
        provider.delete(second.id(), ADA);
        assertThat(ownersOf("line1")).containsExactly("Line 1 gateway");
    }

    @Test
    void update_toTheClientIdOfAnother_isRefused_unlessItIsConfirmed() {
        credential("line 1", "line1", ClientIdPolicy.EXACT);
        Credential second = credential("line 2", "line2", ClientIdPolicy.EXACT);

        assertThatThrownBy(
                        () ->
                                provider.update(
                                        second.id(),
                                        0,
                                        CredentialChange.clientIds(ClientIdPolicy.EXACT, "line1"),
                                        ADA))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("\"line 1\"");

        provider.update(
                second.id(),
                0,
                new CredentialChange(
                        null, null, "line1", null, null, null, AS_IT_IS, null, null, true),
                ADA);
        assertThat(ownersOf("line1")).containsExactly("line 1", "line 2");
    }

    @Test
    void overlaps_sayWhichAndHow() {
        credential("press", "plant-line1-press", ClientIdPolicy.EXACT);
        credential("line", "plant-line1", ClientIdPolicy.PREFIX);
        credential("any", "gw", ClientIdPolicy.ANY);
        Credential other = credential("other", "plant-line2", ClientIdPolicy.EXACT);

        assertThat(kinds(ClientIdPolicy.PREFIX, "plant", null))
                .containsExactly(
                        Tuple.tuple("line", Kind.COVERS),
                        Tuple.tuple("other", Kind.COVERS),
                        Tuple.tuple("press", Kind.COVERS));
        assertThat(kinds(ClientIdPolicy.EXACT, "plant-line1-x", null))
                .containsExactly(Tuple.tuple("line", Kind.COVERED));
        assertThat(kinds(ClientIdPolicy.EXACT, "plant-line2", null))
                .containsExactly(Tuple.tuple("other", Kind.EQUAL));
        assertThat(kinds(ClientIdPolicy.EXACT, "plant-line2", other.id())).isEmpty();
        assertThat(kinds(ClientIdPolicy.ANY, "new", null)).isEmpty();
        assertThat(kinds(ClientIdPolicy.ANY, "gw", null))
                .containsExactly(Tuple.tuple("any", Kind.EQUAL));
        assertThat(kinds(ClientIdPolicy.EXACT, "nowhere", null)).isEmpty();
    }

    private List<Tuple> kinds(ClientIdPolicy policy, String clientId, @Nullable String exceptId) {
        List<ClientIdOverlap> overlaps = provider.overlaps(policy, clientId, exceptId);
        return overlaps.stream()
                .map(overlap -> Tuple.tuple(overlap.other().description(), overlap.kind()))
                .toList();
    }
}
