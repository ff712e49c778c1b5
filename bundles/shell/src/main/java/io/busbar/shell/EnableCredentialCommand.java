package io.busbar.shell;

import io.busbar.api.auth.Credential;
import io.busbar.api.auth.CredentialChange;
import java.io.PrintStream;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** Enables a credential. */
@Service
@Command(
        scope = "edge",
        name = "credential-enable",
        description = "Accepts a disabled credential again")
public final class EnableCredentialCommand extends CredentialCommand {
    @Override
    void run(PrintStream out) {
        Credential credential = credential();
        service().update(credential.id(), 0, CredentialChange.enabled(true), actor());
        out.println(
                "Enabled "
                        + printable(credential.username())
                        + " ("
                        + printable(credential.description())
                        + ").");
    }
}
