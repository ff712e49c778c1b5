package io.busbar.shell;

import io.busbar.api.broker.Clients;
import io.busbar.api.mqtt.ReasonCode;
import java.io.PrintStream;
import java.util.NoSuchElementException;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.jspecify.annotations.Nullable;

/** Disconnects a client. The client may reconnect. */
@Service
@Command(scope = "edge", name = "disconnect", description = "Disconnects a client")
public final class DisconnectClientCommand extends ShellCommand {
    @Reference(optional = true)
    @Nullable Clients clients;

    @Argument(name = "clientId", description = "Client ID", required = true)
    @Completion(ClientCompleter.class)
    String clientId = "";

    @Override
    void run(PrintStream out) {
        if (!need(clients, "broker")
                .disconnect(
                        clientId,
                        ReasonCode.ADMINISTRATIVE_ACTION,
                        "Disconnected by " + actor().name(),
                        actor())) {
            throw new NoSuchElementException(
                    "No client '" + printable(clientId) + "' is connected. See 'edge:clients'.");
        }
        out.println(
                "Disconnected "
                        + printable(clientId)
                        + ". Its session stays and it may connect again; to keep it away use"
                        + " 'edge:credential-disable'.");
    }
}
