package io.busbar.api.transfer;

import io.busbar.api.audit.Actor;
import java.util.Iterator;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The credentials of MQTT clients as they are kept, with what is needed to verify their passwords
 * but without the passwords, and credentials from elsewhere, which are taken up while the server
 * runs. Published as a service. Thread-safe; calls access the disk.
 *
 * @see io.busbar.api.storage.StorageException which all methods throw if the documents are absent
 *     or fail
 */
@ProviderType
public interface CredentialState {
    /** All credentials, one after the other, each a JSON object of its own kind. */
    Iterator<String> credentials();

    /**
     * Begins to take up credentials.
     *
     * @param replace whether a credential with the same id is replaced; its clients are
     *     disconnected if they would not be let in with it any more
     * @param dryRun whether everything is only checked: each as if those before it were there
     */
    Arrivals arrivals(boolean replace, boolean dryRun, Actor actor);

    /** Credentials that are taken up, one after the other. Confined to one thread. */
    @FunctionalInterface
    interface Arrivals {
        /**
         * Takes up a credential.
         *
         * @param json what {@link CredentialState#credentials} returned, perhaps on another server
         * @throws IllegalArgumentException if it does not fit; the message says why
         */
        Outcome take(String json);
    }

    /** What became of a credential. */
    enum Outcome {
        CREATED,
        REPLACED,
        /** One with this id exists and stays. */
        EXISTS
    }
}
