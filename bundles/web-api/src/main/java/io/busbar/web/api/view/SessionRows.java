package io.busbar.web.api.view;

import com.google.gson.JsonObject;
import io.busbar.api.auth.Credential;
import io.busbar.api.auth.CredentialService;
import io.busbar.api.broker.SessionView;
import io.busbar.json.JsonShape;
import io.busbar.web.api.backend.Backend;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Sessions together with the credentials that they belong to, or should. Thread-safe. */
public final class SessionRows {
    private final Backend services;
    private final Clock clock;

    public SessionRows(Backend services, Clock clock) {
        this.services = services;
        this.clock = clock;
    }

    /** The row of a session. */
    public Row row(SessionView session) {
        CredentialService credentials = services.findCredentials().orElse(null);
        Credential owner =
                credentials == null ? null : credentials.get(session.principalId()).orElse(null);
        return new Row(
                session,
                owner,
                OwnerState.of(owner, clock.instant()),
                session.reserved() ? reservedFor(services, session.clientId()) : null);
    }

    /** The credential that a Client Identifier belongs to, if there is one. */
    static @Nullable Credential reservedFor(Backend services, String clientId) {
        return services.findCredentials()
                .flatMap(credentials -> credentials.owners(clientId).stream().findFirst())
                .orElse(null);
    }

    /** Whether the credential that a session belongs to may connect. */
    enum OwnerState {
        ENABLED,
        DISABLED,
        EXPIRED,
        /** It is no credential, or one that was deleted. */
        UNKNOWN;

        static OwnerState of(@Nullable Credential owner, Instant now) {
            if (owner == null) {
                return UNKNOWN;
            }
            Instant expiresAt = owner.expiresAt();
            return !owner.enabled()
                    ? DISABLED
                    : expiresAt != null && !now.isBefore(expiresAt) ? EXPIRED : ENABLED;
        }
    }

    /**
     * A session and whose it is.
     *
     * @param owner the credential that it belongs to, or null
     * @param reservedFor the credential that will end it, or null
     */
    public record Row(
            SessionView session,
            @Nullable Credential owner,
            OwnerState ownerState,
            @Nullable Credential reservedFor) {
        /** What people call the credential; empty without one. */
        public String ownerDescription() {
            return owner == null ? "" : owner.description();
        }

        /** The API's Session. */
        public JsonObject toJson() {
            return new JsonShape()
                    .put("clientId", session.clientId())
                    .put("online", session.online())
                    .put("credential", ref(owner))
                    .put("username", session.username())
                    .put("ownerState", ownerState)
                    .put("reservedFor", ref(reservedFor))
                    .put("subscriptions", session.subscriptions())
                    .put("queued", session.queued())
                    .put("queuedBytes", session.queuedBytes())
                    .put("sessionExpirySeconds", session.expirySeconds())
                    .put("createdAt", session.createdAt())
                    .put("disconnectedAt", session.disconnectedAt())
                    .put("expiresAt", session.expiresAt())
                    .build();
        }
    }

    static @Nullable JsonObject ref(@Nullable Credential credential) {
        return credential == null
                ? null
                : ClientRow.credentialRef(credential.id(), credential.description());
    }
}
