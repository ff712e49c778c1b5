package io.busbar.shell;

import java.io.PrintStream;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** Gives a credential a new password. Its connected clients are disconnected at once. */
@Service
@Command(
        scope = "edge",
        name = "credential-reset",
        description = "Makes a new password for a credential and shows it once")
public final class ResetCredentialCommand extends CredentialCommand {
    @Override
    void run(PrintStream out) {
        show(out, service().resetPassword(credential().id(), actor()));
    }
}
