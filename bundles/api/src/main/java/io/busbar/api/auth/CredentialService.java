package io.busbar.api.auth;

import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Makes and keeps the credentials of MQTT clients. Every call is durable when it returns and takes
 * effect on live connections in less than a second: disabling, deleting or resetting disconnects
 * (0x98), a changed rule applies to the next message. Thread-safe; calls touch the disk, so never
 * from an event loop.
 *
 * <p>Failures: {@link IllegalArgumentException} for a value out of bounds, with field, value and
 * what was expected; {@link io.busbar.api.storage.ConflictException} for a Client Identifier or
 * user name that exists already or a revision that is not the current one; {@link
 * java.util.NoSuchElementException} for an id that does not exist. None of them changes anything.
 */
@ProviderType
public interface CredentialService {
    /** All credentials, newest first. */
    List<Credential> list();

    Optional<Credential> get(String id);

    /**
     * Makes a credential.
     *
     * @param actor who asks, for the record, e.g. a console user's name
     * @return the credential and the password, which is never readable again
     */
    Created create(NewCredential wanted, String actor);

    /**
     * Makes a credential if neither its user name nor its Client Identifier is known and nobody has
     * deleted it before: the declarative start. Changes nothing otherwise.
     *
     * @return whether it was made
     */
    boolean ensure(NewCredential wanted, String actor);

    /**
     * Changes a credential.
     *
     * @param expectedRevision the revision the change was made from, or 0 to change whatever is
     *     there
     */
    Credential update(String id, long expectedRevision, CredentialChange change, String actor);

    /** Replaces the password by a new generated one, which is never readable again. */
    Created resetPassword(String id, String actor);

    /** Deletes a credential, disconnects its clients and ends their sessions. */
    void delete(String id, String actor);

    /** A credential together with its password, to be shown once. */
    record Created(Credential credential, String password) {
        @Override
        public String toString() {
            return "Created[credential=" + credential.id() + "]";
        }
    }
}
