package io.busbar.startup;

import io.busbar.api.accounts.Accounts;
import io.busbar.api.accounts.Role;
import io.busbar.api.audit.Actor;
import io.busbar.api.auth.CredentialService;
import io.busbar.api.auth.NewCredential;
import io.busbar.api.auth.spi.PasswordHashes;
import io.busbar.api.broker.ListenerView;
import io.busbar.api.broker.Listeners;
import io.busbar.api.storage.StorageException;
import io.busbar.api.uns.ImportResult;
import io.busbar.api.uns.Namespace;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.Version;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.servlet.runtime.HttpServiceRuntime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the server come up. In a thread of its own it applies the bootstrap file, waits until
 * everything listens, says where, and afterwards keeps {@code endpoints.json} true. Whatever keeps
 * the server from starting is told in one line and ends the process with exit code 1.
 */
@Component(
        service = {},
        immediate = true,
        configurationPid = "io.busbar.startup",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = Startup.Config.class)
public final class Startup {

    /** Configuration of the start. */
    @ObjectClassDefinition(name = "Busbar startup")
    @interface Config {
        @AttributeDefinition(
                description =
                        "The bootstrap file: accounts, credentials and namespace that must exist;"
                                + " empty = none")
        String bootstrap() default "";

        @AttributeDefinition(
                description =
                        "Folder for endpoints.json and setup-link; empty = run in the data folder")
        String run_directory() default "";

        @AttributeDefinition(
                description = "Seconds until a server that has not come up ends with a message")
        int timeout_seconds() default 60;
    }

    private static final Logger LOG = LoggerFactory.getLogger(Startup.class);
    private static final Duration WATCH = Duration.ofSeconds(1);
    private static final Duration LOOK = Duration.ofMillis(50);

    private final BundleContext bundles;
    private final Path bootstrapFile;
    private final boolean hasBootstrap;
    private final Duration timeout;
    private final RunDirectory runDirectory;
    private final AnonymousAccess anonymousAccess;
    private final Obstacles obstacles;
    private final Terminal terminal;
    private final Thread thread;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable Accounts accounts;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable CredentialService credentials;

    /** Accounts and credentials come up without it, but none can be made. */
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable PasswordHashes hashes;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable Namespace namespace;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable Listeners listeners;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable ServiceReference<HttpServiceRuntime> http;

    @Activate
    public Startup(
            BundleContext bundles,
            Config config,
            @Reference ConfigurationAdmin configurations,
            @Reference ServiceComponentRuntime components) {
        this.bundles = bundles;
        this.hasBootstrap = !config.bootstrap().isBlank();
        this.bootstrapFile = Path.of(config.bootstrap());
        this.timeout = Duration.ofSeconds(config.timeout_seconds());
        String directory = config.run_directory();
        this.runDirectory =
                new RunDirectory(
                        directory.isBlank()
                                ? Path.of(bundles.getProperty("karaf.data"), "run")
                                : Path.of(directory));
        this.anonymousAccess = new AnonymousAccess(configurations);
        this.obstacles = new Obstacles(components, configurations);
        this.terminal = new Terminal(System.out, System.err);
        this.thread = new Thread(this::run, "busbar-startup");
        this.thread.setDaemon(true);
    }

    @Activate
    void activate() {
        thread.start();
    }

    /** The file is read at the start only; other keys as well wait for the next one. */
    @Modified
    void modified() {
        LOG.info("Startup configuration changed: takes effect at the next start");
    }

    @Deactivate
    void deactivate() {
        thread.interrupt();
        runDirectory.close();
    }

    private void run() {
        try {
            runDirectory.claim();
            Bootstrap bootstrap = hasBootstrap ? readBootstrap() : Bootstrap.EMPTY;
            anonymousAccess.allow(bootstrap.anonymous());
            apply(bootstrap);
            Addresses addresses = awaitAddresses();
            announce(addresses, bootstrap.anonymous());
            watch(addresses);
        } catch (CannotStartException problem) {
            LOG.error("Cannot start: {}", problem.getMessage());
            exit(problem.getMessage());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException problem) {
            LOG.error("Cannot start", problem);
            exit(problem.toString());
        }
    }

    private Bootstrap readBootstrap() throws CannotStartException {
        try {
            return BootstrapReader.read(Files.readString(bootstrapFile));
        } catch (BootstrapException wrong) {
            throw bootstrapProblem(wrong.getMessage());
        } catch (NoSuchFileException missing) {
            throw bootstrapProblem("the file does not exist");
        } catch (MalformedInputException wrong) {
            throw bootstrapProblem("the file is not UTF-8 text");
        } catch (IOException wrong) {
            throw bootstrapProblem("cannot be read: " + wrong.getMessage());
        }
    }

    private CannotStartException bootstrapProblem(String what) {
        return new CannotStartException(
                "bootstrap file " + bootstrapFile + ": " + what + ". Nothing of it was applied.");
    }

    // ---- the declarative start ----

    private void apply(Bootstrap bootstrap) throws CannotStartException, InterruptedException {
        Bootstrap.Admin admin = bootstrap.admin();
        String nodes = bootstrap.namespace();
        Deadline deadline = new Deadline(timeout);
        // All of the services first: a file is applied as a whole or not at all.
        if (admin != null) {
            deadline.await(this::accountsAnswer, this::check, "the accounts (auth-users)");
        }
        if (!bootstrap.credentials().isEmpty()) {
            deadline.await(
                    () -> answers(credentials, CredentialService::list),
                    this::check,
                    "the credentials (auth-credentials)");
        }
        if (admin != null || !bootstrap.credentials().isEmpty()) {
            deadline.await(
                    () -> hashes != null, this::check, "the password hashes (auth-passwords)");
        }
        if (nodes != null) {
            deadline.await(
                    () -> answers(namespace, Namespace::stats),
                    this::check,
                    "the namespace (uns-registry)");
            ImportResult trial = present(namespace).importJson(nodes, true, Actor.BOOTSTRAP.name());
            // What exists already is no error of a file that is applied again and again.
            if (!trial.errors().isEmpty()) {
                throw bootstrapProblem("namespace: " + trial.errors().get(0));
            }
        }
        try {
            if (admin != null
                    && present(accounts)
                            .ensure(
                                    admin.username(),
                                    admin.password(),
                                    Role.ADMIN,
                                    Actor.BOOTSTRAP)) {
                LOG.info("Bootstrap made the administrator (user={})", admin.username());
            }
            for (NewCredential credential : bootstrap.credentials()) {
                if (present(credentials).ensure(credential, Actor.BOOTSTRAP)) {
                    LOG.info("Bootstrap made a credential (username={})", credential.username());
                }
            }
            if (nodes != null) {
                ImportResult result = present(namespace).ensure(nodes, Actor.BOOTSTRAP.name());
                if (!result.errors().isEmpty()) {
                    throw bootstrapProblem("namespace: " + result.errors().get(0));
                }
                LOG.info("Bootstrap made {} nodes", result.created().size());
            }
        } catch (IllegalArgumentException wrong) {
            throw new CannotStartException(
                    "bootstrap file " + bootstrapFile + ": " + wrong.getMessage());
        }
    }

    private boolean accountsAnswer() {
        return answers(accounts, Accounts::setupRequired);
    }

    /** Whether a service is there, and whatever it stands on as well. */
    private static <T> boolean answers(@Nullable T service, Consumer<T> question) {
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

    private static <T> T present(@Nullable T service) throws CannotStartException {
        if (service == null) {
            throw new CannotStartException("a service went away during the start: try again");
        }
        return service;
    }

    // ---- addresses ----

    private Addresses awaitAddresses() throws CannotStartException, InterruptedException {
        Deadline deadline = new Deadline(timeout);
        deadline.await(this::accountsAnswer, this::check, "the accounts (auth-users)");
        deadline.await(() -> listeners != null, this::check, "the MQTT listeners (mqtt-transport)");
        deadline.await(this::mqttIsUp, this::check, "the MQTT listeners (mqtt-transport)");
        deadline.await(() -> Addresses.consoleOf(http) != null, this::check, "the console (HTTP)");
        obstacles.check(Duration.ZERO, listeners, true);
        return Addresses.of(present(listeners).list(), Addresses.consoleOf(http));
    }

    private boolean mqttIsUp() throws CannotStartException {
        List<ListenerView> list = present(listeners).list();
        return list.size() >= obstacles.configuredListeners()
                && list.stream().noneMatch(l -> l.state() == ListenerView.State.STOPPED);
    }

    private void check(Duration waited) throws CannotStartException {
        obstacles.check(waited, listeners, Addresses.consoleOf(http) != null);
    }

    private void announce(Addresses addresses, boolean anonymous) throws IOException {
        Accounts people = accounts;
        String link = null;
        if (people != null && people.setupRequired()) {
            link = addresses.console() + "setup#" + people.newSetupToken(Actor.SERVER);
            runDirectory.writeSetupLink(link);
        }
        runDirectory.writeEndpoints(addresses);
        terminal.started(version(), addresses, link);
        if (anonymous) {
            LOG.warn(
                    "ANONYMOUS ACCESS IS ON: whoever reaches the loopback MQTT listeners may"
                            + " connect without a password (bootstrap={})",
                    bootstrapFile);
            terminal.anonymous();
        }
        for (ListenerView listener : addresses.failed()) {
            terminal.problem(
                    "listener " + listener.name() + " does not listen: " + listener.detail());
        }
        LOG.info("Started: {}", addresses);
    }

    /** Follows what changes while the server runs: listeners come and go with their files. */
    private void watch(Addresses announced) throws InterruptedException {
        Addresses known = announced;
        while (!Thread.currentThread().isInterrupted()) {
            Thread.sleep(WATCH.toMillis());
            Listeners current = listeners;
            Accounts people = accounts;
            try {
                if (people != null && !people.setupRequired()) {
                    runDirectory.deleteSetupLink();
                }
                String console = Addresses.consoleOf(http);
                Addresses now = Addresses.of(current == null ? List.of() : current.list(), console);
                if (!now.equals(known)) {
                    runDirectory.writeEndpoints(now);
                    terminal.changed(known, now);
                    known = now;
                }
            } catch (IOException | RuntimeException problem) {
                LOG.warn("Cannot follow the listening addresses: {}", problem.toString());
            }
        }
    }

    private String version() {
        Version version = bundles.getBundle().getVersion();
        String number = version.getMajor() + "." + version.getMinor() + "." + version.getMicro();
        return version.getQualifier().isEmpty() ? number : number + "-" + version.getQualifier();
    }

    /** From a thread of its own: the framework stops this component while the process ends. */
    private void exit(String message) {
        terminal.problem(message);
        Thread exit = new Thread(() -> Runtime.getRuntime().exit(1), "busbar-exit");
        exit.setDaemon(true);
        exit.start();
    }

    /** A wait that ends: with success, with a known obstacle, or with a message. */
    private static final class Deadline {

        private final long startedAt = System.nanoTime();
        private final Duration timeout;

        Deadline(Duration timeout) {
            this.timeout = timeout;
        }

        void await(Condition condition, Check check, String what)
                throws CannotStartException, InterruptedException {
            while (!condition.holds()) {
                Duration waited = Duration.ofNanos(System.nanoTime() - startedAt);
                check.run(waited);
                if (waited.compareTo(timeout) > 0) {
                    throw new CannotStartException(
                            "gave up waiting for "
                                    + what
                                    + " after "
                                    + timeout.toSeconds()
                                    + " s: log/busbar.log in the data folder says why");
                }
                Thread.sleep(LOOK.toMillis());
            }
        }
    }

    private interface Condition {
        boolean holds() throws CannotStartException;
    }

    private interface Check {
        void run(Duration waited) throws CannotStartException;
    }
}
