package io.busbar.shell;

import io.busbar.api.auth.Credential;
import java.io.PrintStream;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** Deletes a credential for good. */
@Service
@Command(
        scope = "edge",
        name = "credential-delete",
        description = "Deletes a credential, disconnects its clients and ends their sessions")
public final class DeleteCredentialCommand extends CredentialCommand {
    @Override
    void run(PrintStream out) {
        Credential credential = credential();
        service().delete(credential.id(), actor());
        out.println(
                "Deleted "
                        + printable(credential.username())
                        + " ("
                        + printable(credential.description())
                        + ").");
    }
}
