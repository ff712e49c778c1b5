package io.busbar.api.auth;

import io.busbar.api.audit.Actor;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Makes and keeps the credentials of MQTT clients. Every call is durable when it returns and takes
 * effect on live connections in less than a second: disabling, deleting or resetting disconnects
 * (0x98), a changed rule applies to the next message. Thread-safe; calls touch the disk, so never
 * from an event loop.
 *
 * <p>Who makes a change is kept with it: as {@code createdBy} and {@code updatedBy}, and beside the
 * name of a credential that was deleted.
 *
 * <p>Failures: {@link IllegalArgumentException} for a value out of bounds, with field, value and
 * what was expected; {@link io.busbar.api.storage.ConflictException} for a Client Identifier or
 * user name that exists already or a revision that is not the current one; {@link
 * java.util.NoSuchElementException} for an id that does not exist; {@link
 * HashingUnavailableException} if a password that a person chose cannot be hashed now. None of them
 * changes anything.
 */
@ProviderType
public interface CredentialService {
    /** All credentials, newest first. */
    List<Credential> list();

    Optional<Credential> get(String id);

    /**
     * Makes a credential.
     *
     * @return the credential and the password, which is never readable again
     */
    Created create(NewCredential wanted, Actor actor);

    /**
     * Makes a credential if neither its user name nor its Client Identifier is known and nobody has
     * deleted it before: the declarative start. Changes nothing otherwise.
     *
     * @return whether it was made
     */
    boolean ensure(NewCredential wanted, Actor actor);

    /**
     * Changes a credential.
     *
     * @param expectedRevision the revision the change was made from, or 0 to change whatever is
     *     there
     */
    Credential update(String id, long expectedRevision, CredentialChange change, Actor actor);

    /** Replaces the password by a new generated one, which is never readable again. */
    Created resetPassword(String id, Actor actor);

    /** Deletes a credential, disconnects its clients and ends their sessions. */
    void delete(String id, Actor actor);

    /** A credential together with its password, to be shown once. */
    record Created(Credential credential, String password) {
        @Override
        public String toString() {
            return "Created[credential=" + credential.id() + "]";
        }
    }
}
