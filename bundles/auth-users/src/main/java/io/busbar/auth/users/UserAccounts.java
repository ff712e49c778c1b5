package io.busbar.auth.users;

import io.busbar.api.accounts.Accounts;
import io.busbar.api.accounts.Role;
import io.busbar.api.accounts.User;
import io.busbar.api.audit.Actor;
import io.busbar.api.storage.Documents;
import io.busbar.api.storage.StorageException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
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
 * Accounts in the document store, with Argon2id. While the store is absent every call fails with
 * {@link StorageException}: nobody signs in.
 */
@Component(service = Accounts.class, immediate = true, configurationPid = "io.busbar.auth.users")
@Designate(ocd = UserAccounts.Config.class)
public final class UserAccounts implements Accounts {
    /** The configuration. */
    @ObjectClassDefinition(name = "Console accounts")
    public @interface Config {
        @AttributeDefinition(
                description =
                        "Sign-ins of one account from one address block before they must wait, 1 to"
                                + " 1000; six times as many of one block for all accounts")
        int attempts() default 5;

        @AttributeDefinition(
                description = "The wait doubles from 1 s up to this many seconds, 1 to 3600")
        int longest_delay_seconds() default 60;
    }

    /** Longer ones cost memory and say nothing more. */
    static final int MAX_PASSWORD_LENGTH = 256;

    private static final Logger LOG = LoggerFactory.getLogger(UserAccounts.class);
    private static final Pattern USERNAME =
            Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}._@-]{0,63}");
    private static final Duration TOKEN_LIFE = Duration.ofHours(24);
    private static final int HASHES_AT_ONCE = 2;
    private static final int HASH_WAIT_SECONDS = 10;
    private static final int ATTEMPTS_PER_BLOCK = 6;

    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final ReentrantLock writing = new ReentrantLock();
    private final Semaphore hashing = new Semaphore(HASHES_AT_ONCE, true);
    private final String nobodysHash;
    private volatile SignInThrottle perAccount;
    private volatile SignInThrottle perBlock;
    private volatile @Nullable Documents documents;
    private volatile @Nullable UserStore users;

    @Activate
    public UserAccounts(Config config) {
        this(config.attempts(), config.longest_delay_seconds(), Clock.systemUTC());
    }

    UserAccounts(int attempts, int longestDelaySeconds, Clock clock) {
        this.clock = clock;
        this.nobodysHash = Argon2id.hash(randomBytes(16), randomBytes(16));
        this.perAccount = throttle(attempts, longestDelaySeconds);
        this.perBlock = throttle(attempts * ATTEMPTS_PER_BLOCK, longestDelaySeconds);
    }

    /** Takes new settings without going away; delays that run are forgotten. */
    @Modified
    void modified(Config config) {
        perAccount = throttle(config.attempts(), config.longest_delay_seconds());
        perBlock = throttle(config.attempts() * ATTEMPTS_PER_BLOCK, config.longest_delay_seconds());
    }

    private SignInThrottle throttle(int attempts, int longestDelaySeconds) {
        if (attempts < 1 || attempts > 1000 * ATTEMPTS_PER_BLOCK) {
            throw new IllegalArgumentException("attempts: " + attempts + " (expected: 1 to 1000)");
        }
        if (longestDelaySeconds < 1 || longestDelaySeconds > 3600) {
            throw new IllegalArgumentException(
                    "longest.delay.seconds: " + longestDelaySeconds + " (expected: 1 to 3600)");
        }
        return new SignInThrottle(clock, attempts, longestDelaySeconds);
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
            String token = Base64.getUrlEncoder().withoutPadding().encodeToString(randomBytes(16));
            store.writeToken(token, clock.instant().plus(TOKEN_LIFE));
            LOG.info("Set-up link made, earlier ones are void (by={})", actor);
            return token;
        } finally {
            writing.unlock();
        }
    }

    @Override
    public User setUp(String token, String username, String password, Actor actor) {
        if (!requireUsers().isToken(token, clock.instant())) {
            throw wrongToken();
        }
        String name = validName(username);
        String phc = hash(validPassword(password));
        writing.lock();
        try {
            UserStore store = requireUsers();
            if (store.hasAdministrator() || !store.isToken(token, clock.instant())) {
                throw wrongToken();
            }
            Account existing = store.get(key(name));
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
        String name = validName(username);
        if (isKnownOrDeleted(name)) {
            return false;
        }
        String phc = hash(validPassword(password));
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
        return store.get(key(name)) != null || store.wasDeleted(key(name));
    }

    @Override
    public SignIn signIn(String username, String password, String address) {
        UserStore store = requireUsers();
        String key = key(username);
        String block = AddressBlock.of(address);
        String accountKey = block + " " + (key.length() > 64 ? key.substring(0, 64) : key);
        SignInThrottle accounts = perAccount;
        SignInThrottle blocks = perBlock;
        int wait = blocks.begin(block);
        if (wait == 0) {
            wait = accounts.begin(accountKey);
        }
        if (wait > 0) {
            return new SignIn.Throttled(wait);
        }
        Account account = store.get(key);
        String phc = account == null ? nobodysHash : account.phc();
        Optional<Boolean> right = verify(password, phc);
        if (right.isEmpty()) {
            return new SignIn.Throttled(1);
        }
        if (!right.get() || account == null) {
            return new SignIn.Refused(Math.min(accounts.left(accountKey), blocks.left(block)));
        }
        accounts.reset(accountKey);
        blocks.reset(block);
        return signedIn(key, phc);
    }

    private SignIn signedIn(String key, String phc) {
        writing.lock();
        try {
            UserStore store = requireUsers();
            Account account = store.get(key);
            if (account == null || !account.phc().equals(phc)) {
                return new SignIn.Refused(0);
            }
            return new SignIn.Granted(store.write(account.loggedInAt(now())).toUser());
        } finally {
            writing.unlock();
        }
    }

    @Override
    public List<User> list() {
        return requireUsers().all().stream().map(Account::toUser).toList();
    }

    @Override
    public Optional<User> get(String username) {
        return Optional.ofNullable(requireUsers().get(key(username))).map(Account::toUser);
    }

    @Override
    public void setPassword(String username, String password, Actor actor) {
        requireAccount(username);
        String phc = hash(validPassword(password));
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
            store.delete(key(account.username()), actor, now());
            LOG.info("User deleted (user={}, by={})", account.username(), actor);
        } finally {
            writing.unlock();
        }
    }

    private Account requireAccount(String username) {
        Account account = requireUsers().get(key(username));
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

    /**
     * Hashes of 19 MiB each: few at once, however many people or attackers ask. Empty if it took
     * too long to get a turn.
     */
    private Optional<Boolean> verify(String password, String phc) {
        boolean turn = false;
        try {
            turn = hashing.tryAcquire(HASH_WAIT_SECONDS, TimeUnit.SECONDS);
            String bounded =
                    password.length() > 4 * MAX_PASSWORD_LENGTH
                            ? password.substring(0, 4 * MAX_PASSWORD_LENGTH)
                            : password;
            return turn ? Optional.of(Argon2id.verify(bytes(bounded), phc)) : Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } finally {
            if (turn) {
                hashing.release();
            }
        }
    }

    private String hash(String password) {
        hashing.acquireUninterruptibly();
        try {
            return Argon2id.hash(bytes(password), randomBytes(16));
        } finally {
            hashing.release();
        }
    }

    /** One form of each character, so that a password typed on another keyboard is the same. */
    private static byte[] bytes(String password) {
        return Normalizer.normalize(password, Normalizer.Form.NFC).getBytes(StandardCharsets.UTF_8);
    }

    private static String validName(String username) {
        String name = Normalizer.normalize(username, Normalizer.Form.NFC);
        if (!USERNAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "username: \""
                            + username
                            + "\" (expected: 1 to 64 letters, digits, . _ - @, beginning with a"
                            + " letter or digit)");
        }
        return name;
    }

    private static String validPassword(String password) {
        int length = password.codePointCount(0, password.length());
        if (length < MIN_PASSWORD_LENGTH || length > MAX_PASSWORD_LENGTH) {
            throw new IllegalArgumentException(
                    "password: "
                            + length
                            + " characters (expected: "
                            + MIN_PASSWORD_LENGTH
                            + " to "
                            + MAX_PASSWORD_LENGTH
                            + ")");
        }
        return password;
    }

    /** Names differ by more than their case. */
    static String key(String username) {
        return Normalizer.normalize(username, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private byte[] randomBytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
