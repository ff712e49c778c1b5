package io.busbar.auth.credentials;

import io.busbar.api.audit.Actor;
import io.busbar.api.auth.AclRule;
import io.busbar.api.auth.ClientIdPolicy;
import io.busbar.api.auth.Credential;
import io.busbar.api.auth.CredentialChange;
import io.busbar.api.auth.HashingUnavailableException;
import io.busbar.api.auth.NewCredential;
import io.busbar.api.auth.spi.PasswordHashes;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes credentials of what people ask for: generates what they leave open, holds the rest against
 * {@link CredentialBounds}, makes the keys of the password, and notes who asked and when. Keeps
 * nothing. Thread-safe.
 */
final class Issuer {
    private final Clock clock;
    private final Secrets secrets;

    Issuer(Clock clock, Secrets secrets) {
        this.clock = clock;
        this.secrets = secrets;
    }

    /** A credential that is about to be made, and its password. */
    record Draft(Credential credential, Keys keys, String password) {
        /** The same without some of its further Client Identifiers. */
        Draft without(List<String> otherClientIds) {
            List<String> left =
                    credential.otherClientIds().stream()
                            .filter(other -> !otherClientIds.contains(other))
                            .toList();
            return new Draft(credential.withOtherClientIds(left), keys, password);
        }
    }

    /**
     * A new credential. Hashes a password that a person chose, which takes its time.
     *
     * @param hashes null while there is no such service
     * @throws IllegalArgumentException if a value is out of bounds
     * @throws HashingUnavailableException if the password cannot be hashed now
     */
    Draft draft(
            NewCredential wanted,
            ServerKey serverKey,
            @Nullable PasswordHashes hashes,
            Actor actor) {
        String chosen = wanted.password();
        if (chosen == null) {
            Credential credential = credential(wanted, actor);
            String password = secrets.password();
            return new Draft(credential, keys(serverKey, credential.id(), password), password);
        }
        byte[] bytes = CredentialBounds.password(chosen);
        Credential credential = credential(wanted, actor);
        if (hashes == null) {
            throw HashingUnavailableException.notRunning();
        }
        return new Draft(credential, Keys.chosen(hashes.hash(bytes)), chosen);
    }

    /** What is kept of a generated password. */
    Keys keys(ServerKey serverKey, String credentialId, String password) {
        return Keys.generated(serverKey, credentialId, password, secrets.bytes(16));
    }

    private Credential credential(NewCredential wanted, Actor actor) {
        Instant now = now();
        String clientId = wanted.clientId();
        String username = wanted.username();
        List<AclRule> acl = wanted.acl();
        ClientIdPolicy policy = wanted.clientIdPolicy();
        String own =
                clientId == null ? secrets.clientId() : CredentialBounds.name("clientId", clientId);
        return new Credential(
                secrets.id(now.toEpochMilli()),
                CredentialBounds.description(wanted.description()),
                own,
                username == null ? secrets.username() : CredentialBounds.name("username", username),
                policy == null ? ClientIdPolicy.EXACT : policy,
                CredentialBounds.otherClientIds(wanted.otherClientIds(), own),
                CredentialBounds.connections(wanted.maxConnections()),
                acl == null ? AclRule.DEFAULT : CredentialBounds.acl(acl),
                true,
                wanted.expiresAt(),
                CredentialBounds.networks(wanted.allowedNetworks()),
                null,
                now,
                actor.name(),
                now,
                actor.name(),
                0);
    }

    /**
     * A credential with a change, or null if nothing changes.
     *
     * @throws IllegalArgumentException if a value is out of bounds
     */
    @Nullable Credential changed(Credential old, CredentialChange change, Actor actor) {
        String description = change.description();
        String clientId = change.clientId();
        ClientIdPolicy policy = change.clientIdPolicy();
        Integer connections = change.maxConnections();
        List<AclRule> acl = change.acl();
        Boolean enabled = change.enabled();
        Optional<Instant> expiresAt = change.expiresAt();
        List<String> networks = change.allowedNetworks();
        String own =
                clientId == null ? old.clientId() : CredentialBounds.name("clientId", clientId);
        List<String> others =
                change.otherClientIds() == null ? old.otherClientIds() : change.otherClientIds();
        Credential wanted =
                new Credential(
                        old.id(),
                        description == null
                                ? old.description()
                                : CredentialBounds.description(description),
                        own,
                        old.username(),
                        policy == null ? old.clientIdPolicy() : policy,
                        CredentialBounds.otherClientIds(others, own),
                        connections == null
                                ? old.maxConnections()
                                : CredentialBounds.connections(connections),
                        acl == null ? old.acl() : CredentialBounds.acl(acl),
                        enabled == null ? old.enabled() : enabled,
                        expiresAt == null ? old.expiresAt() : expiresAt.orElse(null),
                        networks == null
                                ? old.allowedNetworks()
                                : CredentialBounds.networks(networks),
                        null,
                        old.createdAt(),
                        old.createdBy(),
                        old.updatedAt(),
                        old.updatedBy(),
                        old.revision());
        return wanted.equals(old) ? null : touched(wanted, actor);
    }

    /** The same credential, touched by somebody now. */
    Credential touched(Credential it, Actor actor) {
        return new Credential(
                it.id(),
                it.description(),
                it.clientId(),
                it.username(),
                it.clientIdPolicy(),
                it.otherClientIds(),
                it.maxConnections(),
                it.acl(),
                it.enabled(),
                it.expiresAt(),
                it.allowedNetworks(),
                null,
                it.createdAt(),
                it.createdBy(),
                now(),
                actor.name(),
                it.revision());
    }

    /** The time to the millisecond, as it is written down. */
    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
