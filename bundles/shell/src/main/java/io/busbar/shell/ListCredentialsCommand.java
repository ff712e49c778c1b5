package io.busbar.shell;

import io.busbar.api.auth.Credential;
import io.busbar.api.auth.CredentialService;
import java.io.PrintStream;
import java.time.Instant;
import java.util.Comparator;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.table.ShellTable;
import org.jspecify.annotations.Nullable;

/** Lists the credentials, newest first. */
@Service
@Command(
        scope = "edge",
        name = "credentials",
        description = "Lists the credentials of MQTT clients")
public final class ListCredentialsCommand extends ShellCommand {
    @Reference(optional = true)
    @Nullable CredentialService credentials;

    @Option(name = "--limit", description = "Most credentials to show")
    int limit = 1000;

    @Override
    void run(PrintStream out) {
        ShellTable table = new ShellTable();
        table.column("Description");
        table.column("Client ID");
        table.column("Username");
        table.column("Policy");
        table.column("Enabled");
        table.column("Last seen");
        table.column("Created by");
        table.emptyTableText(
                "No credentials yet. Make one with 'edge:credential-create <description>'.");
        Instant now = Instant.now();
        FirstRows<Credential> newest =
                new FirstRows<>(
                        limit,
                        Comparator.comparing(Credential::createdAt)
                                .thenComparing(Credential::id)
                                .reversed());
        need(credentials, "credential service").each(newest::add);
        for (Credential each : newest.rows()) {
            table.addRow()
                    .addContent(
                            printable(each.description()),
                            printable(clientIds(each)),
                            printable(each.username()),
                            each.clientIdPolicy(),
                            each.enabled() ? "yes" : "no",
                            each.lastSeenAt() == null
                                    ? "never"
                                    : ago(each.lastSeenAt(), now) + " ago",
                            printable(each.createdBy()));
        }
        table.print(out);
        more(out, newest.total(), limit);
    }

    private static String clientIds(Credential credential) {
        int others = credential.otherClientIds().size();
        return credential.clientId() + (others == 0 ? "" : " (+" + others + ")");
    }
}
