package io.busbar.auth.file;

import io.busbar.api.auth.spi.AuthResult;
import io.busbar.api.auth.spi.Authenticator;
import io.busbar.api.auth.spi.ConnectRequest;
import io.busbar.auth.file.UsersFile.FileUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets in clients that are listed in a file.
 *
 * <p>This bundle is meant to be copied for your own authenticator. Note the following. {@link
 * #authenticate} is called on an event loop, so longer work must run on a thread of your own and
 * complete the stage from there. If the client is not known to you, return {@link
 * AuthResult#ABSTAIN}, and the next authenticator is asked. If you know the client but it fails,
 * refuse it with the cause. Never let a client in because of an error, e.g. when the file is
 * missing.
 */
@Component(
        service = Authenticator.class,
        immediate = true,
        configurationPid = "io.busbar.auth.file",
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        property = "service.ranking:Integer=-10")
@Designate(ocd = FileAuthenticator.Config.class)
public final class FileAuthenticator implements Authenticator {
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
    }

    private static final Logger LOG = LoggerFactory.getLogger(FileAuthenticator.class);
    private static final byte[] NO_PASSWORD = {};

    private final Path file;
    private final @Nullable Path rules;
    private final ThreadPoolExecutor hashing;
    private final ScheduledExecutorService watching;
    private volatile UsersFile users = UsersFile.EMPTY;
    private String lastState = "";

    @Activate
    public FileAuthenticator(Config config) {
        this(path(config.file()), config.rules().isBlank() ? null : path(config.rules()));
        watching.scheduleWithFixedDelay(this::reloadIfChanged, 1, 1, TimeUnit.SECONDS);
    }

    /** For tests, which reload themselves. */
    FileAuthenticator(Path file, @Nullable Path rules) {
        this.file = file;
        this.rules = rules;
        this.hashing =
                new ThreadPoolExecutor(
                        1,
                        1,
                        30,
                        TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(1_000),
                        FileAuthenticator::thread);
        this.hashing.allowCoreThreadTimeOut(true);
        this.watching = Executors.newSingleThreadScheduledExecutor(FileAuthenticator::thread);
        reloadIfChanged();
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
    public CompletionStage<AuthResult> authenticate(ConnectRequest request) {
        String username = request.username();
        if (username == null) {
            return CompletableFuture.completedFuture(AuthResult.ABSTAIN);
        }
        FileUser user = users.user(username);
        byte[] presented = request.password();
        // A copy, because the request's is wiped when the broker loses patience.
        byte[] password = presented == null ? NO_PASSWORD : presented.clone();
        try {
            return CompletableFuture.supplyAsync(() -> judge(user, password), hashing);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedFuture(refused(AuthResult.Cause.UNAVAILABLE, user));
        }
    }

    private static AuthResult judge(@Nullable FileUser user, byte[] password) {
        try {
            if (user == null) {
                // The same work as for a known name, so that the time does not tell which names are
                // known.
                PasswordHash.NOBODY.matches(password);
                return AuthResult.ABSTAIN;
            }
            return user.password().matches(password)
                    ? new AuthResult.Granted(user.principal())
                    : refused(AuthResult.Cause.WRONG_PASSWORD, user);
        } finally {
            Arrays.fill(password, (byte) 0);
        }
    }

    private static AuthResult refused(AuthResult.Cause cause, @Nullable FileUser user) {
        return new AuthResult.Refused(cause, user == null ? null : user.principal().id(), null);
    }

    /**
     * Reads the files if they are not the same as last time; a file with a bad line changes
     * nothing. Never throws, or it would not be called again.
     */
    void reloadIfChanged() {
        try {
            String state = state(file) + (rules == null ? "" : " " + state(rules));
            if (!state.equals(lastState)) {
                lastState = state;
                users = UsersFile.read(file, rules);
                LOG.info("Users read (count={}, file={})", users.size(), file);
            }
        } catch (NoSuchFileException e) {
            users = UsersFile.EMPTY;
            LOG.warn("Nobody of the users file may connect: {} does not exist", e.getMessage());
        } catch (IOException | RuntimeException e) {
            LOG.warn("Users file was not read, what was read before stays: {}", e.getMessage());
        }
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
