package io.busbar.shell;

import io.busbar.api.auth.Ruling;
import io.busbar.api.broker.ClientView;
import io.busbar.api.broker.Rejection;
import io.busbar.api.explain.Audience;
import io.busbar.api.explain.Explanation;
import io.busbar.api.explain.Explanations;
import io.busbar.api.explain.Fate;
import io.busbar.api.explain.PublishedBy;
import io.busbar.api.explain.Question;
import io.busbar.api.explain.Receiver;
import io.busbar.api.explain.Remark;
import io.busbar.api.explain.WhatIf;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.uns.Contract;
import io.busbar.api.uns.Inherited;
import io.busbar.api.uns.Namespace;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeType;
import io.busbar.api.uns.TopicValue;
import java.io.PrintStream;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.table.ShellTable;
import org.jspecify.annotations.Nullable;

/** Says why the messages of a topic come where they come, or why a client does not get them. */
@Service
@Command(
        scope = "uns",
        name = "explain",
        description = "Says who published a topic, what lets it, who gets it, and who does not")
public final class ExplainCommand extends ShellCommand {
    @Argument(name = "topic", description = "Topic, or path or alias of one", required = true)
    @Completion(PathCompleter.class)
    String topic = "";

    @Option(name = "--client", description = "Why this client gets it, or does not")
    @Completion(SessionCompleter.class)
    @Nullable String client;

    @Option(name = "--limit", description = "Most receivers to show")
    int limit = 50;

    @Reference(optional = true)
    @Nullable Explanations explanations;

    @Reference(optional = true)
    @Nullable Namespace namespace;

    @Override
    void run(PrintStream out) {
        Explanations service = need(explanations, "broker");
        Optional<Namespace> uns = Optional.ofNullable(namespace);
        String name = uns.flatMap(this::node).map(Node::topic).orElse(topic);
        TopicName asked = TopicName.of(name);
        TopicValue value = uns.flatMap(all -> all.value(name)).orElse(null);
        Explanation explanation =
                service.explain(
                        new Question(
                                asked,
                                value == null ? null : value.lastMessage(),
                                client,
                                Math.max(0, Math.min(limit, Explanations.MOST_LISTED)),
                                WhatIf.NOTHING));
        out.println(printable(name));
        message(out, explanation);
        sender(out, explanation.sender());
        uns.map(all -> all.contracts().judge(explanation.message()))
                .ifPresent(contract -> contract(out, contract, explanation));
        stored(out, explanation, value);
        for (Rejection each : explanation.refused()) {
            line(
                    out,
                    "Refused",
                    each.cause()
                            + " "
                            + orDash(each.who().clientId())
                            + " at "
                            + time(each.times().last())
                            + ": "
                            + printable(each.what().detail()));
        }
        if (explanation.client() != null) {
            client(out, explanation.client());
        } else {
            audience(out, explanation.audience());
        }
    }

    private Optional<Node> node(Namespace uns) {
        return uns.byAlias(topic)
                .or(() -> uns.byPath(topic))
                .filter(node -> node.type() == NodeType.TOPIC);
    }

    private static void line(PrintStream out, String step, String text) {
        out.println(String.format(Locale.ROOT, "%-11s", step) + text);
    }

    private static void message(PrintStream out, Explanation explanation) {
        Message message = explanation.message();
        String what =
                "QoS "
                        + message.qos().value()
                        + (message.retain() ? ", retained" : "")
                        + ", "
                        + message.payload().length
                        + " bytes, at "
                        + time(Instant.ofEpochMilli(message.receivedAt()));
        line(
                out,
                "Message",
                switch (explanation.basis()) {
                    case GIVEN -> "the last one: " + what;
                    case RETAINED -> "the retained one: " + what;
                    case ASSUMED -> "none has come; this is of an empty one of QoS 1";
                });
    }

    private static void sender(PrintStream out, PublishedBy sender) {
        Publisher publisher = sender.publisher();
        if (publisher.clientId().isEmpty()) {
            line(
                    out,
                    "Publisher",
                    publisher.description().isEmpty()
                            ? "not known"
                            : printable(publisher.description()));
            return;
        }
        ClientView now = sender.client();
        line(
                out,
                "Publisher",
                printable(publisher.clientId())
                        + " ("
                        + orDash(publisher.description())
                        + ") from "
                        + orDash(publisher.address())
                        + (now == null
                                ? "; it is not connected now"
                                : (sender.sameConnection() ? "" : "; it has connected again:")
                                        + " through "
                                        + now.listener()
                                        + ", MQTT "
                                        + now.version().text()));
        Ruling ruling = sender.ruling();
        if (ruling != null) {
            line(
                    out,
                    "Rights",
                    (ruling.allowed() ? "it may publish" : "it may not publish any more")
                            + (ruling.detail().isEmpty() ? "" : ": " + printable(ruling.detail())));
        }
    }

    private static void contract(PrintStream out, Contract contract, Explanation explanation) {
        if (explanation.basis() == Explanation.Basis.ASSUMED) {
            line(out, "Contract", contract.mode().value() + from(contract.mode()));
            return;
        }
        String says =
                switch (contract.verdict()) {
                    case NO_MODEL -> "nobody has modelled the topic; it is delivered";
                    case TOPIC_DENIED ->
                            "nobody has modelled the topic, and such topics are refused"
                                    + from(contract.topicPolicy());
                    case NOT_CHECKED -> "nothing is checked; it is delivered";
                    case FITS -> "it fits";
                    case OBSERVED -> "it does not fit; it is delivered";
                    case ANNOTATED -> "it does not fit, and says so; it is delivered";
                    case HELD -> "it does not fit, and is held back";
                    case REFUSED -> "it does not fit, and is refused";
                    case NOT_CHECKABLE -> "it cannot be checked, and is refused";
                };
        String why =
                contract.violation() == null ? contract.detail() : contract.violation().detail();
        line(
                out,
                "Contract",
                says
                        + (why.isEmpty() ? "" : ": " + printable(why))
                        + " (mode "
                        + contract.mode().value()
                        + from(contract.mode())
                        + ")");
    }

    private static String from(Inherited<?> policy) {
        return policy.from() == null ? "" : " of " + printable(policy.from());
    }

    private static void stored(
            PrintStream out, Explanation explanation, @Nullable TopicValue value) {
        Message kept = explanation.retained();
        line(
                out,
                "Retained",
                kept == null
                        ? "none"
                        : kept.receivedAt() == explanation.message().receivedAt()
                                ? "this message"
                                : "another one, of "
                                        + time(Instant.ofEpochMilli(kept.receivedAt())));
        line(
                out,
                "Value",
                value == null || value.receivedAt() == null
                        ? "none"
                        : value.quality().text() + ", received " + time(value.receivedAt()));
        int stores = explanation.audience().inStore();
        if (stores > 0) {
            line(out, "Store", "it is written for " + stores + " subscribers");
        }
        if (!explanation.interceptors().isEmpty()) {
            line(out, "Judged by", String.join(", ", explanation.interceptors()));
        }
    }

    private static void client(PrintStream out, Receiver client) {
        line(out, "Client", printable(client.clientId()) + ": " + client.fate().outcome());
        line(out, "", client.fate() + ": " + printable(client.text()));
        for (Remark each : client.remarks()) {
            line(out, "", each.code() + ": " + printable(each.text()));
        }
        if (client.ruling() != null && client.fate() != Fate.NO_RIGHTS) {
            line(
                    out,
                    "",
                    (client.ruling().allowed() ? "It may receive it" : "It may not receive it")
                            + (client.ruling().detail().isEmpty()
                                    ? "."
                                    : ": " + printable(client.ruling().detail())));
        }
    }

    private static void audience(PrintStream out, Audience audience) {
        line(
                out,
                "Receivers",
                audience.subscribers()
                        + " subscribers"
                        + (audience.fates().isEmpty() ? "" : ": " + fates(audience)));
        if (audience.receivers().isEmpty()) {
            return;
        }
        ShellTable table = new ShellTable();
        table.column("Client");
        table.column("Online");
        table.column("Fate");
        table.column("QoS").alignRight();
        table.column("Why");
        for (Receiver each : audience.receivers()) {
            table.addRow()
                    .addContent(
                            printable(each.clientId()),
                            each.online() ? "yes" : "no",
                            each.fate(),
                            each.qos() == null ? "-" : each.qos().value(),
                            printable(why(each)));
        }
        table.print(out);
        more(out, audience.subscribers(), audience.receivers().size());
    }

    private static String fates(Audience audience) {
        return new TreeMap<>(audience.fates())
                .entrySet().stream()
                        .map(each -> each.getValue() + " " + each.getKey())
                        .collect(Collectors.joining(", "));
    }

    private static String why(Receiver receiver) {
        StringBuilder text = new StringBuilder(receiver.text());
        for (Remark each : receiver.remarks()) {
            text.append(' ').append(each.text());
        }
        return text.toString();
    }
}
