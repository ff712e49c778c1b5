package io.busbar.startup;

import io.busbar.api.broker.ListenerView;
import java.io.PrintStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the person who started the server reads. Thread-safe. */
final class Terminal {

    private static final int BOX = 66;

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
        out.println(line("Console", addresses.console()));
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
            out.println(line("Console", now.console()));
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

    /** A client that connects to the address of a proxy's listener itself is refused. */
    private static String address(ListenerView listener) {
        return listener.uri() + (listener.proxied() ? "  (through a proxy only)" : "");
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
