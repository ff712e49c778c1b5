package io.busbar.startup;

import io.busbar.api.broker.ListenerView;
import io.busbar.api.broker.MachineAddresses;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the person who started the server reads. Thread-safe. */
final class Terminal {

    private static final int BOX = 66;

    /** A machine may have an address for each container. */
    private static final int MOST_HOSTS = 4;

    private final PrintStream out;
    private final PrintStream err;

    Terminal(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** The server is up. */
    synchronized void started(String version, Addresses addresses, @Nullable String setupLink) {
        out.println("Busbar " + version + " is running. Ctrl-C stops it.");
        for (ListenerView listener : addresses.listening()) {
            out.println(line(label(listener), address(listener)));
        }
        out.println(line("Console", console(addresses)));
        if (setupLink != null) {
            out.println();
            out.println("No administrator yet. Make one here (works once, for 24 hours):");
            out.println("  " + setupLink);
        }
        out.flush();
    }

    /** Everyone may connect. */
    synchronized void anonymous() {
        out.println();
        String edge = "  +" + "-".repeat(BOX) + "+";
        out.println(edge);
        for (String text :
                List.of(
                        "ANONYMOUS ACCESS IS ON",
                        "Every program on this machine may connect without a password.",
                        "For benches and tests only: \"anonymous\" in the bootstrap file.")) {
            out.println("  |  " + text + " ".repeat(BOX - 2 - text.length()) + "|");
        }
        out.println(edge);
        out.flush();
    }

    /** Addresses came or went while the server runs. */
    synchronized void changed(Addresses before, Addresses now) {
        if (now.listening().isEmpty() && now.failed().isEmpty()) {
            return; // The server is on its way out: nobody needs to hear it door by door.
        }
        now.listening().stream()
                .filter(l -> !before.listening().contains(l))
                .forEach(l -> out.println(line(label(l), address(l))));
        before.listening().stream()
                .filter(l -> !names(now.listening()).contains(l.name()))
                .forEach(l -> out.println(line(label(l), l.uri() + " closed")));
        now.failed().stream()
                .filter(l -> !before.failed().contains(l))
                .forEach(l -> problem("listener " + l.name() + " does not listen: " + l.detail()));
        if (!now.console().isEmpty() && !now.console().equals(before.console())) {
            out.println(line("Console", console(now)));
        }
        out.flush();
    }

    /** Something is wrong; one line that says what to do. */
    synchronized void problem(String message) {
        err.println("busbar: " + message);
        err.flush();
    }

    private static List<String> names(List<ListenerView> listeners) {
        return listeners.stream().map(ListenerView::name).toList();
    }

    /**
     * One that a client can connect to, and the setting where that says something else. A client
     * that connects to the address of a proxy's listener itself is refused.
     */
    private static String address(ListenerView listener) {
        List<String> notes = new ArrayList<>();
        if (listener.proxied() && !listener.isAdvertised()) {
            notes.add("through a proxy only");
        }
        if (listener.isAdvertised()) {
            notes.add("here " + listener.uri());
        } else if (listener.isEverywhere()) {
            List<String> hosts = MachineAddresses.of(listener.host());
            if (hosts.size() > 1) {
                notes.add("also at " + some(hosts.subList(1, hosts.size())));
            }
            notes.add("bound to every address: " + listener.host());
        }
        return listener.clientUri()
                + (notes.isEmpty() ? "" : "  (" + String.join("; ", notes) + ")");
    }

    private static String console(Addresses addresses) {
        return addresses.consoleHosts().isEmpty()
                ? addresses.console()
                : addresses.console() + "  (also at " + some(addresses.consoleHosts()) + ")";
    }

    private static String some(List<String> hosts) {
        return String.join(", ", hosts.subList(0, Math.min(MOST_HOSTS, hosts.size())))
                + (hosts.size() > MOST_HOSTS ? " and more" : "");
    }

    private static String label(ListenerView listener) {
        return switch (listener.transport()) {
            case TCP -> "MQTT";
            case TLS -> "MQTT, TLS";
            case WEBSOCKET -> "WebSocket";
            case SECURE_WEBSOCKET -> "WebSocket, TLS";
        };
    }

    private static String line(String label, String value) {
        return "  " + label + " ".repeat(Math.max(1, 16 - label.length())) + value;
    }
}
