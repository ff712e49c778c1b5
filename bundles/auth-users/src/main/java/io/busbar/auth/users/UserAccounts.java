package io.busbar.auth.users;

import io.busbar.api.accounts.Accounts;
import io.busbar.api.accounts.Role;
import io.busbar.api.accounts.User;
import io.busbar.api.audit.Actor;
import io.busbar.api.auth.HashingUnavailableException;
import io.busbar.api.auth.spi.PasswordHashes;
import io.busbar.api.auth.spi.PasswordHashes.Verdict;
import io.busbar.api.auth.spi.Throttle;
import io.busbar.api.storage.Documents;
import io.busbar.api.storage.StorageException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores the accounts of people in the document store. While the store is absent, every call fails
 * with {@link StorageException}. While the password hashes are absent, every call that needs one
 * fails with {@link HashingUnavailableException}. In both cases nobody can sign in. Thread-safe.
 */
@Component(service = Accounts.class, immediate = true, configurationPid = "io.busbar.auth.users")
@Designate(ocd = UserAccounts.Config.class)
public final class UserAccounts implements Accounts {
    /** The configuration. */
    @ObjectClassDefinition(name = "Console accounts")
    public @interface Config {
        @AttributeDefinition(
                description =
                        "Wrong passwords for one account from one address block (IPv4 /24, IPv6"
                                + " /56) before it must wait, 1 to 1000",
                min = "1",
                max = "1000")
        int attempts() default 5;

        @AttributeDefinition(
                description =
                        "Wrong passwords from one address block for all accounts in 15 minutes, 1"
                                + " to 100000; right passwords do not count, and accounts that"
                                + " signed in from there before need not wait",
                min = "1",
                max = "100000")
        int attempts_per_address() default 30;

        @AttributeDefinition(
                description = "The wait doubles from 1 s up to this many seconds, 1 to 3600",
                min = "1",
                max = "3600")
        int longest_delay_seconds() default 60;
    }

    private static final Logger LOG = LoggerFactory.getLogger(UserAccounts.class);
    private static final Duration TOKEN_LIFE = Duration.ofHours(24);
    private static final int TOKEN_BYTES = 16;

    /** Longer than any hash may wait for its turn. */
    private static final int HASH_SECONDS = 60;

    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final ReentrantLock writing = new ReentrantLock();
    private volatile Throttle throttle;
    private volatile @Nullable PasswordHashes hashes;
    private volatile @Nullable Documents documents;
    private volatile @Nullable UserStore users;

    @Activate
    public UserAccounts(Config config) {
        this(throttle(config, Clock.systemUTC()), Clock.systemUTC());
    }

    UserAccounts(Throttle throttle, Clock clock) {
        this.clock = clock;
        this.throttle = throttle;
    }

    private static Throttle throttle(Config config, Clock clock) {
        return new Throttle(
                clock,
                config.attempts(),
                config.attempts_per_address(),
                config.longest_delay_seconds());
    }

    /** Takes new settings without going away; delays that run are forgotten. */
    @Modified
    void modified(Config config) {
        throttle = throttle(config, clock);
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void setHashes(PasswordHashes added) {
        hashes = added;
    }

    void unsetHashes(PasswordHashes removed) {
        if (hashes == removed) {
            hashes = null;
        }
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void setDocuments(Documents added) {
        writing.lock();
        try {
            documents = added;
            users = null;
            users = UserStore.load(added);
        } catch (StorageException e) {
            LOG.error("Console accounts cannot be read, nobody can sign in: {}", e.getMessage(), e);
        } finally {
            writing.unlock();
        }
    }

    void unsetDocuments(Documents removed) {
        writing.lock();
        try {
            if (documents == removed) {
                documents = null;
                users = null;
            }
        } finally {
            writing.unlock();
        }
    }

    @Override
    public boolean setupRequired() {
        return !requireUsers().hasAdministrator();
    }

    @Override
    public String newSetupToken(Actor actor) {
        writing.lock();
        try {
            UserStore store = requireUsers();
            if (store.hasAdministrator()) {
                throw new IllegalStateException(
                        "An administrator exists already: sign in, no set-up is needed.");
            }
            byte[] secret = new byte[TOKEN_BYTES];
            random.nextBytes(secret);
            String token = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
            store.writeToken(token, clock.instant().plus(TOKEN_LIFE));
            LOG.info("Set-up link made, earlier ones are void (by={})", actor);
            return token;
        } finally {
            writing.unlock();
        }
    }

    @Override
    public boolean isSetupToken(String token) {
        UserStore store = requireUsers();
        return !store.hasAdministrator() && store.isToken(token, clock.instant());
    }

    @Override
    public User setUp(String token, String username, String password, Actor actor) {
        if (!requireUsers().isToken(token, clock.instant())) {
            throw wrongToken();
        }
        String name = AccountRules.name(username);
        String phc = hash(password);
        writing.lock();
        try {
            UserStore store = requireUsers();
            if (store.hasAdministrator() || !store.isToken(token, clock.instant())) {
                throw wrongToken();
            }
            Account existing = store.get(AccountRules.key(name));
            Account admin =
                    new Account(
                            name,
                            Role.ADMIN,
                            phc,
                            existing == null ? now() : existing.createdAt(),
                            null,
                            existing == null ? 0 : existing.revision());
            User made = store.writeFirstAdministrator(admin).toUser();
            LOG.info("First administrator made (user={}, by={})", name, actor);
            return made;
        } finally {
            writing.unlock();
        }
    }

    private static SecurityException wrongToken() {
        return new SecurityException(
                "The set-up link is wrong, used or expired. Get a new one from the server's"
                        + " terminal or shell.");
    }

    @Override
    public boolean ensure(String username, String password, Role role, Actor actor) {
        String name = AccountRules.name(username);
        if (isKnownOrDeleted(name)) {
            return false;
        }
        String phc = hash(password);
        writing.lock();
        try {
            if (isKnownOrDeleted(name)) {
                return false;
            }
            requireUsers().write(new Account(name, role, phc, now(), null, 0));
            LOG.info("User made (user={}, role={}, by={})", name, role, actor);
            return true;
        } finally {
            writing.unlock();
        }
    }

    private boolean isKnownOrDeleted(String name) {
        UserStore store = requireUsers();
        return store.get(AccountRules.key(name)) != null
                || store.wasDeleted(AccountRules.key(name));
    }

    @Override
    public SignIn signIn(String username, String password, String address) {
        UserStore store = requireUsers();
        PasswordHashes hashing = requireHashes();
        String key = AccountRules.key(username);
        Throttle.Attempt attempt = throttle.attempt(AddressBlock.of(address), key);
        int wait = attempt.secondsToWait();
        if (wait > 0) {
            return new SignIn.Throttled(wait);
        }
        Account account = store.get(key);
        String phc = account == null ? null : account.phc();
        Verdict verdict = verify(hashing, password, phc, attempt);
        if (verdict == Verdict.BUSY) {
            return new SignIn.Throttled(1);
        }
        if (verdict != Verdict.RIGHT || phc == null) {
            wait = attempt.failed();
            return wait > 0 ? new SignIn.Throttled(wait) : new SignIn.Refused(attempt.left());
        }
        attempt.succeeded();
        return signedIn(key, phc);
    }

    private static Verdict verify(
            PasswordHashes hashing,
            String password,
            @Nullable String phc,
            Throttle.Attempt attempt) {
        try {
            return hashing.verify(AccountRules.presented(password), phc, () -> !attempt.mustWait())
                    .toCompletableFuture()
                    .get(HASH_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Verdict.BUSY;
        } catch (TimeoutException e) {
            return Verdict.BUSY;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure
                    ? failure
                    : new IllegalStateException("A password could not be verified.", e.getCause());
        }
    }

    private SignIn signedIn(String key, String phc) {
        writing.lock();
        try {
            UserStore store = requireUsers();
            Account account = store.get(key);
            if (account == null || !account.phc().equals(phc)) {
                return new SignIn.Refused(0);
            }
            return new SignIn.Granted(noteSignIn(store, account.loggedInAt(now())).toUser());
        } finally {
            writing.unlock();
        }
    }

    /**
     * A disk that is full keeps nobody out: whoever signs in then may be the one who can help. Only
     * the time of the sign-in is lost.
     */
    private static Account noteSignIn(UserStore store, Account account) {
        try {
            return store.write(account);
        } catch (StorageException e) {
            LOG.warn("A sign-in is not recorded (user={}): {}", account.username(), e.getMessage());
            return account;
        }
    }

    @Override
    public List<User> list() {
        return requireUsers().all().stream().map(Account::toUser).toList();
    }

    @Override
    public Optional<User> get(String username) {
        return Optional.ofNullable(requireUsers().get(AccountRules.key(username)))
                .map(Account::toUser);
    }

    @Override
    public void setPassword(String username, String password, Actor actor) {
        requireAccount(username);
        String phc = hash(password);
        writing.lock();
        try {
            Account changed = requireUsers().write(requireAccount(username).withPhc(phc));
            LOG.info("User got a new password (user={}, by={})", changed.username(), actor);
        } finally {
            writing.unlock();
        }
    }

    @Override
    public void delete(String username, Actor actor) {
        writing.lock();
        try {
            UserStore store = requireUsers();
            Account account = requireAccount(username);
            if (account.role() == Role.ADMIN && store.administrators() == 1) {
                throw new IllegalArgumentException(
                        "username: "
                                + account.username()
                                + " is the last administrator (expected: make another one first)");
            }
            store.delete(AccountRules.key(account.username()), actor, now());
            LOG.info("User deleted (user={}, by={})", account.username(), actor);
        } finally {
            writing.unlock();
        }
    }

    private Account requireAccount(String username) {
        Account account = requireUsers().get(AccountRules.key(username));
        if (account == null) {
            throw new NoSuchElementException("user " + username + " does not exist");
        }
        return account;
    }

    private UserStore requireUsers() {
        UserStore current = users;
        if (current == null) {
            throw new StorageException(
                    "Console accounts are not available: the document store is not running. See the"
                            + " log for why, and start a storage bundle.");
        }
        return current;
    }

    private PasswordHashes requireHashes() {
        PasswordHashes current = hashes;
        if (current == null) {
            throw HashingUnavailableException.notRunning();
        }
        return current;
    }

    private String hash(String password) {
        byte[] bytes = AccountRules.password(password);
        return requireHashes().hash(bytes);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
