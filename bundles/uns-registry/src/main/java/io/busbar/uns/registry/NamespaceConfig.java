package io.busbar.uns.registry;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** The configuration of the namespace: how much it reads and remembers. */
@ObjectClassDefinition(name = "Unified Namespace")
public @interface NamespaceConfig {
    @AttributeDefinition(
            description =
                    "Nodes that there may be, paths and topics together; more are refused. 0 ="
                            + " one for each 1024 bytes of the largest heap",
            min = "0")
    int max_nodes() default 0;

    @AttributeDefinition(
            description =
                    "Topics without a model that are remembered; more are counted and dropped",
            min = "0")
    int unmodeled_topics() default 100000;

    @AttributeDefinition(
            description =
                    "Bytes of memory for all topics without a model together, with their names"
                            + " and payloads; beyond it payloads, then topics are not kept",
            min = "0")
    long unmodeled_bytes() default 67108864;

    @AttributeDefinition(
            description =
                    "What happens to messages of topics without a model, where no path above says"
                            + " it: ALLOW (they are delivered and listed), AUTO_CREATE (and become"
                            + " nodes after 20 messages) or DENY (they are refused with 0x90)",
            options = {@Option("ALLOW"), @Option("AUTO_CREATE"), @Option("DENY")})
    String topic_policy() default "ALLOW";

    @AttributeDefinition(
            description =
                    "Payloads of a topic that are kept to propose a model from, the last one"
                            + " included: of topics without a model, and while a model is"
                            + " violated; those before the last only up to 2048 bytes each",
            min = "1",
            max = "64")
    int recent_payloads() default 20;

    @AttributeDefinition(
            description =
                    "Kinds of violations of a topic that are kept: each code, field and"
                            + " publisher is one; beyond it the one that was seen longest ago"
                            + " is forgotten",
            min = "1",
            max = "256")
    int violations_kept() default 16;

    @AttributeDefinition(
            description = "Payloads of more bytes are not read: violation SIZE on a modelled topic",
            min = "1")
    int payload_max_bytes() default 262144;

    @AttributeDefinition(
            description =
                    "Names under which sources send their time, with commas, the more trusted"
                            + " first; small and capital letters are the same")
    String time_names() default "timestamp, timeStamp, timestamp_ms, _timestamp, ts, time";

    @AttributeDefinition(
            description =
                    "A source's time may be ahead of the server's by so many seconds; beyond it"
                            + " the server's counts and the value is Uncertain",
            min = "0")
    int time_max_ahead_seconds() default 600;

    @AttributeDefinition(
            description =
                    "Listeners such as the console hear of a topic at most once in so many"
                            + " milliseconds",
            min = "1",
            max = "60000")
    int notify_interval_ms() default 50;

    @AttributeDefinition(
            description =
                    "Bytes of samples that wait for one listener that is slow, such as a"
                            + " history; more are lost for it and counted",
            min = "1")
    long samples_queue_bytes() default 33554432;

    @AttributeDefinition(
            description =
                    "Messages that are held back at most, for topics with the validation"
                            + " QUARANTINE; beyond it the publisher that has most loses its"
                            + " oldest",
            min = "0")
    int quarantine_messages() default 10000;

    @AttributeDefinition(
            description =
                    "Bytes on the disk that these messages take at most: topics, payloads and"
                            + " properties",
            min = "0")
    long quarantine_bytes() default 67108864;

    @AttributeDefinition(
            description = "Days after which a message that is held back is let go of",
            min = "1",
            max = "3650")
    int quarantine_days() default 7;

    @AttributeDefinition(
            description =
                    "Deleted nodes that can be restored, at most; beyond it those leave that were"
                            + " deleted first; 0 = nodes are deleted for good",
            min = "0")
    int recycle_nodes() default 100000;

    @AttributeDefinition(
            description = "Days for which deleted nodes can be restored",
            min = "1",
            max = "3650")
    int recycle_days() default 30;

    @AttributeDefinition(
            description =
                    "Milliseconds that a payload reader or a listener of another bundle may"
                            + " hold up the namespace, at least 100; then it is interrupted"
                            + " and not called for a while",
            min = "100")
    int call_timeout_ms() default 1000;
}
