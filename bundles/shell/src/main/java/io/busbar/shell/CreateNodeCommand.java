package io.busbar.shell;

import io.busbar.api.uns.Model;
import io.busbar.api.uns.ModelProposal;
import io.busbar.api.uns.Namespace;
import io.busbar.api.uns.NewNode;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeName;
import io.busbar.api.uns.TopicType;
import java.io.PrintStream;
import java.util.Locale;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.jspecify.annotations.Nullable;

/** Creates a PATH node, or a TOPIC node in the folder of its type. */
@Service
@Command(scope = "uns", name = "create", description = "Makes a path or a topic")
public final class CreateNodeCommand extends NamespaceCommand {
    @Argument(
            name = "path",
            description = "Path of the node; levels above it are made",
            required = true)
    @Completion(PathCompleter.class)
    String path = "";

    @Argument(
            index = 1,
            name = "type",
            description = "METRIC, STATE or ACTION makes a topic; without it a path is made")
    @Nullable String type;

    @Option(
            name = "--wire-topic",
            description = "The topic that devices publish to, if it is another than the path")
    @Nullable String wireTopic;

    @Option(name = "--sample", description = "A JSON payload from which the fields are read")
    @Nullable String sample;

    @Override
    void run(PrintStream out) {
        Namespace namespace = namespace();
        String problem = NodeName.pathProblemOf(path, level -> namespace.byPath(level).isPresent());
        if (problem != null) {
            throw new IllegalArgumentException("path: '" + printable(path) + "' " + problem);
        }
        String parent = above(path);
        String name = nameIn(path);
        String kind = type;
        Node node;
        if (kind == null) {
            if (wireTopic != null) {
                throw new IllegalArgumentException(
                        "wire-topic: only a topic has one (expected: a type, METRIC, STATE or"
                                + " ACTION)");
            }
            if (sample != null) {
                throw new IllegalArgumentException(
                        "sample: only a topic has fields (expected: a type, METRIC, STATE or"
                                + " ACTION)");
            }
            node = namespace.create(NewNode.path(parent, name), actor());
        } else {
            NewNode wanted = NewNode.topic(parent, name, topicType(kind), model(namespace, out));
            node =
                    namespace.create(
                            wanted.withPayload(wanted.payload().withWireTopic(wireTopic)), actor());
        }
        out.println(
                "Made "
                        + printable(node.path())
                        + " (alias "
                        + printable(node.identity().alias())
                        + ", "
                        + node.payload().model().fields().size()
                        + " fields).");
    }

    private Model model(Namespace namespace, PrintStream out) {
        if (sample == null) {
            return Model.ANY;
        }
        ModelProposal proposal = namespace.propose(sample);
        proposal.notes().forEach(note -> out.println(printable(note)));
        return proposal.model();
    }

    private static TopicType topicType(String text) {
        try {
            return TopicType.valueOf(text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "type: '" + printable(text) + "' (expected: METRIC, STATE or ACTION)", e);
        }
    }
}
