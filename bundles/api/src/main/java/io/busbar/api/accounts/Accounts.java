package io.busbar.api.accounts;

import io.busbar.api.audit.Actor;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Stores the accounts of people and checks their passwords. There is no default password: until the
 * first administrator exists, nobody can sign in, and only {@link #setUp} with a one-time token
 * works.
 *
 * <p>Thread-safe. Calls access the disk and hash passwords, so never call from an event loop. If
 * passwords cannot be hashed at the moment, calls that need it fail with {@link
 * io.busbar.api.auth.HashingUnavailableException}, and nobody can sign in. If the store is absent
 * or fails, calls fail with {@link io.busbar.api.storage.StorageException}.
 */
@ProviderType
public interface Accounts {
    /** Shortest accepted password, in characters. */
    int MIN_PASSWORD_LENGTH = 12;

    /** Whether no administrator exists yet. */
    boolean setupRequired();

    /**
     * Creates a one-time token for {@link #setUp}. It has 128 random bits and is valid for 24
     * hours. Earlier tokens stop working.
     *
     * @throws IllegalStateException if an administrator exists already
     */
    String newSetupToken(Actor actor);

    /**
     * Whether {@link #setUp} would accept this token now. So a person learns before choosing a
     * password that a link is used or too old.
     */
    boolean isSetupToken(String token);

    /**
     * Creates the first administrator.
     *
     * @param token a token from {@link #newSetupToken}
     * @param actor the person who has the token, under the user name to create
     * @throws IllegalArgumentException if the name or password is not acceptable; the message says
     *     what was expected. The token stays valid
     * @throws SecurityException if the token is wrong, used or expired
     */
    User setUp(String token, String username, String password, Actor actor);

    /**
     * Creates a user that the bootstrap file declares, if it is not there yet. Does nothing if a
     * user with this name exists or was deleted before. So a deleted user does not come back at the
     * next start.
     *
     * @return whether it was created
     */
    boolean ensure(String username, String password, Role role, Actor actor);

    /**
     * Checks a user name and password. Takes as long for unknown users as for known ones. Attempts
     * are throttled per user and per block of addresses.
     *
     * @param address the IP address that the attempt comes from
     */
    SignIn signIn(String username, String password, String address);

    /** Returns all users. */
    List<User> list();

    /** Returns the user with this name, or empty if there is none. */
    Optional<User> get(String username);

    /**
     * Sets a user's password. The caller should end the user's other sessions.
     *
     * @throws IllegalArgumentException if the password is not acceptable
     * @throws java.util.NoSuchElementException if there is no such user
     */
    void setPassword(String username, String password, Actor actor);

    /**
     * Deletes a user. The caller should end the user's sessions. {@link #ensure} does not create
     * the user again.
     *
     * @throws IllegalArgumentException if it is the last administrator
     * @throws java.util.NoSuchElementException if there is no such user
     */
    void delete(String username, Actor actor);

    /** The answer to an attempt to sign in. */
    sealed interface SignIn {
        /** Name and password are right. */
        record Granted(User user) implements SignIn {}

        /**
         * The name or the password is wrong. The answer does not reveal which one.
         *
         * @param triesLeft how many attempts are left before the person has to wait; does not
         *     depend on whether the user exists
         */
        record Refused(int triesLeft) implements SignIn {}

        /**
         * There were too many attempts. The password was not checked.
         *
         * @param retryAfterSeconds how long to wait
         */
        record Throttled(int retryAfterSeconds) implements SignIn {}
    }
}
