package io.busbar.shell;

import io.busbar.api.broker.Rejection;
import io.busbar.api.broker.Rejections;
import java.io.PrintStream;
import java.time.Instant;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.table.ShellTable;
import org.jspecify.annotations.Nullable;

/** Lists what clients were refused, newest first. */
@Service
@Command(scope = "edge", name = "rejections", description = "Lists what clients were refused")
public final class ListRejectionsCommand extends ShellCommand {
    @Reference(optional = true)
    @Nullable Rejections rejections;

    @Override
    void run(PrintStream out) {
        ShellTable table = new ShellTable();
        table.column("Last");
        table.column("Count").alignRight();
        table.column("What");
        table.column("Cause");
        table.column("Client ID");
        table.column("Expected");
        table.column("Username");
        table.column("Address");
        table.column("Topic");
        table.column("Detail");
        table.emptyTableText("Nothing was refused.");
        Instant now = Instant.now();
        for (Rejection each : need(rejections, "broker").list()) {
            table.addRow()
                    .addContent(
                            ago(each.times().last(), now) + " ago",
                            each.times().count(),
                            each.kind(),
                            each.cause().name(),
                            orDash(each.who().clientId()),
                            orDash(each.what().expected()),
                            orDash(each.who().username()),
                            each.who().address(),
                            orDash(each.what().topic()),
                            orDash(each.what().detail()));
        }
        table.print(out);
    }
}
