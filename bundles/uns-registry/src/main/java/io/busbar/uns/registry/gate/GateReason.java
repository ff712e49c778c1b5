package io.busbar.uns.registry.gate;

import io.busbar.api.uns.Violation;

/** What publishers and subscribers are told of a violation. */
final class GateReason {
    private GateReason() {}

    /** For those who receive the message: what is wrong. */
    static String of(Violation wrong) {
        StringBuilder text = new StringBuilder(wrong.code().name()).append(": ");
        if (!wrong.field().isEmpty()) {
            text.append("field ").append(wrong.field());
            if (wrong.type() != null) {
                text.append(" is ").append(wrong.type());
            }
            text.append(": ");
        }
        return text.append(wrong.detail()).toString();
    }

    /** For the publisher: what is wrong, by which revision of the topic's node. */
    static String of(Violation wrong, long revision) {
        return of(wrong) + "; revision " + revision + " of the model";
    }
}
