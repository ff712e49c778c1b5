package io.busbar.mqtt.broker.explain;

import io.busbar.api.explain.Fate;
import io.busbar.api.explain.Remark;
import java.time.Instant;
import java.util.Map;

/** What is told of clients, in English. */
final class Words {
    private final Map<String, String> parameters;

    private Words(Map<String, String> parameters) {
        this.parameters = parameters;
    }

    private String of(String name) {
        return parameters.getOrDefault(name, "");
    }

    private String time(String name) {
        return Instant.ofEpochMilli(Long.parseLong(of(name))).toString();
    }

    private boolean has(String name) {
        return parameters.containsKey(name);
    }

    /** A fate as a sentence. */
    static String of(Fate fate, Map<String, String> parameters) {
        return new Words(parameters).say(fate);
    }

    private String say(Fate fate) {
        return switch (fate) {
            case SENT -> "It is sent to the client at once.";
            case WAITS ->
                    "It waits for the client: "
                            + of("ahead")
                            + " messages come before it, "
                            + of("inflight")
                            + " are not acknowledged, and the client takes "
                            + of("receiveMaximum")
                            + " of these at once.";
            case KEPT ->
                    "The client is away"
                            + since()
                            + "; it is kept "
                            + (has("until") ? "until " + time("until") : "until it comes back")
                            + ".";
            case NO_LOCAL ->
                    "The client has published it itself, and subscribed to "
                            + of("filter")
                            + " with No Local.";
            case NOT_ITS_TURN ->
                    has("next")
                            ? "Of " + of("filter") + " it is the turn of " + of("next") + "."
                            : "Of " + of("filter") + " another member gets it.";
            case ANY_MEMBER ->
                    "One of the "
                            + of("members")
                            + " members of "
                            + of("filter")
                            + " gets it, chosen at random.";
            case NO_RIGHTS -> "The client may not receive this topic: " + of("rule") + ".";
            case AWAY_AND_QOS_0 ->
                    "The client is away" + since() + ", and messages of QoS 0 are not kept.";
            case EXPIRED ->
                    "The client is away, and the lifetime of the message ended at "
                            + time("at")
                            + ".";
            case QUEUE_FULL ->
                    "The queue of the client is full: "
                            + of("messages")
                            + " of "
                            + of("maxMessages")
                            + " messages, "
                            + of("bytes")
                            + " of "
                            + of("maxBytes")
                            + " bytes.";
            case NOT_WRITABLE ->
                    "The client has not taken "
                            + of("bytes")
                            + " bytes, more than the "
                            + of("maxBytes")
                            + " that may wait; messages of QoS 0 are dropped.";
            case MEMORY_FULL ->
                    "The memory of the server is short, and the client holds "
                            + of("bytes")
                            + " bytes of it.";
            case TOO_LARGE ->
                    "The packet would have "
                            + of("bytes")
                            + " bytes, and the client takes at most "
                            + of("maxBytes")
                            + ".";
            case NOT_STORED -> "The store cannot write: " + of("error") + ".";
            case NO_SUBSCRIPTIONS -> "The client subscribes to nothing.";
            case FILTER_DOES_NOT_MATCH -> "No subscription matches. " + miss();
            case WILDCARD_BEFORE_DOLLAR ->
                    of("filter")
                            + " begins with a wildcard, which matches no topic that begins"
                            + " with $.";
            case SUBSCRIPTION_REFUSED ->
                    "The client was refused to subscribe to "
                            + of("filter")
                            + " at "
                            + time("at")
                            + ": "
                            + of("why")
                            + ".";
            case NO_SESSION ->
                    "The client is not connected, and has no session for which something would be"
                            + " kept.";
            case CONNECT_REFUSED ->
                    "The client has no session, and was refused when it connected at "
                            + time("at")
                            + ": "
                            + of("cause")
                            + ".";
        };
    }

    private String since() {
        return has("since") ? " since " + time("since") : "";
    }

    private String miss() {
        String filter = of("filter");
        if (!has("expected")) {
            return filter + " ends before level " + of("level") + " of the topic.";
        }
        if (!has("found")) {
            return "The topic ends before level " + of("level") + " of " + filter + ".";
        }
        return "Level "
                + of("level")
                + " of "
                + filter
                + " is '"
                + of("expected")
                + "', that of the topic is '"
                + of("found")
                + "'.";
    }

    /** A remark with its sentence. */
    static Remark remark(Remark.Code code, Map<String, String> parameters) {
        return new Remark(code, parameters, new Words(parameters).say(code));
    }

    private String say(Remark.Code code) {
        return switch (code) {
            case QOS_LOWERED ->
                    "It comes with QoS "
                            + of("delivered")
                            + " instead of "
                            + of("published")
                            + ": the client subscribed so.";
            case OVERLAPPING ->
                    of("filters") + " of its subscriptions match; the client gets it once.";
            case OLDEST_DROPPED ->
                    "The queue of the client is full: its oldest message is dropped for this one.";
            case CAME_LATER ->
                    "The client came at " + time("at") + ", after this message was published.";
            case JUDGED_EACH ->
                    "The client subscribes to more than it may receive, so each message is"
                            + " judged.";
            case JUDGED_WHEN_BACK ->
                    "Whether the client may receive it is judged again when it comes back.";
            case WOULD_BE_GRANTED ->
                    "With these rules it would be granted the subscription, if it asks again.";
            case REFUSED_SINCE ->
                    "It was refused when it wanted to come back at "
                            + time("at")
                            + ": "
                            + of("cause")
                            + ".";
        };
    }
}
