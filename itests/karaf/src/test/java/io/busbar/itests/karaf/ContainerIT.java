package io.busbar.itests.karaf;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.configureConsole;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.doNotModifyLogConfiguration;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.editConfigurationFileExtend;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.karafDistributionConfiguration;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.keepRuntimeFolder;

import io.busbar.api.accounts.Accounts;
import io.busbar.api.accounts.Role;
import io.busbar.api.audit.Actor;
import io.busbar.api.auth.CredentialService;
import io.busbar.api.auth.HashingUnavailableException;
import io.busbar.api.auth.NewCredential;
import io.busbar.api.auth.spi.Authenticator;
import io.busbar.api.broker.Broker;
import io.busbar.api.broker.Clients;
import io.busbar.api.broker.ListenerView;
import io.busbar.api.broker.Listeners;
import io.busbar.api.uns.Namespace;
import io.busbar.api.uns.NewNode;
import io.busbar.testkit.time.Await;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.PrivilegedExceptionAction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Dictionary;
import java.util.EnumSet;
import java.util.Hashtable;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.inject.Inject;
import javax.security.auth.Subject;
import org.apache.karaf.features.BootFinished;
import org.apache.karaf.features.FeaturesService;
import org.apache.karaf.jaas.boot.principal.RolePrincipal;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.api.console.SessionFactory;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.CoreOptions;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.options.extra.VMOption;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.ops4j.pax.tinybundles.TinyBundles;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/** What only a container can tell: the archive's bundles resolve, start, and change places live. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class ContainerIT {

    private static final Duration SOON = Duration.ofSeconds(30);

    @Inject private BundleContext context;

    /** Injected when all features are there: its presence is what is waited for. */
    @Inject private BootFinished bootFinished;

    @Inject private FeaturesService features;
    @Inject private SessionFactory shell;
    @Inject private ServiceComponentRuntime components;
    @Inject private CredentialService credentials;
    @Inject private Accounts accounts;
    @Inject private ConfigurationAdmin configurations;
    @Inject private Clients clients;
    @Inject private Listeners listeners;

    @Configuration
    public Option[] configuration() {
        return new Option[] {
            karafDistributionConfiguration()
                    .frameworkUrl(new File(System.getProperty("dist")).toURI().toString())
                    .karafVersion(System.getProperty("karaf.version"))
                    .name("Busbar")
                    .unpackDirectory(new File("target/exam"))
                    .useDeployFolder(false),
            configureConsole().ignoreLocalConsole().ignoreRemoteShell(),
            keepRuntimeFolder(),
            doNotModifyLogConfiguration(),
            new VMOption("--add-opens=java.base/java.lang=ALL-UNNAMED"),
            new VMOption("--add-opens=java.base/java.net=ALL-UNNAMED"),
            new VMOption("-Dbusbar.http.port=0"),
            new VMOption("-Dbusbar.mqtt.port=0"),
            new VMOption("-Dbusbar.ws.port=0"),
            // The archive's own system/ stays first: not what happens to be in the local
            // repository.
            editConfigurationFileExtend(
                    "etc/org.ops4j.pax.url.mvn.cfg",
                    "org.ops4j.pax.url.mvn.defaultRepositories",
                    "file:"
                            + System.getProperty("org.ops4j.pax.url.mvn.localRepository")
                            + "@id=build@snapshots"),
            CoreOptions.systemProperty("alt").value(System.getProperty("alt")),
            CoreOptions.systemProperty("documents").value(System.getProperty("documents")),
            CoreOptions.streamBundle(
                    TinyBundles.bundle()
                            .addClass(Await.class)
                            .addClass(Await.Condition.class)
                            .setHeader(Constants.BUNDLE_MANIFESTVERSION, "2")
                            .setHeader(Constants.BUNDLE_SYMBOLICNAME, "busbar-testkit")
                            .setHeader(Constants.EXPORT_PACKAGE, Await.class.getPackage().getName())
                            .build(TinyBundles.rawBuilder())),
        };
    }

    @Test
    public void everyBundle_isActive() {
        assertNotNull(bootFinished);
        List<String> idle =
                Arrays.stream(context.getBundles())
                        .filter(b -> b.getHeaders().get(Constants.FRAGMENT_HOST) == null)
                        .filter(b -> b.getState() != Bundle.ACTIVE)
                        .map(b -> b.getSymbolicName() + " state " + b.getState())
                        .collect(Collectors.toList());

        assertEquals(List.of(), idle);
    }

    @Test
    public void everyFeature_isInstalled() throws Exception {
        Set<String> installed = new TreeSet<>();
        Await.until(
                "features",
                SOON,
                () -> {
                    installed.clear();
                    for (var feature : features.listInstalledFeatures()) {
                        installed.add(feature.getName());
                    }
                    return installed.contains("busbar");
                });

        for (String name :
                new String[] {
                    "busbar-api",
                    "busbar-memory",
                    "busbar-mqtt",
                    "busbar-storage-rocksdb",
                    "busbar-storage-sqlite",
                    "busbar-auth-credentials",
                    "busbar-auth-acl",
                    "busbar-auth-file",
                    "busbar-auth-anonymous",
                    "busbar-auth-certificate",
                    "busbar-karaf-jdk24",
                    "busbar-auth-passwords",
                    "busbar-auth-users",
                    "busbar-uns",
                    "busbar-metrics",
                    "busbar-backup",
                    "busbar-transfer",
                    "busbar-web",
                    "busbar-shell",
                    "busbar-startup"
                }) {
            assertTrue(name + " in " + installed, installed.contains(name));
        }
    }

    @Test
    public void everyComponent_isSatisfied() throws Exception {
        // These wait for a configuration that a person gives.
        Set<String> optional =
                Set.of(
                        "io.busbar.auth.file",
                        "io.busbar.auth.anonymous",
                        "io.busbar.auth.certificate");
        Await.until("components", SOON, () -> unsatisfied(optional).isEmpty());
    }

    private List<String> unsatisfied(Set<String> optional) {
        List<String> found = new ArrayList<>();
        for (ComponentDescriptionDTO component : components.getComponentDescriptionDTOs()) {
            String bundle = component.bundle.symbolicName;
            if (!bundle.startsWith("io.busbar.") || optional.contains(bundle)) {
                continue;
            }
            var configurations = components.getComponentConfigurationDTOs(component);
            for (ComponentConfigurationDTO configuration : configurations) {
                if (configuration.state != ComponentConfigurationDTO.ACTIVE
                        && configuration.state != ComponentConfigurationDTO.SATISFIED) {
                    found.add(component.name + " state " + configuration.state);
                }
            }
        }
        return found;
    }

    @Test
    public void authentication_changesPlaces_whileClientsStay() throws Exception {
        int port = mqttPort();
        CredentialService.Created made =
                credentials.create(NewCredential.of("Container test"), Actor.SERVER);
        String clientId = made.credential().clientId();
        String username = made.credential().username();

        try (MqttSocket live = MqttSocket.v5(port)) {
            assertEquals(0, live.connect(clientId, username, made.password()));
            assertEquals(0, live.subscribe("swap/#"));

            Bundle own = bundle("io.busbar.auth.credentials");
            assertNotNull(own);
            own.stop();
            try {
                Await.until("no provider", SOON, () -> authenticators().isEmpty());
                assertEquals("server unavailable", 3, v311(port, "other", username, "x"));
                assertEquals("server unavailable", 0x88, v5(port, "other", username, "x"));
                live.ping();

                Path deployed = deploy("alt.jar", Path.of(System.getProperty("alt")));
                Await.until("deployed", SOON, () -> authenticators().equals(Set.of("alt")));
                // The broker hears of the service a moment later than the registry shows it.
                Await.until("asked", SOON, () -> v311(port, "w", "alt", "alt-password") == 0);
                try (MqttSocket alt = MqttSocket.v311(port)) {
                    assertEquals(0, alt.connect("from-alt", "alt", "alt-password"));
                    alt.publish("swap/hello", "42");
                    assertEquals("42", live.message());
                }
                assertFalse(v311(port, "x", username, made.password()) == 0);
                live.ping();

                // As many logins that take 20 s as there are event loops here, and more.
                List<CompletableFuture<Integer>> slow = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    String id = "slow" + i;
                    slow.add(
                            CompletableFuture.supplyAsync(
                                    () -> slowLogin(port, id), task -> new Thread(task).start()));
                }
                try (MqttSocket alt = MqttSocket.v311(port)) {
                    assertEquals(0, alt.connect("from-alt", "alt", "alt-password"));
                    alt.publish("swap/hello", "43");
                    assertEquals("43", live.message());
                }
                for (CompletableFuture<Integer> each : slow) {
                    assertEquals("server unavailable", 3, each.join().intValue());
                }
                live.ping();

                own.start();
                Await.until("both", SOON, () -> authenticators().size() == 2);
                Await.until(
                        "own credentials again",
                        SOON,
                        () -> v311(port, "y", "alt", "alt-password") == 0);
                live.ping();

                Files.delete(deployed);
                Await.until("gone", SOON, () -> !authenticators().contains("alt"));
                assertFalse(v311(port, "z", "alt", "alt-password") == 0);
            } finally {
                own.start();
            }
            live.ping();
            assertTrue(clients.list().stream().anyMatch(c -> c.clientId().equals(clientId)));
        }
    }

    private static int slowLogin(int port, String clientId) {
        try {
            return v311(port, clientId, "slow", "x");
        } catch (Exception e) {
            throw new IllegalStateException("slow login", e);
        }
    }

    @Test
    public void passwordHashes_goAndComeBack_andNobodyIsLetInWithoutThem() throws Exception {
        int port = mqttPort();
        String password = "correct horse battery";
        CredentialService.Created generated =
                credentials.create(NewCredential.of("Hash test"), Actor.SERVER);
        credentials.create(
                new NewCredential(
                        "Hash test", "hash", "hash", password, null, 0, null, null, List.of()),
                Actor.SERVER);
        accounts.ensure("hash", password, Role.VIEWER, Actor.SERVER);

        Bundle hashes = bundle("io.busbar.auth.passwords");
        assertNotNull(hashes);
        hashes.stop();
        try {
            assertEquals("server unavailable", 3, v311(port, "hash", "hash", password));
            assertEquals("server unavailable", 0x88, v5(port, "hash", "hash", password));
            assertEquals(
                    0,
                    v311(
                            port,
                            generated.credential().clientId(),
                            generated.credential().username(),
                            generated.password()));
            HashingUnavailableException refusal =
                    assertThrows(
                            HashingUnavailableException.class,
                            () -> accounts.signIn("hash", password, "192.0.2.1"));
            assertTrue(refusal.getMessage(), refusal.getMessage().contains("is not running"));
        } finally {
            hashes.start();
        }
        Await.until("hashes again", SOON, () -> v311(port, "hash", "hash", password) == 0);
        Await.until(
                "sign-in again",
                SOON,
                () ->
                        accounts.signIn("hash", password, "192.0.2.1")
                                instanceof Accounts.SignIn.Granted);
    }

    @Test
    public void documents_changePlacesAndBack_andEveryStoreKeepsItsOwn() throws Exception {
        CredentialService.Created watching = made("Stays connected");
        CredentialService.Created shipped = made("In the store that ships");
        node("shipped");
        Bundle own = bundle("io.busbar.storage.sqlite");
        try (MqttSocket live = MqttSocket.v5(mqttPort())) {
            assertEquals(0, connect(live, watching));

            Path deployed = deploy("documents.jar", Path.of(System.getProperty("documents")));
            Await.until("the other one is used", SOON, () -> !isKnown(shipped));
            Await.until("by the namespace", SOON, () -> !hasNode("shipped"));
            assertEquals("not authorized", 5, login(shipped));
            CredentialService.Created other = made("In the other store");
            node("other");
            assertEquals(0, login(other));
            own.stop();
            try {
                assertEquals(0, login(other));
                assertTrue(hasNode("other"));

                Files.delete(deployed);
                Await.until("none", SOON, () -> login(other) == 3);
                Await.until("no namespace", SOON, () -> namespaces() == 0);
            } finally {
                own.start();
            }
            Await.until("own again", SOON, () -> isKnown(shipped) && hasNode("shipped"));
            assertEquals(0, login(shipped));
            assertFalse(hasNode("other"));
            assertFalse(isKnown(other));

            Path again = deploy("documents.jar", Path.of(System.getProperty("documents")));
            try {
                Await.until("kept", SOON, () -> isKnown(other) && hasNode("other"));
                assertEquals(0, login(other));
            } finally {
                Files.delete(again);
            }
            Await.until("as it was", SOON, () -> isKnown(shipped) && hasNode("shipped"));
            live.ping();
        }
    }

    private boolean isKnown(CredentialService.Created created) {
        return credentials.get(created.credential().id()).isPresent();
    }

    private int login(CredentialService.Created as) throws Exception {
        return v311(
                mqttPort(), as.credential().clientId(), as.credential().username(), as.password());
    }

    private int namespaces() throws Exception {
        return context.getServiceReferences(Namespace.class, null).size();
    }

    private void node(String name) throws Exception {
        ask(Namespace.class, n -> n.create(NewNode.path("", name), Actor.SERVER));
    }

    private boolean hasNode(String name) throws Exception {
        return ask(Namespace.class, n -> n.byPath(name).isPresent());
    }

    /** Asks a service that may be exchanged at any time. */
    private <S, T> T ask(Class<S> type, Function<S, T> question) {
        ServiceReference<S> reference = context.getServiceReference(type);
        S service = reference == null ? null : context.getService(reference);
        if (service == null) {
            throw new IllegalStateException("there is no " + type.getSimpleName());
        }
        try {
            return question.apply(service);
        } finally {
            context.ungetService(reference);
        }
    }

    @Test
    public void listenerFiles_comeChangeAndGo_whileTheOthersServeOn() throws Exception {
        CredentialService.Created made =
                credentials.create(NewCredential.of("Listener test"), Actor.SERVER);
        String clientId = made.credential().clientId();
        String username = made.credential().username();
        ListenerFiles files = new ListenerFiles(Path.of(System.getProperty("karaf.etc")));
        Path pem = Files.createTempDirectory("listener-test");
        ListenerFiles.certificate(pem);
        String[] certificate = {
            "certificate = " + pem.resolve("server.crt"), "key = " + pem.resolve("server.key")
        };
        String[] names = {"dropped", "droppedtls", "droppedws", "droppedwss"};

        try (MqttSocket bystander = MqttSocket.v5(mqttPort())) {
            assertEquals(0, bystander.connect(clientId, username, made.password()));
            files.put("dropped", "transport = tcp", "port = 0");
            files.put("droppedtls", "transport = tls", "port = 0", certificate[0], certificate[1]);
            files.put("droppedws", "transport = ws", "port = 0");
            files.put("droppedwss", "transport = wss", "port = 0", certificate[0], certificate[1]);
            for (String name : names) {
                Await.until(name, SOON, () -> isListening(listener(name)));
            }
            bystander.ping();

            try (MqttSocket guest = MqttSocket.v311(listener("dropped").port())) {
                // Without credentials of its own it is refused, which takes the whole way.
                assertEquals(5, v311(listener("dropped").port(), "x", "nobody", "x"));
                int moved = ListenerFiles.freePort();
                files.put("dropped", "transport = tcp", "port = " + moved);
                Await.until("moved", SOON, () -> listener("dropped").port() == moved);
                Await.until("listens", SOON, () -> isListening(listener("dropped")));
                assertEquals(5, guest.connect("x", "nobody", "x"));

                files.put("droppedtls", "transport = tls", "port = 0", certificate[0]);
                Await.until(
                        "without a key",
                        SOON,
                        () -> listener("droppedtls").state() == ListenerView.State.FAILED);
                assertTrue(isListening(listener("droppedwss")));
                assertEquals(5, v311(moved, "x", "nobody", "x"));
            }
            for (String name : names) {
                files.remove(name);
                Await.until(name + " gone", SOON, () -> listener(name) == null);
            }
            bystander.ping();
        } finally {
            for (String name : names) {
                files.remove(name);
            }
        }
    }

    private ListenerView listener(String name) {
        return listeners.list().stream()
                .filter(l -> l.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    private static boolean isListening(ListenerView listener) {
        return listener != null && listener.state() == ListenerView.State.LISTENING;
    }

    @Test
    public void brokerState_movesToAnotherStoreAndBack_andNothingIsLost() throws Exception {
        CredentialService.Created away = made("Away");
        CredentialService.Created here = made("Here");
        try (MqttSocket client = MqttSocket.v311(mqttPort())) {
            assertFalse(resume(client, away));
            assertEquals(1, client.subscribe("stays/#", 1));
        }
        try (MqttSocket live = MqttSocket.v5(mqttPort())) {
            assertEquals(0, connect(live, here));
            live.publishSafely("stays/retained", "0", true);
            live.publishSafely("stays/queued", "1", false);

            features.installFeature(
                    "busbar-storage-memory",
                    EnumSet.of(FeaturesService.Option.NoAutoRefreshBundles));
            live.ping();
            store("memory");
            assertEquals("server shutting down", 0x8B, live.disconnected());
        }
        Await.until("on memory", SOON, () -> servesFrom("memory"));
        try (MqttSocket live = MqttSocket.v5(mqttPort())) {
            assertEquals(0, connect(live, here));
            assertEquals(0, live.subscribe("stays/retained"));
            assertEquals("0", live.message());
            live.publishSafely("stays/queued", "2", false);
        }

        store("rocksdb");
        Await.until("on rocksdb", SOON, () -> servesFrom("rocksdb"));
        try (MqttSocket client = MqttSocket.v311(mqttPort());
                MqttSocket live = MqttSocket.v5(mqttPort())) {
            assertEquals(0, connect(live, here));
            assertEquals(0, live.subscribe("stays/retained"));
            assertEquals("0", live.message());
            assertTrue("session present", resume(client, away));
            assertEquals("0", client.unacknowledged());
            assertEquals("1", client.unacknowledged());
            assertEquals("2", client.unacknowledged());
        }
        features.uninstallFeature("busbar-storage-memory");
        assertEquals("rocksdb", storeOfBroker());
    }

    private CredentialService.Created made(String name) {
        return credentials.create(NewCredential.of(name), Actor.SERVER);
    }

    private static boolean resume(MqttSocket client, CredentialService.Created as)
            throws Exception {
        return client.resume(as.credential().clientId(), as.credential().username(), as.password());
    }

    private static int connect(MqttSocket client, CredentialService.Created as) throws Exception {
        return client.connect(
                as.credential().clientId(), as.credential().username(), as.password());
    }

    /** Configures the broker's store. */
    private void store(String name) throws Exception {
        var configuration = configurations.getConfiguration("io.busbar.mqtt.broker", "?");
        Dictionary<String, Object> properties = configuration.getProperties();
        Dictionary<String, Object> changed = properties == null ? new Hashtable<>() : properties;
        changed.put("store", name);
        configuration.update(changed);
    }

    /** Whether the broker runs on this store and its listener is open. */
    private boolean servesFrom(String store) throws Exception {
        if (!store.equals(storeOfBroker())) {
            return false;
        }
        MqttSocket.v5(mqttPort()).close();
        return true;
    }

    /** The store that the broker runs on; empty while it does not run. */
    private String storeOfBroker() {
        var reference = context.getServiceReference(Broker.class);
        Broker broker = reference == null ? null : context.getService(reference);
        if (broker == null) {
            return "";
        }
        try {
            return broker.info().store();
        } finally {
            context.ungetService(reference);
        }
    }

    @Test
    public void shell_runsTheCommandsOfBothGroups() throws Exception {
        assertTrue(shell("edge:info"), shell("edge:info").length() > 0);
        String list = shell("edge:credentials");
        assertNotNull(list);
        assertNotNull(shell("edge:clients"));
        assertNotNull(shell("edge:sessions"));
        assertNotNull(shell("uns:tree"));
    }

    private int mqttPort() throws Exception {
        Await.until(
                "mqtt listener",
                SOON,
                () -> listeners.list().stream().anyMatch(l -> l.name().equals("tcp")));
        return listeners.list().stream()
                .filter(l -> l.name().equals("tcp"))
                .findFirst()
                .orElseThrow()
                .port();
    }

    private Set<String> authenticators() throws Exception {
        Set<String> names = new TreeSet<>();
        for (var reference : context.getServiceReferences(Authenticator.class, null)) {
            Authenticator authenticator = context.getService(reference);
            if (authenticator != null) {
                names.add(authenticator.name());
                context.ungetService(reference);
            }
        }
        return names;
    }

    private static Path deploy(String name, Path jar) throws Exception {
        Path folder = Path.of(System.getProperty("karaf.data"), "deploy");
        Files.createDirectories(folder);
        Path half = folder.resolveSibling(name + ".part");
        try (InputStream in = Files.newInputStream(jar)) {
            Files.copy(in, half, StandardCopyOption.REPLACE_EXISTING);
        }
        return Files.move(half, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private Bundle bundle(String name) {
        return Stream.of(context.getBundles())
                .filter(b -> name.equals(b.getSymbolicName()))
                .findFirst()
                .orElse(null);
    }

    private static int v311(int port, String id, String user, String password) throws Exception {
        try (MqttSocket client = MqttSocket.v311(port)) {
            return client.connect(id, user, password);
        }
    }

    private static int v5(int port, String id, String user, String password) throws Exception {
        try (MqttSocket client = MqttSocket.v5(port)) {
            return client.connect(id, user, password);
        }
    }

    /** Runs a command as the person at the terminal does. */
    private String shell(String command) throws Exception {
        Subject subject = new Subject();
        for (String role : new String[] {"admin", "manager", "viewer", "systembundles"}) {
            subject.getPrincipals().add(new RolePrincipal(role));
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        PrivilegedExceptionAction<Object> action =
                () -> {
                    Session session = shell.create(InputStream.nullInputStream(), out, out);
                    try {
                        return session.execute(command);
                    } finally {
                        session.close();
                    }
                };
        Subject.doAs(subject, action);
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
