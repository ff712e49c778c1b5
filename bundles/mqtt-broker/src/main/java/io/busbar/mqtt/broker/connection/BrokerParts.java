package io.busbar.mqtt.broker.connection;

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

/** The parts of the broker that connections use. */
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
        ConnectCounts connectCounts) {}
