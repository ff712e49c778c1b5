package io.busbar.shell;

import io.busbar.api.broker.Clients;
import io.busbar.api.broker.SessionView;
import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.jspecify.annotations.Nullable;

/** Completes the Client IDs of sessions. */
@Service
public final class SessionCompleter implements Completer {
    @Reference(optional = true)
    @Nullable Clients clients;

    @Override
    public int complete(Session session, CommandLine line, List<String> candidates) {
        Clients service = clients;
        List<String> names =
                service == null
                        ? List.of()
                        : service.sessions().stream().map(SessionView::clientId).toList();
        return new StringsCompleter(names).complete(session, line, candidates);
    }
}
