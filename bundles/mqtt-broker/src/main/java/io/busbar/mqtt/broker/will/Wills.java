package io.busbar.mqtt.broker.will;

import io.busbar.api.mqtt.Message;
import io.busbar.mqtt.broker.delivery.Routed;
import io.busbar.mqtt.broker.delivery.Source;
import io.busbar.mqtt.broker.delivery.Subscriber;
import io.busbar.mqtt.broker.intake.Intake;
import io.busbar.mqtt.broker.intake.Judgement;
import io.busbar.mqtt.broker.loop.Congestion;
import io.busbar.mqtt.broker.loop.Loop;
import io.busbar.mqtt.broker.loop.Loops;
import io.busbar.mqtt.broker.session.Session;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Sends Will Messages when they are due: at the end of the connection, after the Will Delay
 * Interval, or when the session ends, whichever comes first [MQTT5-3.1.2-8]. A will is not sent if
 * the client reconnects before [MQTT5-3.1.3-9]. All methods are called on the session's event loop.
 */
public final class Wills {
    private final Loops loops;
    private final Intake intake;
    private final Refusals refusals;
    private final AtomicLong sent = new AtomicLong();

    /** Is told when a Will Message is refused at the moment it is due. */
    @FunctionalInterface
    public interface Refusals {
        void refused(Session session, Message will, Judgement.Refused refused);
    }

    /** Makes the wills of a broker. */
    public Wills(Loops loops, Intake intake, Refusals refusals) {
        this.loops = loops;
        this.intake = intake;
        this.refusals = refusals;
    }

    /** How many were sent. */
    public long sent() {
        return sent.get();
    }

    /** The connection ended in a way that sends the will. */
    public void connectionEnded(Session session) {
        if (session.will() == null) {
            return;
        }
        if (session.willDelaySeconds() == 0) {
            send(session);
        }
    }

    /** The delay of its will is over, and the client has not come back. */
    public void due(Session session) {
        send(session);
    }

    /** The session ended: a will that still waits for its delay is due now. */
    public void sessionEnded(Session session) {
        send(session);
    }

    private void send(Session session) {
        Message will = session.will();
        if (will == null) {
            return;
        }
        session.will(null, 0); // removed once it is sent [MQTT5-3.1.2-10]
        Message message =
                new Message(
                        will.topic(),
                        will.payload(),
                        will.qos(),
                        will.retain(),
                        will.properties(),
                        will.publisher(),
                        loops.clock().millis());
        Loop loop = session.loop();
        Judgement judgement = intake.fromWill(loop, session.rights(), message);
        if (judgement instanceof Judgement.Pending pending) {
            pending.whenDecided(decided -> judged(loop, session, message, decided));
        } else {
            judged(loop, session, message, judgement);
        }
    }

    private void judged(Loop loop, Session session, Message will, Judgement judgement) {
        if (judgement instanceof Judgement.Admitted admitted) {
            sent.incrementAndGet();
            Routed routed = new Routed(admitted.of(will), new Sent(session), 0);
            routed.hold();
            try {
                intake.admit(loop, routed); // [MQTT5-3.1.2-14] [MQTT5-3.1.2-15]
            } finally {
                routed.release();
            }
            return;
        }
        session.save();
        if (judgement instanceof Judgement.Refused refused) {
            refusals.refused(session, will, refused);
        }
    }

    /** A will on its way. The store forgets it when all who have to get it have it. */
    private record Sent(Session session) implements Source {
        /** The client is gone, and may get its own will when it comes back. */
        @Override
        public @Nullable Subscriber self() {
            return null;
        }

        @Override
        public void hold(Congestion congestion) {
            // There is nothing more to come.
        }

        @Override
        public boolean waitsForStore() {
            return true;
        }

        @Override
        public void acknowledge(Routed will) {
            session.execute(session::save);
        }
    }

    /** The client came back in time, or said DISCONNECT: the will is not sent [MQTT5-3.14.4-3]. */
    public static void cancel(@Nullable Session session) {
        if (session != null) {
            session.will(null, 0);
        }
    }
}
