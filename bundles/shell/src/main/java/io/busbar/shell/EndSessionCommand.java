package io.busbar.shell;

import io.busbar.api.broker.Clients;
import io.busbar.api.broker.SessionView;
import java.io.PrintStream;
import java.util.NoSuchElementException;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.jspecify.annotations.Nullable;

/** Ends a session: its subscriptions and the messages that wait for its client are gone. */
@Service
@Command(
        scope = "edge",
        name = "end-session",
        description =
                "Ends the session of a client, connected or not, with its subscriptions and"
                        + " waiting messages")
public final class EndSessionCommand extends ShellCommand {
    @Reference(optional = true)
    @Nullable Clients clients;

    @Argument(name = "clientId", description = "Client ID", required = true)
    @Completion(SessionCompleter.class)
    String clientId = "";

    @Override
    void run(PrintStream out) {
        Clients broker = need(clients, "broker");
        SessionView session = broker.session(clientId).orElse(null);
        if (session == null
                || !broker.endSession(clientId, "Session ended by " + actor().name(), actor())) {
            throw new NoSuchElementException(
                    "There is no session '" + printable(clientId) + "'. See 'edge:sessions'.");
        }
        out.println(
                "Ended the session of "
                        + printable(clientId)
                        + (session.online() ? " and disconnected it" : "")
                        + ". Lost: "
                        + session.queued()
                        + " messages and "
                        + session.subscriptions()
                        + " subscriptions.");
    }
}
