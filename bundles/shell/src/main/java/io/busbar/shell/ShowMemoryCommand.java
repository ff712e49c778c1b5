package io.busbar.shell;

import io.busbar.api.memory.MemoryArea;
import io.busbar.api.memory.MemoryBudget;
import io.busbar.api.memory.MemoryShortage;
import io.busbar.api.memory.MemoryUse;
import java.io.PrintStream;
import java.time.Instant;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.table.ShellTable;
import org.jspecify.annotations.Nullable;

/** Shows what clients and users hold of the memory, and who was refused more. */
@Service
@Command(
        scope = "edge",
        name = "memory",
        description = "Shows what clients and users hold of the memory, and who was refused more")
public final class ShowMemoryCommand extends ShellCommand {
    @Reference(optional = true)
    @Nullable MemoryBudget memory;

    @Override
    void run(PrintStream out) {
        MemoryBudget service = need(memory, "memory budget");
        for (MemoryArea area : MemoryArea.values()) {
            MemoryUse use = service.use(area);
            out.println(
                    (area == MemoryArea.HEAP ? "Heap: " : "Direct memory: ")
                            + mib(use.usedBytes())
                            + " of "
                            + mib(use.maximumBytes())
                            + " MiB"
                            + (use.isShort() ? ", short" : "")
                            + "; refused "
                            + use.refusals()
                            + ", taken back "
                            + use.reclaims());
            kinds(use, out);
        }
        shortages(service, out);
    }

    private static void kinds(MemoryUse use, PrintStream out) {
        ShellTable table = new ShellTable();
        table.column("Kind");
        table.column("MiB").alignRight();
        table.emptyTableText("Nothing is counted.");
        use.kinds().entrySet().stream()
                .sorted(
                        Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                                .thenComparing(Map.Entry.comparingByKey()))
                .forEach(kind -> table.addRow().addContent(kind.getKey(), mib(kind.getValue())));
        table.print(out);
    }

    private static void shortages(MemoryBudget service, PrintStream out) {
        ShellTable table = new ShellTable();
        table.column("Last");
        table.column("Count").alignRight();
        table.column("Area");
        table.column("Kind");
        table.column("Holder");
        table.column("What");
        table.column("Held MiB").alignRight();
        table.emptyTableText("Nobody was refused.");
        Instant now = Instant.now();
        for (MemoryShortage each : service.shortages()) {
            table.addRow()
                    .addContent(
                            ago(each.latest(), now) + " ago",
                            each.times(),
                            each.area().name().toLowerCase(Locale.ROOT),
                            each.kind(),
                            orDash(each.holder()),
                            each.reclaimed() ? "had to give back" : "was refused more",
                            mib(each.heldBytes()));
        }
        table.print(out);
    }

    private static String mib(long bytes) {
        return String.format(Locale.ROOT, "%.1f", bytes / 1_048_576.0);
    }
}
