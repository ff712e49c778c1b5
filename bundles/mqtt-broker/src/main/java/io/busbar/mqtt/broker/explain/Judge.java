package io.busbar.mqtt.broker.explain;

import io.busbar.api.explain.Fate;
import io.busbar.api.explain.Remark;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.Qos;
import io.busbar.mqtt.broker.delivery.Match;
import io.busbar.mqtt.broker.delivery.Share;
import io.busbar.mqtt.broker.session.Attached;
import io.busbar.mqtt.broker.session.Prospect;
import io.busbar.mqtt.broker.session.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds out what becomes of one message for the sessions that subscribe to its topic. */
final class Judge {
    private final Message message;
    private final Access access;
    private final boolean sent;

    /**
     * Makes the judge of a message.
     *
     * @param sent whether somebody has sent it: then there are those who came after it
     */
    Judge(Message message, Access access, boolean sent) {
        this.message = message;
        this.access = access;
        this.sent = sent;
    }

    private boolean isPublisher(Session session) {
        return session.clientId().equals(message.publisher().clientId());
    }

    /** What becomes of it for a session. */
    Found of(Session session, Match match) {
        String filter = match.share() == null ? "" : match.share().filter();
        Match via = isPublisher(session) ? match.ofItself() : match;
        Qos qos = message.qos().min((via == null ? match : via).qos());
        if (via == null) {
            return new Found(session, Fate.NO_LOCAL, Map.of(), List.of(), qos, filter);
        }
        if (!access.mayReceive(session, message.topic())) {
            return new Found(session, Fate.NO_RIGHTS, Map.of(), List.of(), qos, filter);
        }
        Prospect prospect = Prospect.of(session, message, via);
        Found found =
                new Found(session, prospect.fate(), prospect.parameters(), List.of(), qos, filter);
        return found.reaches() ? remarked(found, prospect) : found;
    }

    private Found remarked(Found found, Prospect prospect) {
        List<Remark> remarks = new ArrayList<>();
        Qos qos = found.qos();
        if (sent && qos != message.qos()) {
            remarks.add(
                    Words.remark(
                            Remark.Code.QOS_LOWERED,
                            Map.of(
                                    "published",
                                    Integer.toString(message.qos().value()),
                                    "delivered",
                                    Integer.toString(qos.value()))));
        }
        if (prospect.dropsOldest()) {
            remarks.add(Words.remark(Remark.Code.OLDEST_DROPPED, Map.of()));
        }
        long came = sent ? cameAt(found.session(), qos) : 0;
        if (sent && came > message.receivedAt()) {
            remarks.add(Words.remark(Remark.Code.CAME_LATER, Map.of("at", Long.toString(came))));
        }
        return new Found(
                found.session(), found.fate(), found.parameters(), remarks, qos, found.filter());
    }

    /** Since when the client could have got it: with QoS 0 only while it is connected. */
    private static long cameAt(Session session, Qos qos) {
        Attached attached = session.attached();
        return qos == Qos.AT_MOST_ONCE && attached != null
                ? attached.view().connectedAt().toEpochMilli()
                : session.createdAt();
    }

    /**
     * What becomes of it for a member of a Shared Subscription.
     *
     * @param next the member whose turn it is, or null
     */
    Found of(Session session, Match member, Share share, @Nullable Match next, int members) {
        Found found = of(session, member);
        if (!found.reaches() || next != null && next.subscriber() == session) {
            return found;
        }
        if (!share.isForeseeable()) {
            return members == 1
                    ? found
                    : insteadOf(
                            found,
                            Fate.ANY_MEMBER,
                            Map.of("filter", share.filter(), "members", Integer.toString(members)));
        }
        return insteadOf(
                found,
                Fate.NOT_ITS_TURN,
                next != null && next.subscriber() instanceof Session other
                        ? Map.of("filter", share.filter(), "next", other.clientId())
                        : Map.of("filter", share.filter()));
    }

    private static Found insteadOf(Found found, Fate fate, Map<String, String> parameters) {
        return new Found(found.session(), fate, parameters, List.of(), found.qos(), found.filter());
    }
}
