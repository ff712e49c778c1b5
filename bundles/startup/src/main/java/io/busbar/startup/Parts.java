package io.busbar.startup;

import io.busbar.api.accounts.Accounts;
import io.busbar.api.auth.CredentialService;
import io.busbar.api.auth.spi.PasswordHashes;
import io.busbar.api.broker.Listeners;
import io.busbar.api.storage.StorageException;
import io.busbar.api.uns.Namespace;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The parts of the server that a start waits for. Each may come and go: null = it is not there. */
interface Parts {
    @Nullable Accounts accounts();

    @Nullable CredentialService credentials();

    @Nullable PasswordHashes hashes();

    @Nullable Namespace namespace();

    @Nullable Listeners listeners();

    /** The address of the console. */
    @Nullable String console();

    /** Whether the accounts answer. */
    default boolean accountsAnswer() {
        return answers(accounts(), Accounts::setupRequired);
    }

    /** Whether a service is there, and whatever it stands on as well. */
    static <T> boolean answers(@Nullable T service, Consumer<T> question) {
        if (service == null) {
            return false;
        }
        try {
            question.accept(service);
            return true;
        } catch (StorageException notYet) {
            return false;
        }
    }

    /**
     * A service that was there before.
     *
     * @throws CannotStartException if it is gone
     */
    static <T> T present(@Nullable T service) throws CannotStartException {
        if (service == null) {
            throw new CannotStartException("a service went away during the start: try again");
        }
        return service;
    }
}
