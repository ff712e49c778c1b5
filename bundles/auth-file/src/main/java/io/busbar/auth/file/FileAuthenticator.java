package io.busbar.auth.file;

import io.busbar.api.auth.spi.AuthResult;
import io.busbar.api.auth.spi.AuthResult.Cause;
import io.busbar.api.auth.spi.Authenticator;
import io.busbar.api.auth.spi.ConnectRequest;
import io.busbar.api.auth.spi.PasswordHashes;
import io.busbar.api.auth.spi.PasswordHashes.Verdict;
import io.busbar.api.auth.spi.Throttle;
import io.busbar.api.auth.spi.Throttle.Attempt;
import io.busbar.api.config.Restart;
import io.busbar.api.health.Finding;
import io.busbar.api.health.spi.HealthCheck;
import io.busbar.auth.file.UsersFile.FileUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.ComponentContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
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
 * Lets in clients that are listed in a file.
 *
 * <p>This bundle is meant to be copied for your own authenticator. Note the following. {@link
 * #authenticate} is called on an event loop, because the component says with {@link
 * Authenticator#BLOCKING} that it does not block; longer work runs on threads of its own and
 * completes the stage from there. Leave that property out if your authenticator may block: then it
 * is called on threads of the broker. If the client is not known to you, return {@link
 * AuthResult#ABSTAIN}, and the next authenticator is asked. If you know the client but it fails,
 * refuse it with the cause. Never let a client in because of an error, e.g. when the file is
 * missing.
 */
@Component(
        service = {Authenticator.class, HealthCheck.class},
        immediate = true,
        configurationPid = "io.busbar.auth.file",
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        property = {"service.ranking:Integer=-10", Authenticator.BLOCKING + ":Boolean=false"})
@Designate(ocd = FileAuthenticator.Config.class)
public final class FileAuthenticator implements Authenticator, HealthCheck {
    /** The configuration. */
    @ObjectClassDefinition(name = "MQTT credentials from a file")
    public @interface Config {
        @AttributeDefinition(
                description = "Users and hashes: lines name:hash, as mosquitto_passwd writes them")
        String file();

        @AttributeDefinition(
                description =
                        "Access rules in Mosquitto's format; empty = everybody may publish and"
                                + " subscribe everywhere but in $-topics, and read $SYS/broker/#")
        String rules() default "";

        @AttributeDefinition(
                description =
                        "Wrong passwords of one address for one user name before it must wait, 1 to"
                                + " 1000",
                min = "1",
                max = "1000")
        int attempts() default 5;

        @AttributeDefinition(
                description =
                        "Wrong passwords of one address for all user names in 15 minutes, 1 to"
                                + " 100000; right passwords do not count, and names that were right"
                                + " from there before need not wait",
                min = "1",
                max = "100000")
        int attempts_per_address() default 100;

        @AttributeDefinition(
                description = "The wait doubles from 1 s up to this many seconds, 1 to 3600",
                min = "1",
                max = "3600")
        int longest_delay_seconds() default 60;
    }

    private static final Logger LOG = LoggerFactory.getLogger(FileAuthenticator.class);
    private static final byte[] NO_PASSWORD = {};
    private static final int NAMED_LINES = 20;

    /**
     * Work that only takes time gets its turn, but nothing is computed if so many wait by then: a
     * flood of unknown names must not keep out known ones.
     */
    private static final int DUMMY_WAITING = 16;

    /** For how long those that wait for their hash may be busy with those before them. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    private final Path file;
    private final @Nullable Path rules;
    private volatile Throttle throttle;
    private final ThreadPoolExecutor hashing;
    private final ScheduledExecutorService watching;
    private volatile @Nullable PasswordHashes hashes;
    private volatile UsersFile users = UsersFile.EMPTY;
    private volatile List<Finding> findings = List.of();
    private String lastState = "";

    @Activate
    public FileAuthenticator(Config config) {
        this(
                path(config.file()),
                config.rules().isBlank() ? null : path(config.rules()),
                throttle(config));
        watching.scheduleWithFixedDelay(this::reloadIfChanged, 1, 1, TimeUnit.SECONDS);
    }

    /**
     * Other files are another provider. Other delays are taken up, and those that run forgotten.
     */
    @Modified
    void modified(Config config, ComponentContext component) {
        Path changed = config.rules().isBlank() ? null : path(config.rules());
        if (path(config.file()).equals(file) && Objects.equals(changed, rules)) {
            throttle = throttle(config);
        } else {
            Restart.of(component, FileAuthenticator.class);
        }
    }

    private static Throttle throttle(Config config) {
        return new Throttle(
                Clock.systemUTC(),
                config.attempts(),
                config.attempts_per_address(),
                config.longest_delay_seconds());
    }

    /** For tests, which reload themselves. */
    FileAuthenticator(Path file, @Nullable Path rules, Throttle throttle) {
        this.throttle = throttle;
        this.file = file;
        this.rules = rules;
        int atOnce = Math.max(2, Math.min(4, Runtime.getRuntime().availableProcessors() / 2));
        this.hashing =
                new ThreadPoolExecutor(
                        atOnce,
                        atOnce,
                        30,
                        TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(1_000),
                        FileAuthenticator::thread);
        this.hashing.allowCoreThreadTimeOut(true);
        this.watching = Executors.newSingleThreadScheduledExecutor(FileAuthenticator::thread);
        reloadIfChanged();
    }

    /** Checks the {@code $argon2id$} lines; while it is absent, their users are refused. */
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

    @Deactivate
    void deactivate() {
        watching.shutdownNow();
        hashing.shutdownNow();
    }

    @Override
    public String name() {
        return UsersFile.PROVIDER;
    }

    @Override
    public Duration longestWait() {
        PasswordHashes service = hashes;
        Duration theirs = service == null ? Duration.ZERO : service.longestWait();
        return theirs.compareTo(LONGEST_WAIT) > 0 ? theirs : LONGEST_WAIT;
    }

    @Override
    public CompletionStage<AuthResult> authenticate(ConnectRequest request) {
        String username = request.username();
        if (username == null) {
            return CompletableFuture.completedFuture(AuthResult.ABSTAIN);
        }
        FileUser user = users.user(username);
        Attempt attempt = throttle.attempt(request.address(), username);
        return judge(request, username, user, attempt);
    }

    /**
     * {@inheritDoc}
     *
     * <p>A name of nobody is counted here, when it is certain that nobody has it: each client of
     * another authenticator would be a wrong password otherwise.
     */
    @Override
    public CompletionStage<Void> refused(ConnectRequest request, boolean asked) {
        String username = request.username();
        if (username == null) {
            return CompletableFuture.completedFuture(null);
        }
        Attempt attempt = throttle.attempt(request.address(), username);
        CompletionStage<AuthResult> work =
                asked
                        ? CompletableFuture.completedFuture(AuthResult.ABSTAIN)
                        : judge(request, username, null, attempt);
        return work.thenAccept(ignored -> attempt.failed());
    }

    /**
     * Verifies the password.
     *
     * @param user null for one that nobody is, which takes as long
     */
    private CompletionStage<AuthResult> judge(
            ConnectRequest request, String username, @Nullable FileUser user, Attempt attempt) {
        if (attempt.mustWait()) {
            return CompletableFuture.completedFuture(notGranted(Cause.THROTTLED, user));
        }
        PasswordHash hash = user == null ? users.hashLikeThatOf(username) : user.password();
        PasswordHashes service = hashes;
        if (service == null && hash instanceof PasswordHash.Argon2id) {
            return CompletableFuture.completedFuture(notGranted(Cause.UNAVAILABLE, user));
        }
        byte[] presented = request.password();
        // A copy, because the request's is wiped when the broker loses patience.
        byte[] password = presented == null ? NO_PASSWORD : presented.clone();
        CompletionStage<Verdict> verdict =
                hash instanceof PasswordHash.Argon2id theirs
                        ? Objects.requireNonNull(service)
                                .verify(
                                        password,
                                        theirs.phc(),
                                        () -> isWanted(user, service.waiting(), attempt))
                        : compute(user, (PasswordHash.Computed) hash, password, attempt);
        return verdict.thenApply(it -> answer(user, it, attempt))
                .whenComplete((result, failure) -> Arrays.fill(password, (byte) 0));
    }

    private CompletionStage<Verdict> compute(
            @Nullable FileUser user, PasswordHash.Computed hash, byte[] password, Attempt attempt) {
        try {
            return CompletableFuture.supplyAsync(
                    () ->
                            isWanted(user, hashing.getQueue().size(), attempt)
                                            && hash.matches(password)
                                    ? Verdict.RIGHT
                                    : Verdict.WRONG,
                    hashing);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedFuture(Verdict.BUSY);
        }
    }

    /** Guesses that came all at once are not worth a hash once there were too many of them. */
    private static boolean isWanted(@Nullable FileUser user, int waiting, Attempt attempt) {
        return !attempt.mustWait() && (user != null || waiting < DUMMY_WAITING);
    }

    private static AuthResult answer(@Nullable FileUser user, Verdict verdict, Attempt attempt) {
        if (verdict == Verdict.BUSY) {
            return notGranted(Cause.BUSY, user);
        }
        if (user == null) {
            return notGranted(attempt.mustWait() ? Cause.THROTTLED : Cause.WRONG_PASSWORD, null);
        }
        if (verdict == Verdict.RIGHT) {
            attempt.succeeded();
            return new AuthResult.Granted(user.principal());
        }
        return notGranted(attempt.failed() > 0 ? Cause.THROTTLED : Cause.WRONG_PASSWORD, user);
    }

    /** For a name that nobody has the same answer in the end, after the other authenticators. */
    private static AuthResult notGranted(Cause cause, @Nullable FileUser user) {
        if (user != null) {
            return new AuthResult.Refused(cause, user.principal().id(), null);
        }
        return cause == Cause.WRONG_PASSWORD ? AuthResult.ABSTAIN : new AuthResult.Abstain(cause);
    }

    /**
     * Reads the files if they are not the same as last time. Lines that are not understood do not
     * count; if there are no others, nothing changes. Never throws, or it would not be called
     * again.
     */
    void reloadIfChanged() {
        try {
            String state = state(file) + (rules == null ? "" : " " + state(rules));
            if (!state.equals(lastState)) {
                lastState = state;
                take(UsersFile.read(file, rules));
            }
        } catch (NoSuchFileException e) {
            users = UsersFile.EMPTY;
            findings = found(file + " does not exist: nobody of it may connect");
            LOG.warn("Nobody of the users file may connect: {} does not exist", e.getMessage());
        } catch (IOException | RuntimeException e) {
            findings = found(file + " was not read, what was read before stays: see the log");
            LOG.warn("Users file was not read, what was read before stays: {}", e.getMessage());
        }
    }

    private void take(UsersFile read) {
        List<String> unread = read.unread();
        findings =
                Stream.of(file, rules)
                        .filter(Objects::nonNull)
                        .flatMap(it -> unreadOf(it, unread))
                        .toList();
        if (read.size() == 0 && !unread.isEmpty()) {
            LOG.warn(
                    "Users file was not read, what was read before stays: no line of it is good"
                            + " ({})",
                    named(unread));
            return;
        }
        users = read;
        LOG.info("Users read (count={}, file={})", read.size(), file);
        if (!unread.isEmpty()) {
            LOG.warn(
                    "Lines not read: {}. The others count. Correct the file, it is read again at"
                            + " once: {}",
                    unread.size(),
                    named(unread));
        }
    }

    @Override
    public List<Finding> findings() {
        return findings;
    }

    /** How many, not what they say: the health of the server is told to everybody. */
    private static Stream<Finding> unreadOf(Path file, List<String> unread) {
        long count = unread.stream().filter(line -> line.startsWith(file + ":")).count();
        return count == 0
                ? Stream.of()
                : found(file + ": lines that are not read: " + count + ". The log names them")
                        .stream();
    }

    private static List<Finding> found(String detail) {
        return List.of(Finding.degraded("users file", detail));
    }

    private static String named(List<String> unread) {
        String first = String.join("; ", unread.subList(0, Math.min(NAMED_LINES, unread.size())));
        return unread.size() > NAMED_LINES ? first + "; …" : first;
    }

    /** What changes when a file is written or replaced. */
    private static String state(Path file) throws IOException {
        if (!Files.exists(file)) {
            return "missing";
        }
        BasicFileAttributes it = Files.readAttributes(file, BasicFileAttributes.class);
        return it.lastModifiedTime() + "/" + it.size() + "/" + it.fileKey();
    }

    private static Path path(@Nullable String configured) {
        if (configured == null || configured.isBlank()) {
            throw new IllegalArgumentException(
                    "file: missing in io.busbar.auth.file.cfg (expected: a path)");
        }
        return Path.of(configured).toAbsolutePath().normalize();
    }

    private static Thread thread(Runnable runnable) {
        Thread thread = new Thread(runnable, "busbar-auth-file");
        thread.setDaemon(true);
        return thread;
    }
}
