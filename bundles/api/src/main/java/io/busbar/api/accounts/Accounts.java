package io.busbar.api.accounts;

import io.busbar.api.audit.Actor;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The people who may sign in. There is no default password: until the first administrator exists,
 * only {@link #setUp} with a one-time token works. Thread-safe; calls touch the disk and hash
 * passwords, so never from an event loop. While passwords cannot be hashed, what needs it fails
 * with {@link io.busbar.api.auth.HashingUnavailableException}: nobody signs in.
 */
@ProviderType
public interface Accounts {
    /** Shortest password that is accepted, in characters. */
    int MIN_PASSWORD_LENGTH = 12;

    /** Whether no administrator exists yet. */
    boolean setupRequired();

    /**
     * Makes a new one-time token for {@link #setUp}, 128 random bits, valid for 24 hours; earlier
     * ones stop working.
     *
     * @throws IllegalStateException if an administrator exists
     */
    String newSetupToken(Actor actor);

    /**
     * Makes the first administrator.
     *
     * @param actor who holds the token, under the name that is wanted
     * @throws IllegalArgumentException if the name or password is out of bounds; says what was
     *     expected; the token stays valid
     * @throws SecurityException if the token is wrong, used or expired
     */
    User setUp(String token, String username, String password, Actor actor);

    /**
     * Makes the user if no user of that name exists and nobody has deleted it before: the
     * declarative start. Returns whether it was made.
     */
    boolean ensure(String username, String password, Role role, Actor actor);

    /**
     * Verifies a password. Takes the same time for unknown users. Throttled per user and per
     * address block.
     *
     * @param address where the attempt comes from, an IP address
     */
    SignIn signIn(String username, String password, String address);

    List<User> list();

    Optional<User> get(String username);

    /**
     * Sets a password; other sessions of the user should end.
     *
     * @throws IllegalArgumentException if the password is out of bounds
     * @throws java.util.NoSuchElementException if there is no such user
     */
    void setPassword(String username, String password, Actor actor);

    /**
     * Deletes a user; its sessions should end. {@link #ensure} does not bring it back.
     *
     * @throws IllegalArgumentException if it is the last administrator
     * @throws java.util.NoSuchElementException if there is no such user
     */
    void delete(String username, Actor actor);

    /** The answer to an attempt. */
    sealed interface SignIn {
        /** Name and password are right. */
        record Granted(User user) implements SignIn {}

        /**
         * Wrong name or password: which one is not said.
         *
         * @param triesLeft attempts from there before it has to wait, whether the user exists or
         *     not
         */
        record Refused(int triesLeft) implements SignIn {}

        /** Too many attempts; not even checked. */
        record Throttled(int retryAfterSeconds) implements SignIn {}
    }
}
