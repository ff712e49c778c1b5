package io.busbar.shell;

import io.busbar.api.transfer.StatePart;
import io.busbar.api.transfer.StateTransfer;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.jspecify.annotations.Nullable;

/** The base of the commands that move the state: what of it. */
abstract class StateCommand extends ShellCommand {
    @Reference(optional = true)
    @Nullable StateTransfer transfer;

    @Option(
            name = "--parts",
            description = "Only these of credentials, retained, sessions, with commas between them")
    @Nullable String parts;

    StateTransfer transfer() {
        return need(transfer, "service for export and import");
    }

    Set<StatePart> parts() {
        String wanted = parts;
        if (wanted == null) {
            return EnumSet.allOf(StatePart.class);
        }
        Set<StatePart> chosen = EnumSet.noneOf(StatePart.class);
        for (String name : wanted.split(",", -1)) {
            try {
                chosen.add(StatePart.valueOf(name.strip().toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "--parts " + wanted + " (expected: credentials, retained, sessions)", e);
            }
        }
        return chosen;
    }
}
