package io.busbar.shell;

import io.busbar.api.auth.Credential;
import io.busbar.api.auth.CredentialService;
import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.jspecify.annotations.Nullable;

/** Completes the user names of credentials. */
@Service
public final class CredentialCompleter implements Completer {
    @Reference(optional = true)
    @Nullable CredentialService credentials;

    @Override
    public int complete(Session session, CommandLine line, List<String> candidates) {
        CredentialService service = credentials;
        List<String> names =
                service == null
                        ? List.of()
                        : service.list().stream().map(Credential::username).toList();
        return new StringsCompleter(names).complete(session, line, candidates);
    }
}
