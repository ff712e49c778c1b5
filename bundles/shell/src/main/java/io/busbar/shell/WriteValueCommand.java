package io.busbar.shell;

import io.busbar.api.broker.Broker;
import io.busbar.api.broker.PublishResult;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.uns.Namespace;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeType;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.jspecify.annotations.Nullable;

/**
 * Publishes a message in the name of the person at the shell. It goes through the same steps as
 * every message.
 */
@Service
@Command(scope = "uns", name = "write", description = "Publishes a payload to a topic")
public final class WriteValueCommand extends NamespaceCommand {
    private static final int WAIT_SECONDS = 10;

    @Reference(optional = true)
    @Nullable Broker broker;

    @Argument(name = "topic", description = "Topic, or path of one", required = true)
    @Completion(PathCompleter.class)
    String topic = "";

    @Argument(
            index = 1,
            name = "payload",
            description = "Payload, e.g. '{\"speed\":1.5}'",
            required = true)
    String payload = "";

    @Option(name = "--qos", description = "0, 1 or 2")
    int qos = 1;

    @Option(name = "--retain", description = "Keep it as the topic's retained message")
    boolean retain;

    @Override
    void run(PrintStream out) {
        Namespace known = namespace;
        TopicName name =
                TopicName.of(
                        known == null
                                ? topic
                                : known.byPath(topic)
                                        .filter(node -> node.type() == NodeType.TOPIC)
                                        .map(Node::topic)
                                        .orElse(topic));
        if (name.isSystem()) {
            throw new IllegalArgumentException(
                    "topic: '"
                            + printable(topic)
                            + "' (expected: one that does not begin with '$')");
        }
        Message message =
                new Message(
                        name,
                        payload.getBytes(StandardCharsets.UTF_8),
                        Qos.of(qos),
                        retain,
                        MessageProperties.NONE,
                        new Publisher("", actor().name() + " (shell)", "", null),
                        System.currentTimeMillis());
        out.println(answer(need(broker, "broker"), message));
    }

    private static String answer(Broker service, Message message) {
        try {
            PublishResult result =
                    service.publish(message)
                            .toCompletableFuture()
                            .get(WAIT_SECONDS, TimeUnit.SECONDS);
            ReasonCode code = result.code();
            String reason = result.reason() == null ? "" : ": " + printable(result.reason());
            if (code.isError()) {
                throw new IllegalStateException("Not published: " + code.text() + reason + ".");
            }
            return code == ReasonCode.NO_MATCHING_SUBSCRIBERS
                    ? "Published; nobody subscribes to it" + reason + "."
                    : "Published" + reason + ".";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted; the message may have been published.", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("Not published: " + e.getCause().getMessage(), e);
        } catch (TimeoutException e) {
            throw new IllegalStateException(
                    "No answer in " + WAIT_SECONDS + " s; the message may still be stored.", e);
        }
    }
}
