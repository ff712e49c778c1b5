package io.busbar.shell;

import io.busbar.api.broker.ClientView;
import io.busbar.api.broker.Clients;
import java.io.PrintStream;
import java.time.Instant;
import java.util.Comparator;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.table.ShellTable;
import org.jspecify.annotations.Nullable;

/** Lists the connected clients. */
@Service
@Command(scope = "edge", name = "clients", description = "Lists the connected clients")
public final class ListClientsCommand extends ShellCommand {
    @Reference(optional = true)
    @Nullable Clients clients;

    @Option(name = "--limit", description = "Most clients to show")
    int limit = 1000;

    @Override
    void run(PrintStream out) {
        ShellTable table = new ShellTable();
        table.column("Client ID");
        table.column("Credential");
        table.column("Address");
        table.column("Protocol");
        table.column("Subscriptions").alignRight();
        table.column("In").alignRight();
        table.column("Out").alignRight();
        table.column("Queued").alignRight();
        table.column("Since");
        table.emptyTableText("No client is connected.");
        Instant now = Instant.now();
        FirstRows<ClientView> first =
                new FirstRows<>(limit, Comparator.comparing(ClientView::clientId));
        need(clients, "broker").each(first::add);
        first.rows()
                .forEach(
                        each ->
                                table.addRow()
                                        .addContent(
                                                printable(each.clientId()),
                                                orDash(each.principal().description()),
                                                each.address(),
                                                each.version() + " " + each.transport().scheme(),
                                                each.subscriptions(),
                                                each.messagesIn(),
                                                each.messagesOut(),
                                                each.queued(),
                                                ago(each.connectedAt(), now)));
        table.print(out);
        more(out, first.total(), limit);
    }
}
