package io.busbar.shell;

import io.busbar.api.broker.Broker;
import io.busbar.api.broker.BrokerInfo;
import io.busbar.api.broker.BrokerStats;
import io.busbar.api.broker.ListenerView;
import io.busbar.api.broker.Listeners;
import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.table.ShellTable;
import org.jspecify.annotations.Nullable;

/** Shows the most important facts about the broker. */
@Service
@Command(
        scope = "edge",
        name = "info",
        description = "Shows the broker, its addresses and its figures")
public final class InfoCommand extends ShellCommand {
    @Reference(optional = true)
    @Nullable Broker broker;

    @Reference(optional = true)
    @Nullable Listeners listeners;

    @Override
    void run(PrintStream out) {
        Broker service = need(broker, "broker");
        BrokerInfo info = service.info();
        BrokerStats stats = service.stats();
        out.println(
                "Busbar "
                        + info.version()
                        + ", started "
                        + time(info.startedAt())
                        + ", up "
                        + ago(info.startedAt(), Instant.now())
                        + ", store "
                        + info.store()
                        + (stats.store().diskBytes() == 0
                                ? ""
                                : ", " + (stats.store().diskBytes() >> 20) + " MB on the disk"));
        out.println(
                "Clients online "
                        + stats.connections().online()
                        + " (most "
                        + stats.connections().maximum()
                        + "), sessions offline "
                        + stats.sessions().offline()
                        + ", subscriptions "
                        + stats.subscriptions().total()
                        + ", retained "
                        + stats.messages().retained()
                        + " (with $SYS), queued "
                        + stats.messages().queued());
        out.println(
                "Messages in "
                        + stats.traffic().publishes().received()
                        + ", out "
                        + stats.traffic().publishes().sent()
                        + ", dropped "
                        + stats.losses().dropped()
                        + ", denied "
                        + stats.losses().denied()
                        + "; connections refused "
                        + stats.connections().refused());
        Listeners all = listeners;
        ShellTable table = new ShellTable();
        table.column("Listener");
        table.column("Address");
        table.column("State");
        table.column("Connections").alignRight();
        table.column("Refused").alignRight();
        table.column("Certificate until");
        table.column("Detail");
        table.emptyTableText("No listener is configured.");
        if (all != null) {
            for (ListenerView each : all.list()) {
                table.addRow()
                        .addContent(
                                each.name(),
                                each.clientUri(),
                                each.state(),
                                each.connections(),
                                each.refused(),
                                each.certificateExpiresAt() == null
                                        ? "-"
                                        : each.certificateExpiresAt().toString(),
                                orDash(detail(each)));
            }
        }
        table.print(out);
    }

    private static String detail(ListenerView listener) {
        List<String> details = new ArrayList<>();
        if (listener.proxied() && listener.detail().isEmpty()) {
            details.add("through a proxy only (PROXY protocol)");
        }
        if (listener.isAdvertised()) {
            details.add("here " + listener.uri());
        } else if (listener.isEverywhere()) {
            details.add("bound to every address (" + listener.host() + ")");
        }
        if (!listener.detail().isEmpty()) {
            details.add(listener.detail());
        }
        return String.join("; ", details);
    }
}
