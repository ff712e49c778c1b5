package io.busbar.shell;

import io.busbar.api.auth.Credential;
import io.busbar.api.auth.CredentialService;
import java.io.PrintStream;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.jspecify.annotations.Nullable;

/** A command about one credential, which may be named by its id, user name or Client ID. */
public abstract class CredentialCommand extends ShellCommand {
    @Reference(optional = true)
    @Nullable CredentialService credentials;

    @Argument(
            name = "credential",
            description = "User name, Client ID or id of the credential",
            required = true)
    @Completion(CredentialCompleter.class)
    String name = "";

    CredentialService service() {
        return need(credentials, "credential service");
    }

    Credential credential() {
        List<Credential> all = service().list();
        return all.stream()
                .filter(
                        each ->
                                each.username().equals(name)
                                        || each.clientId().equals(name)
                                        || each.id().equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                new NoSuchElementException(
                                        "No credential '"
                                                + printable(name)
                                                + "'. See 'edge:credentials'."));
    }

    /** Shows what was generated, for the only time. */
    static void show(PrintStream out, CredentialService.Created created) {
        out.println("Client ID  " + created.credential().clientId());
        out.println("Username   " + created.credential().username());
        out.println("Password   " + created.password());
        out.println();
        out.println("The password is shown only now.");
    }
}
