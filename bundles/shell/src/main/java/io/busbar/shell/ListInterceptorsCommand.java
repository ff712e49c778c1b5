package io.busbar.shell;

import io.busbar.api.broker.Broker;
import io.busbar.api.broker.InterceptorView;
import io.busbar.api.broker.InterceptorView.Counts;
import java.io.PrintStream;
import java.time.Duration;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.table.ShellTable;
import org.jspecify.annotations.Nullable;

/** Lists the interceptors in the order in which they are asked about a message. */
@Service
@Command(
        scope = "edge",
        name = "interceptors",
        description = "Lists who judges messages before they are delivered")
public final class ListInterceptorsCommand extends ShellCommand {
    private static final int MAX_FILTERS = 3;

    @Reference(optional = true)
    @Nullable Broker broker;

    @Override
    void run(PrintStream out) {
        ShellTable table = new ShellTable();
        table.column("Interceptor");
        table.column("Topics");
        table.column("If it fails");
        table.column("State");
        table.column("Asked").alignRight();
        table.column("Annotated").alignRight();
        table.column("Diverted").alignRight();
        table.column("Refused").alignRight();
        table.column("Failed").alignRight();
        table.column("Mean us").alignRight();
        table.column("Longest us").alignRight();
        table.column("Detail");
        table.emptyTableText("No bundle judges messages.");
        for (InterceptorView each : need(broker, "broker").interceptors()) {
            Counts counts = each.counts();
            table.addRow()
                    .addContent(
                            each.name(),
                            orDash(topics(each)),
                            each.passesOnFailure() ? "pass" : "refuse",
                            each.state(),
                            counts.asked(),
                            counts.annotated(),
                            counts.diverted(),
                            counts.refused(),
                            counts.failed(),
                            counts.asked() == 0 ? 0 : micros(counts.total()) / counts.asked(),
                            micros(counts.longest()),
                            orDash(each.detail()));
        }
        table.print(out);
    }

    private static String topics(InterceptorView interceptor) {
        int more = interceptor.filters().size() - MAX_FILTERS;
        return String.join(
                        " ",
                        interceptor
                                .filters()
                                .subList(0, Math.min(MAX_FILTERS, interceptor.filters().size())))
                + (more > 0 ? " and " + more + " more" : "");
    }

    private static long micros(Duration time) {
        return time.toNanos() / 1_000;
    }
}
