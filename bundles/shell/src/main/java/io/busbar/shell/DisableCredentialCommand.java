package io.busbar.shell;

import io.busbar.api.auth.Credential;
import io.busbar.api.auth.CredentialChange;
import java.io.PrintStream;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** Disables a credential. */
@Service
@Command(
        scope = "edge",
        name = "credential-disable",
        description = "Refuses a credential and disconnects its clients")
public final class DisableCredentialCommand extends CredentialCommand {
    @Override
    void run(PrintStream out) {
        Credential credential = credential();
        service().update(credential.id(), 0, CredentialChange.enabled(false), actor());
        out.println(
                "Disabled "
                        + printable(credential.username())
                        + " ("
                        + printable(credential.description())
                        + ").");
    }
}
