package io.busbar.api.uns;

import org.jspecify.annotations.Nullable;

/**
 * What the namespace asks of the messages of a topic, and what it says of one of them.
 *
 * @param node the topic's node; null if there is none
 * @param mode what happens to messages that do not fit, and the node that says so
 * @param topicPolicy what happens to messages of topics without a node, and the node that says so
 * @param verdict what becomes of the message
 * @param violation what is wrong with it; null if nothing is, or nothing is checked
 * @param detail why it cannot be checked, in English; empty if it can
 */
public record Contract(
        @Nullable Node node,
        Inherited<ValidationMode> mode,
        Inherited<TopicPolicy> topicPolicy,
        Verdict verdict,
        @Nullable Violation violation,
        String detail) {

    /** What becomes of a message. */
    public enum Verdict {
        /** The topic has no node: it is delivered. */
        NO_MODEL,
        /** The topic has no node, and such topics are denied: it is refused with 0x90. */
        TOPIC_DENIED,
        /** Nothing is checked: it is delivered. */
        NOT_CHECKED,
        /** It fits. */
        FITS,
        /** It does not fit, which is counted and shown; it is delivered. */
        OBSERVED,
        /** It does not fit, and says so in its User Properties; it is delivered. */
        ANNOTATED,
        /** It does not fit, and is held back in the quarantine. */
        HELD,
        /** It does not fit, and is refused with 0x99. */
        REFUSED,
        /** It cannot be checked, and is refused with 0x83. */
        NOT_CHECKABLE
    }
}
