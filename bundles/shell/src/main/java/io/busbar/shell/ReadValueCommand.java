package io.busbar.shell;

import io.busbar.api.mqtt.Publisher;
import io.busbar.api.uns.FieldValue;
import io.busbar.api.uns.Quality;
import io.busbar.api.uns.QualityReason;
import io.busbar.api.uns.TopicValue;
import io.busbar.api.uns.Violation;
import java.io.PrintStream;
import java.util.NoSuchElementException;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.table.ShellTable;
import org.jspecify.annotations.Nullable;

/** Shows the latest value of a topic. */
@Service
@Command(scope = "uns", name = "read", description = "Shows what is known of a topic")
public final class ReadValueCommand extends NamespaceCommand {
    @Argument(name = "topic", description = "Topic, or alias of one", required = true)
    @Completion(PathCompleter.class)
    String topic = "";

    @Override
    void run(PrintStream out) {
        String path = namespace().byAlias(topic).map(node -> node.path()).orElse(topic);
        TopicValue value =
                namespace()
                        .value(path)
                        .orElseThrow(
                                () ->
                                        new NoSuchElementException(
                                                "Nothing is known of '"
                                                        + printable(topic)
                                                        + "': no node, and no message came since"
                                                        + " the start."));
        out.println(
                printable(value.topic())
                        + (value.nodeId() == null ? "  (nobody has modelled it)" : ""));
        out.println(
                "Quality "
                        + quality(value.quality(), value.reason())
                        + ", format "
                        + value.format()
                        + ", messages "
                        + value.messages()
                        + ", violations "
                        + value.violations());
        if (value.receivedAt() == null) {
            out.println("Waiting for data.");
            return;
        }
        Publisher publisher = value.publisher();
        out.println(
                "Time "
                        + time(value.timestamp())
                        + ", received "
                        + time(value.receivedAt())
                        + ", QoS "
                        + (value.qos() == null ? "-" : value.qos().value())
                        + (value.retain() ? ", retained" : "")
                        + (publisher == null
                                ? ""
                                : ", published by "
                                        + printable(publisher.description())
                                        + " ("
                                        + orDash(publisher.address())
                                        + ")"));
        ShellTable table = new ShellTable();
        table.column("Attribute");
        table.column("Value");
        table.column("Quality");
        table.column("Time");
        table.emptyTableText("No field could be read.");
        for (FieldValue each : value.fields()) {
            table.addRow()
                    .addContent(
                            printable(each.name()),
                            orDash(each.json()),
                            quality(each.quality(), each.reason()),
                            time(each.timestamp()));
        }
        table.print(out);
        Violation violation = value.lastViolation();
        if (violation != null) {
            out.println(
                    "Last violation: "
                            + violation.code()
                            + " "
                            + printable(violation.field())
                            + " "
                            + printable(violation.detail())
                            + " at "
                            + time(violation.at()));
        }
    }

    private static String quality(Quality quality, @Nullable QualityReason reason) {
        if (reason == null) {
            return quality.text();
        }
        return quality.text()
                + " ("
                + switch (reason.code()) {
                    case STALE -> "older than " + reason.seconds() + " s";
                    case SOURCE_TIME -> "the source's time is unreadable or ahead";
                    case SOURCE -> "says the source";
                    case TOO_LARGE -> "the payload is too large";
                    case VIOLATION -> "does not fit the model";
                    case MISSING -> "missing";
                    case UNREADABLE -> "the payload cannot be read";
                    case NO_READER -> "nothing reads the format";
                    case NO_ROOM -> "not kept, because memory is short";
                }
                + ")";
    }
}
