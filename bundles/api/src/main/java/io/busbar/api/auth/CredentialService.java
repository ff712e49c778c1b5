package io.busbar.api.auth;

import io.busbar.api.audit.Actor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Creates, stores and changes the credentials of MQTT clients. The console, the REST API, the shell
 * and the bootstrap file use it.
 *
 * <p>A change is durable when the call returns, and reaches live connections in less than a second.
 * Clients of a credential that was disabled, deleted or given a new password are disconnected
 * (0x98). Changed rules apply from the next message on. Thread-safe. Calls access the disk, so
 * never call from an event loop.
 *
 * <p>The name of the actor is stored with each change: as {@code createdBy} and {@code updatedBy},
 * and in the record of a deleted credential.
 *
 * <p>Errors, none of which changes anything: {@link IllegalArgumentException} if a value is out of
 * bounds (the message names field, value and what was expected); {@link
 * io.busbar.api.storage.ConflictException} if a user name exists already, or a Client Identifier
 * without the permission to share it, or if a revision is not the current one; {@link
 * java.util.NoSuchElementException} if there is no credential with this id; {@link
 * HashingUnavailableException} if a password that a person chose cannot be hashed at the moment;
 * {@link io.busbar.api.storage.StorageException} if the store is absent or fails.
 */
@ProviderType
public interface CredentialService {
    /** Returns all credentials, newest first. For where they are few. */
    default List<Credential> list() {
        List<Credential> found = new ArrayList<>();
        each(found::add);
        found.sort(
                Comparator.comparing(Credential::createdAt)
                        .thenComparing(Credential::id)
                        .reversed());
        return found;
    }

    /** Hands each credential to a consumer, in no particular order, without a list of all. */
    void each(Consumer<? super Credential> consumer);

    /** How many credentials there are. */
    int count();

    /** Returns the credential with this id, or empty if there is none. */
    Optional<Credential> get(String id);

    /**
     * Returns the credentials with the most precise claim on a Client Identifier: those whose
     * clients end a session of anybody else with it. Empty if no credential has a claim.
     */
    List<Credential> owners(String clientId);

    /**
     * Returns which other credentials may connect with Client Identifiers that a credential may
     * connect with, equal ones first, then by description. With {@link ClientIdPolicy#ANY} only
     * equal ones count.
     *
     * @param policy the policy of the credential, which need not exist yet
     * @param clientId its Client Identifier
     * @param exceptId the id of the credential, if it exists; otherwise null
     */
    List<ClientIdOverlap> overlaps(
            ClientIdPolicy policy, String clientId, @Nullable String exceptId);

    /**
     * Creates a credential.
     *
     * @return the credential with its password; this is the only time the password can be read
     */
    Created create(NewCredential wanted, Actor actor);

    /**
     * Creates a credential that the bootstrap file declares, if it is not there yet. Its user name
     * says which one it is, or its Client Identifier if it has no user name. One that is there, or
     * was deleted by a person, stays as it is, so a deleted credential does not come back at the
     * next start.
     *
     * <p>Nothing is made either if somebody else has its Client Identifier, or had it and was
     * deleted; and further Client Identifiers that somebody else has are left out. The answer tells
     * both: a client would be refused, and nobody knew why.
     *
     * @param wanted must have a password, and a user name or Client Identifier: nobody would see
     *     generated ones
     */
    Ensured ensure(NewCredential wanted, Actor actor);

    /**
     * Changes a credential.
     *
     * @param expectedRevision the revision that the change is based on, or 0 to change any revision
     * @return the credential after the change
     */
    Credential update(String id, long expectedRevision, CredentialChange change, Actor actor);

    /**
     * Replaces the password by a new generated one.
     *
     * @return the credential with its new password; this is the only time the password can be read
     */
    Created resetPassword(String id, Actor actor);

    /** Deletes a credential, disconnects its clients and ends their sessions. */
    void delete(String id, Actor actor);

    /**
     * A credential together with its password, to be shown once. {@link #toString} leaves the
     * password out.
     */
    record Created(Credential credential, String password) {
        @Override
        public String toString() {
            return "Created[credential=" + credential.id() + "]";
        }
    }

    /**
     * What became of a credential that is declared.
     *
     * @param created whether it was made
     * @param problems what is not as declared, without a person who meant it so: a sentence for
     *     each, which names the credential and says what to do
     */
    record Ensured(boolean created, List<String> problems) {
        /** It is there already, or a person deleted it. */
        public static final Ensured NOTHING_TO_DO = new Ensured(false, List.of());

        public Ensured {
            problems = List.copyOf(problems);
        }
    }
}
