package io.busbar.mqtt.broker.connection;

import io.busbar.api.broker.Rejection;
import io.busbar.api.broker.Who;
import io.busbar.api.broker.spi.ClientEvent;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.mqtt.broker.event.Events;
import io.busbar.mqtt.broker.event.RejectionLog;
import io.busbar.mqtt.broker.feature.Features;
import io.busbar.mqtt.broker.gate.Gate;
import io.busbar.mqtt.broker.intake.Intake;
import io.busbar.mqtt.broker.limit.BrokerLimits;
import io.busbar.mqtt.broker.loop.Loops;
import io.busbar.mqtt.broker.retained.RetainedMessages;
import io.busbar.mqtt.broker.session.SessionClaims;
import io.busbar.mqtt.broker.session.Sessions;
import io.busbar.mqtt.broker.will.Wills;
import java.util.function.BooleanSupplier;

/** The parts of the broker that connections work with. */
public record BrokerParts(
        BrokerLimits limits,
        Features features,
        Loops loops,
        Gate gate,
        Sessions sessions,
        SessionClaims claims,
        Intake intake,
        RetainedMessages retained,
        Wills wills,
        RejectionLog rejections,
        Events events,
        ConnectRate connectRate,
        BooleanSupplier endsForGood,
        ConnectCounts connectCounts) {

    /** Records a refusal and tells the listeners. */
    void reject(Rejection.Kind kind, Rejection.Cause cause, Who who, Rejection.What what) {
        reject(kind, cause, cause.reason(), who, what);
    }

    /** As the other one, of a cause that has several Reason Codes. */
    void reject(
            Rejection.Kind kind,
            Rejection.Cause cause,
            ReasonCode reason,
            Who who,
            Rejection.What what) {
        Rejection rejection = rejections.add(kind, cause, reason, who, what);
        if (events.isHeard()) {
            events.tell(new ClientEvent.Refused(rejection.times().last(), rejection));
        }
    }
}
