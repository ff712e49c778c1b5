package io.busbar.startup;

import io.busbar.api.broker.ListenerView;
import io.busbar.api.broker.Listeners;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Dictionary;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/** Knows what keeps a server from coming up, so that nobody has to wait for a timeout. */
final class Obstacles {

    private static final String HTTP_PID = "org.apache.felix.http";
    private static final String LISTENER_FACTORY = "io.busbar.mqtt.listener";
    private static final String OURS = "io.busbar.";

    /** HTTP should listen by then: look what is wrong with its configuration and its port. */
    private static final Duration HTTP_SHOULD_LISTEN = Duration.ofSeconds(4);

    /**
     * Whoever answers at the port of HTTP by then is somebody else. Before, it may be our own web
     * server: it answers before it says so, on a busy machine some seconds before.
     */
    private static final Duration HTTP_SHOULD_SAY_SO = Duration.ofSeconds(10);

    private final ServiceComponentRuntime components;
    private final ConfigurationAdmin configurations;
    private final ConfigurationGuard guard;

    Obstacles(
            ServiceComponentRuntime components,
            ConfigurationAdmin configurations,
            ConfigurationGuard guard) {
        this.components = components;
        this.configurations = configurations;
        this.guard = guard;
    }

    /** How many MQTT listeners are configured. */
    int configuredListeners() {
        try {
            Configuration[] found =
                    configurations.listConfigurations(
                            "(service.factoryPid=" + LISTENER_FACTORY + ")");
            return found == null ? 0 : found.length;
        } catch (IOException | InvalidSyntaxException problem) {
            return 0;
        }
    }

    /**
     * Looks for an obstacle.
     *
     * @param waited how long the server has had to come up
     * @param down what parts of the server say that keeps it from doing what it is for
     * @throws CannotStartException if there is one that will not go away by itself
     */
    void check(Duration waited, @Nullable Listeners listeners, boolean httpIsUp, List<String> down)
            throws CannotStartException {
        checkConfiguration();
        if (!down.isEmpty()) {
            throw new CannotStartException(down.get(0));
        }
        checkComponents();
        if (listeners != null) {
            checkListeners(listeners.list());
        }
        if (!httpIsUp && waited.compareTo(HTTP_SHOULD_LISTEN) > 0) {
            checkHttp(waited);
        }
    }

    /** While the server starts there is no last good value that could be kept. */
    private void checkConfiguration() throws CannotStartException {
        for (ConfigurationProblem problem : guard.list()) {
            if (!problem.unknown()) {
                throw new CannotStartException(problem.text());
            }
        }
    }

    private void checkComponents() throws CannotStartException {
        for (ComponentDescriptionDTO component : components.getComponentDescriptionDTOs()) {
            if (!component.bundle.symbolicName.startsWith(OURS)) {
                continue;
            }
            for (ComponentConfigurationDTO configuration :
                    components.getComponentConfigurationDTOs(component)) {
                // A listener that fails is told by its own state, and only stops itself.
                if (configuration.state == ComponentConfigurationDTO.FAILED_ACTIVATION
                        && !LISTENER_FACTORY.equals(
                                configuration.properties.get("service.factoryPid"))) {
                    throw new CannotStartException(
                            causeOf(configuration.failure)
                                    .orElse(component.name + " failed: see log/busbar.log"));
                }
            }
        }
    }

    private static void checkListeners(List<ListenerView> list) throws CannotStartException {
        for (ListenerView listener : list) {
            if (listener.state() != ListenerView.State.FAILED) {
                continue;
            }
            if (somebodyAnswers(listener.host(), listener.port())) {
                throw new CannotStartException(
                        "port "
                                + listener.port()
                                + " on "
                                + listener.host()
                                + " is in use by another program: stop it, or choose another port"
                                + " with "
                                + switchOf(listener));
            }
            if (list.size() == 1) {
                throw new CannotStartException(
                        "MQTT listener " + listener.name() + ": " + listener.detail());
            }
        }
        if (!list.isEmpty()
                && list.stream().allMatch(l -> l.state() == ListenerView.State.FAILED)) {
            throw new CannotStartException(
                    "MQTT listener " + list.get(0).name() + ": " + list.get(0).detail());
        }
    }

    /**
     * What sets the port of a listener: an option of the launcher for those that ship, else its
     * file.
     */
    private static String switchOf(ListenerView listener) {
        return switch (listener.name()) {
            case "tcp" -> "--mqtt-port";
            case "ws" -> "--ws-port";
            default -> "port in etc/" + LISTENER_FACTORY + "-" + listener.name() + ".cfg";
        };
    }

    private void checkHttp(Duration waited) throws CannotStartException {
        Dictionary<String, Object> properties;
        try {
            properties =
                    configurations.getConfiguration(HTTP_PID, "?").getProcessedProperties(null);
        } catch (IOException | RuntimeException unknown) {
            return;
        }
        if (properties == null) {
            throw new CannotStartException(
                    "etc/"
                            + HTTP_PID
                            + ".cfg is missing from the data folder: put it back from config/ of"
                            + " the installation");
        }
        String host = String.valueOf(properties.get("org.apache.felix.http.host"));
        int port;
        try {
            port = Integer.parseInt(String.valueOf(properties.get("org.osgi.service.http.port")));
        } catch (NumberFormatException wrong) {
            throw new CannotStartException(
                    "etc/" + HTTP_PID + ".cfg: org.osgi.service.http.port is no number");
        }
        if (port <= 0) {
            return;
        }
        if (somebodyAnswers(host, port)) {
            if (waited.compareTo(HTTP_SHOULD_SAY_SO) <= 0) {
                return;
            }
            throw new CannotStartException(
                    "HTTP port "
                            + port
                            + " on "
                            + host
                            + " is in use by another program: stop it, or choose another port with"
                            + " --http-port");
        }
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(InetAddress.getByName(host), port));
        } catch (IOException refused) {
            throw new CannotStartException(
                    "cannot listen for HTTP on "
                            + host
                            + " port "
                            + port
                            + ": "
                            + refused.getMessage()
                            + ". Choose another with --host and --http-port");
        }
    }

    private static boolean somebodyAnswers(String host, int port) {
        if (port <= 0) {
            return false;
        }
        try (Socket socket = new Socket()) {
            InetAddress address = InetAddress.getByName(host);
            InetAddress target =
                    address.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address;
            socket.connect(new InetSocketAddress(target, port), 500);
            return true;
        } catch (IOException nobody) {
            return false;
        }
    }

    /**
     * The message in a stack trace that is for people: of our own exception if there is one, else
     * of the first cause.
     */
    static Optional<String> causeOf(@Nullable String stackTrace) {
        if (stackTrace == null) {
            return Optional.empty();
        }
        String deepest = null;
        for (String line : (Iterable<String>) stackTrace.lines()::iterator) {
            String text = line.startsWith("Caused by: ") ? line.substring(11) : line;
            boolean head = !line.isEmpty() && !Character.isWhitespace(line.charAt(0));
            if (!head) {
                continue;
            }
            int colon = text.indexOf(": ");
            if (colon > 0 && text.substring(0, colon).indexOf(' ') < 0) {
                if (text.startsWith(OURS)) {
                    return Optional.of(text.substring(colon + 2));
                }
                deepest = text.substring(colon + 2);
            }
        }
        return Optional.ofNullable(deepest);
    }
}
