package io.busbar.mqtt.broker.session;

import io.busbar.api.auth.Principal;
import io.busbar.api.broker.spi.ClientEvent;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.mqtt.broker.gate.Gate;
import io.busbar.mqtt.broker.gate.Rights;
import org.jspecify.annotations.Nullable;

/** Rights that change while the session lives. */
public final class RightsChange {
    private RightsChange() {}

    /**
     * Asks for the rights of an identity, and gives them to the session when they come. Answers
     * that are overtaken by a later question do not count. Called on the session's loop.
     */
    public static void of(Session session, Principal principal, Gate gate) {
        int question = session.nextRightsQuestion();
        gate.rights(
                principal,
                session.clientId(),
                session::execute,
                (rights, why) -> {
                    if (session.isLatestRightsQuestion(question)) {
                        give(session, principal, rights, gate);
                    }
                });
    }

    private static void give(
            Session session, Principal principal, @Nullable Rights rights, Gate gate) {
        if (rights != null) {
            session.changeRights(principal, rights);
            return;
        }
        // Nobody says what it may still do: nothing, until it comes back and is asked for again.
        session.changeRights(principal, gate.nothing());
        Attached attached = session.attached();
        if (attached != null) {
            attached.end(
                    ReasonCode.SERVER_BUSY,
                    "the server could not find out what you may do; try again",
                    ClientEvent.Cause.LIMIT);
        }
    }
}
