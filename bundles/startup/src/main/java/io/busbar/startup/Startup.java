package io.busbar.startup;

import static io.busbar.startup.Parts.present;

import io.busbar.api.accounts.Accounts;
import io.busbar.api.audit.Actor;
import io.busbar.api.auth.CredentialService;
import io.busbar.api.auth.spi.PasswordHashes;
import io.busbar.api.broker.ListenerView;
import io.busbar.api.broker.Listeners;
import io.busbar.api.health.Finding;
import io.busbar.api.health.spi.HealthCheck;
import io.busbar.api.storage.StorageException;
import io.busbar.api.uns.Namespace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
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
 * Supervises the start of the server. On its own thread it applies the bootstrap file, waits until
 * every listener is open and the web API answers, prints the addresses, and then keeps {@code
 * endpoints.json} up to date. What of the bootstrap file was not made is told as a finding. If
 * something prevents the start, it prints one line about it and ends the process with exit code 1.
 */
@Component(
        service = HealthCheck.class,
        immediate = true,
        configurationPid = "io.busbar.startup",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = Startup.Config.class)
public final class Startup implements HealthCheck {

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
                description =
                        "Seconds that a server may wait for something while it comes up before it"
                                + " ends with a message; seconds in which it works do not count",
                min = "1",
                max = "3600")
        int timeout_seconds() default 60;
    }

    private static final Logger LOG = LoggerFactory.getLogger(Startup.class);
    private static final Duration WATCH = Duration.ofSeconds(1);

    private final BundleContext bundles;
    private final String bootstrapFile;
    private final Duration timeout;
    private final ConfigurationAdmin configurations;
    private final Parts parts = new Present();
    private final RunDirectory runDirectory;
    private final AnonymousAccess anonymousAccess;
    private final Obstacles obstacles;
    private final ConfigurationGuard guard;
    private final DeployFolder deploy;
    private final Terminal terminal;
    private final DeclarativeStart declared;
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

    /** The same service. */
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable HttpServiceRuntime httpRuntime;

    /** Say why a service is missing. */
    @Reference(policy = ReferencePolicy.DYNAMIC, target = "(" + HealthCheck.MISSING_SERVICE + "=*)")
    private volatile List<HealthCheck> missing = List.of();

    @Activate
    public Startup(
            BundleContext bundles,
            Config config,
            @Reference ConfigurationAdmin configurations,
            @Reference ServiceComponentRuntime components,
            @Reference ConfigurationGuard guard,
            @Reference DeployFolder deploy) {
        this.bundles = bundles;
        this.bootstrapFile = config.bootstrap();
        this.timeout = Duration.ofSeconds(config.timeout_seconds());
        this.configurations = configurations;
        String directory = config.run_directory();
        this.runDirectory =
                new RunDirectory(
                        directory.isBlank()
                                ? Path.of(bundles.getProperty("karaf.data"), "run")
                                : Path.of(directory));
        this.anonymousAccess = new AnonymousAccess(configurations);
        this.obstacles = new Obstacles(components, configurations, guard);
        this.guard = guard;
        this.deploy = deploy;
        this.terminal = new Terminal(System.out, System.err);
        this.declared = new DeclarativeStart(Path.of(bootstrapFile), parts);
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
            Bootstrap bootstrap = bootstrapFile.isBlank() ? Bootstrap.EMPTY : declared.read();
            anonymousAccess.allow(bootstrap.anonymous());
            declared.apply(bootstrap, deadline());
            Addresses addresses = awaitAddresses();
            announce(addresses, bootstrap.anonymous());
            watch(addresses);
        } catch (CannotStartException problem) {
            LOG.error("Cannot start: {}", problem.getMessage());
            exit(problem.getMessage());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (StorageException problem) {
            LOG.error("Cannot start", problem);
            exit(problem.getMessage());
        } catch (IOException | RuntimeException problem) {
            LOG.error("Cannot start", problem);
            exit(problem.toString());
        }
    }

    private Deadline deadline() {
        return new Deadline(
                timeout,
                waited ->
                        obstacles.check(
                                waited, listeners, parts.console() != null, withoutAccounts()),
                Deadline.Time.SYSTEM);
    }

    private Addresses awaitAddresses() throws CannotStartException, InterruptedException {
        Deadline deadline = deadline();
        deadline.await(parts::accountsAnswer, "the accounts (auth-users)");
        deadline.await(() -> listeners != null, "the MQTT listeners (mqtt-transport)");
        deadline.await(this::mqttIsUp, "the MQTT listeners (mqtt-transport)");
        deadline.await(() -> parts.console() != null, "the console (HTTP)");
        List<String> installed =
                Arrays.stream(bundles.getBundles()).map(Bundle::getSymbolicName).toList();
        for (HttpPart part : HttpPart.values()) {
            if (installed.contains(part.bundle())) {
                deadline.await(() -> part.answers(httpRuntime), part.toString());
            }
        }
        obstacles.check(Duration.ZERO, listeners, true, List.of());
        return Addresses.of(
                present(listeners).list(), parts.console(), Addresses.consoleHosts(http));
    }

    private boolean mqttIsUp() throws CannotStartException {
        List<ListenerView> list = present(listeners).list();
        return list.size() >= obstacles.configuredListeners()
                && list.stream().noneMatch(l -> l.state() == ListenerView.State.STOPPED);
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
        declared.problems().forEach(terminal::problem);
        for (ListenerView listener : addresses.failed()) {
            terminal.problem(
                    "listener " + listener.name() + " does not listen: " + listener.detail());
        }
        OpenFiles.warning(configurations)
                .ifPresent(
                        line -> {
                            LOG.warn("{}", line);
                            terminal.problem(line);
                        });
        LOG.info("Started: {}", addresses);
    }

    /** Everybody may read it, so names are in the log and at the terminal only. */
    @Override
    public List<Finding> findings() {
        int problems = declared.problems().size();
        return problems == 0
                ? List.of()
                : List.of(
                        Finding.degraded(
                                "bootstrap",
                                "the bootstrap file was not made true in "
                                        + problems
                                        + (problems == 1 ? " point" : " points")
                                        + ": the log says which and what to do (log/busbar.log,"
                                        + " WARN)"));
    }

    /** Follows what changes while the server runs: listeners come and go with their files. */
    private void watch(Addresses announced) throws InterruptedException {
        Addresses known = announced;
        List<String> told = List.of();
        while (!Thread.currentThread().isInterrupted()) {
            deploy.look();
            told = tellProblems(told);
            Thread.sleep(WATCH.toMillis());
            Listeners current = listeners;
            Accounts people = accounts;
            try {
                if (people != null && !people.setupRequired()) {
                    runDirectory.deleteSetupLink();
                }
                String console = parts.console();
                Addresses now =
                        Addresses.of(
                                current == null ? List.of() : current.list(),
                                console,
                                Addresses.consoleHosts(http));
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

    /** Says what is wrong with the files and has not been said. */
    private List<String> tellProblems(List<String> told) {
        List<String> down = withoutAccounts();
        List<String> now =
                Stream.concat(
                                Stream.of(guard.findings(), deploy.findings())
                                        .flatMap(List::stream)
                                        .map(Finding::detail),
                                down.stream())
                        .toList();
        down.stream()
                .filter(problem -> !told.contains(problem))
                .forEach(problem -> LOG.error("Nobody can sign in: {}", problem));
        now.stream().filter(problem -> !told.contains(problem)).forEach(terminal::problem);
        return now;
    }

    /**
     * What is missing, in words for people, as long as nobody can sign in; empty otherwise. Who can
     * sign in sees it in the console.
     */
    private List<String> withoutAccounts() {
        return parts.accountsAnswer()
                ? List.of()
                : missing.stream().flatMap(Startup::findings).map(Finding::detail).toList();
    }

    private static Stream<Finding> findings(HealthCheck check) {
        try {
            return check.findings().stream();
        } catch (RuntimeException failure) {
            LOG.debug("A health check failed", failure);
            return Stream.empty();
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

    /** What is there at the moment. */
    private final class Present implements Parts {
        @Override
        public @Nullable Accounts accounts() {
            return accounts;
        }

        @Override
        public @Nullable CredentialService credentials() {
            return credentials;
        }

        @Override
        public @Nullable PasswordHashes hashes() {
            return hashes;
        }

        @Override
        public @Nullable Namespace namespace() {
            return namespace;
        }

        @Override
        public @Nullable Listeners listeners() {
            return listeners;
        }

        @Override
        public @Nullable String console() {
            return Addresses.consoleOf(http);
        }
    }
}
