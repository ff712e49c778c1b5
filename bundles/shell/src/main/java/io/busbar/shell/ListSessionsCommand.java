package io.busbar.shell;

import io.busbar.api.auth.Credential;
import io.busbar.api.auth.CredentialService;
import io.busbar.api.broker.Clients;
import io.busbar.api.broker.SessionView;
import java.io.PrintStream;
import java.time.Instant;
import java.util.Comparator;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.table.ShellTable;
import org.jspecify.annotations.Nullable;

/** Lists the sessions of clients, whether connected or not. */
@Service
@Command(
        scope = "edge",
        name = "sessions",
        description = "Lists the sessions of clients, connected or not")
public final class ListSessionsCommand extends ShellCommand {
    @Reference(optional = true)
    @Nullable Clients clients;

    @Reference(optional = true)
    @Nullable CredentialService credentials;

    @Option(name = "--offline", description = "Only those whose client is not connected")
    boolean offline;

    @Option(
            name = "--reserved",
            description = "Only those whose Client ID is reserved for another credential")
    boolean reserved;

    @Option(name = "--limit", description = "Most sessions to show")
    int limit = 1000;

    @Override
    void run(PrintStream out) {
        ShellTable table = new ShellTable();
        table.column("Client ID");
        table.column("Belongs to");
        table.column("Connected");
        table.column("Subscriptions").alignRight();
        table.column("Queued").alignRight();
        table.column("Bytes").alignRight();
        table.column("Offline for");
        table.column("Ends at");
        table.column("Note");
        table.emptyTableText("No session.");
        Instant now = Instant.now();
        FirstRows<SessionView> first =
                new FirstRows<>(limit, Comparator.comparing(SessionView::clientId));
        need(clients, "broker")
                .eachSession(
                        session -> {
                            if ((!offline || !session.online())
                                    && (!reserved || session.reserved())) {
                                first.add(session);
                            }
                        });
        first.rows()
                .forEach(
                        each ->
                                table.addRow()
                                        .addContent(
                                                printable(each.clientId()),
                                                owner(each),
                                                each.online() ? "yes" : "no",
                                                each.subscriptions(),
                                                each.queued(),
                                                each.queuedBytes(),
                                                ago(each.disconnectedAt(), now),
                                                each.online()
                                                        ? "-"
                                                        : each.expiresAt() == null
                                                                ? "never"
                                                                : time(each.expiresAt()),
                                                each.reserved()
                                                        ? "ends when the owner of the Client ID"
                                                                + " connects"
                                                        : "-"));
        table.print(out);
        more(out, first.total(), limit);
    }

    private String owner(SessionView session) {
        CredentialService known = credentials;
        Credential owner = known == null ? null : known.get(session.principalId()).orElse(null);
        return owner != null
                ? printable(owner.description()) + (owner.enabled() ? "" : " (disabled)")
                : orDash(session.username());
    }
}
