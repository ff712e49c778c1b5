package io.busbar.mqtt.broker.connection;

import io.busbar.api.audit.Actor;
import io.busbar.api.auth.Principal;
import io.busbar.api.broker.ClientView;
import io.busbar.api.broker.Rejection;
import io.busbar.api.broker.Who;
import io.busbar.api.broker.spi.ClientEvent;
import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.mqtt.broker.feature.Redirect;
import io.busbar.mqtt.broker.link.ClientLink;
import io.busbar.mqtt.broker.loop.Congestion;
import io.busbar.mqtt.broker.loop.Loop;
import io.busbar.mqtt.broker.session.Attached;
import io.busbar.mqtt.broker.session.Sender;
import io.busbar.mqtt.broker.session.Session;
import io.busbar.mqtt.codec.Connect;
import io.busbar.mqtt.codec.Packet;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One Network Connection: who is at its other end, what it is sent, and how it ends. Confined to
 * the loop of its link, but for {@link #view}.
 */
final class Connection implements Attached, Liveness.Late {
    private final BrokerParts broker;
    private final ClientLink link;
    private final Loop loop;
    private final Steps steps;
    private final Reading reading;
    private final Liveness liveness;

    private volatile State state = State.NEW;
    private ProtocolVersion version = ProtocolVersion.MQTT_3_1_1;
    private boolean mqtt5;
    private int keepAliveSeconds;
    private boolean cleanStart;
    private Who who;

    private volatile @Nullable Session session;
    private @Nullable Sender sender;
    private @Nullable Publisher publisher;
    private boolean made;
    private boolean welcomed;
    private long connectedAt;
    private long messagesIn;
    private long bytesIn;
    private long bytesOut;

    private enum State {
        NEW,
        CONNECTING,
        CONNECTED,
        CLOSED
    }

    /** Is told how far the connection is. */
    interface Steps {
        /** CONNACK is sent. */
        void welcomed();

        /** It is over; called once. */
        void closed();
    }

    Connection(BrokerParts broker, ClientLink link, Steps steps) {
        this.broker = broker;
        this.link = link;
        this.steps = steps;
        this.loop = broker.loops().of(link.loop());
        this.who = Who.at(link.remoteAddress(), link.listener());
        this.reading = new Reading(link, loop, broker.loops());
        this.liveness =
                new Liveness(
                        link,
                        reading,
                        loop,
                        broker.loops().ticker(),
                        broker.limits().packets().timeoutMillis(),
                        this);
    }

    // ---- what the handlers work with

    ClientLink link() {
        return link;
    }

    Loop loop() {
        return loop;
    }

    /** Whether the client is read from. */
    Reading reading() {
        return reading;
    }

    /** Whether the client still is there. */
    Liveness liveness() {
        return liveness;
    }

    boolean isMqtt5() {
        return mqtt5;
    }

    ProtocolVersion version() {
        return version;
    }

    /** Its client, as far as it is known. */
    Who who() {
        return who;
    }

    /** Whom its work is done for; strangers are one together. */
    String identity() {
        Session own = session;
        return own == null ? "" : own.principal().id();
    }

    /** Whether CONNECT has not come. */
    boolean isNew() {
        return state == State.NEW;
    }

    boolean isConnected() {
        return state == State.CONNECTED;
    }

    boolean isClosed() {
        return state == State.CLOSED;
    }

    /** Whether it has a session, and so counts until it is closed. */
    boolean hasSession() {
        return session != null;
    }

    Session session() {
        Session own = session;
        if (own == null) {
            throw new IllegalStateException("not connected");
        }
        return own;
    }

    Sender sender() {
        Sender out = sender;
        if (out == null) {
            throw new IllegalStateException("not connected");
        }
        return out;
    }

    /** Whom messages of this connection come from. */
    Publisher publisher() {
        Publisher from = publisher;
        if (from == null) {
            throw new IllegalStateException("not connected");
        }
        return from;
    }

    void send(Packet packet) {
        loop.counters().packetsOut++;
        link.send(packet);
    }

    // ---- what comes

    /** Bytes came. */
    void received(int bytes) {
        bytesIn += bytes;
        loop.counters().bytesIn += bytes;
    }

    /** Bytes went. */
    void sent(int bytes) {
        bytesOut += bytes;
        loop.counters().bytesOut += bytes;
    }

    /** A packet came, of whatever kind. */
    void packetCame() {
        loop.counters().packetsIn++;
        liveness.packet();
    }

    /** It was a PUBLISH. */
    void publishCame() {
        messagesIn++;
    }

    /** It was CONNECT. */
    void connecting(Connect connect) {
        connecting(connect.version());
        cleanStart = connect.cleanStart();
        who = who.named(connect.clientId(), null);
    }

    /** It was to be CONNECT, and says at least how it wants to be answered. */
    void connecting(ProtocolVersion named) {
        state = State.CONNECTING;
        version = named;
        mqtt5 = named.isMqtt5();
    }

    // ---- connected

    /**
     * CONNECT is about to be answered with success.
     *
     * @param present whether the session was there before
     */
    void connected(Session newSession, boolean present, Sender out, Publisher from, int keepAlive) {
        state = State.CONNECTED;
        session = newSession;
        made = !present;
        sender = out;
        publisher = from;
        who = who.named(newSession.clientId(), null).authenticated(newSession.principal());
        keepAliveSeconds = keepAlive;
        connectedAt = broker.loops().clock().millis();
        liveness.begin(keepAlive);
    }

    /** CONNACK is sent. */
    void welcomed() {
        welcomed = true;
        steps.welcomed();
    }

    @Override
    public void silent() {
        end(ReasonCode.KEEP_ALIVE_TIMEOUT, null, ClientEvent.Cause.KEEP_ALIVE_TIMEOUT);
    }

    @Override
    public void stuck() {
        fail(Rejection.Cause.PACKET_TIMEOUT, "a packet took too long to arrive");
    }

    // ---- as a publisher

    /**
     * Reads no more until the congestion ends.
     *
     * @param inLine see {@link Reading#hold}
     */
    void hold(Congestion congestion, boolean inLine) {
        if (state == State.CONNECTED) {
            reading.hold(congestion, inLine);
        }
    }

    /** Reads nothing from the client for a while. */
    void pause(long millis) {
        if (state == State.CONNECTED) {
            reading.pause(millis);
        }
    }

    // ---- the end

    /** The client broke the protocol or a limit [MQTT5-4.13.1-1]: told why, recorded, closed. */
    void fail(Rejection.Cause cause, String detail) {
        if (state == State.CLOSED) {
            return;
        }
        rejected(cause, detail);
        end(cause.reason(), detail, Farewell.endOf(cause));
    }

    /** Records what the client did wrong. */
    void rejected(Rejection.Cause cause, String detail) {
        broker.rejections().add(Rejection.Kind.PROTOCOL, cause, who, Rejection.What.of(detail));
    }

    @Override
    public void end(ReasonCode reason, @Nullable String text, ClientEvent.Cause cause) {
        end(reason, text, cause, null);
    }

    @Override
    public void end(ReasonCode reason, String text, Actor actor) {
        end(reason, text, ClientEvent.Cause.ADMINISTRATOR, actor);
    }

    private void end(
            ReasonCode reason,
            @Nullable String text,
            ClientEvent.Cause cause,
            @Nullable Actor actor) {
        if (state == State.CLOSED) {
            return;
        }
        if (mqtt5 && welcomed) {
            // [MQTT5-4.13.1-1] [MQTT5-3.14.0-1]
            send(Farewell.disconnect(reason, text, elsewhere(reason)));
        } else if (state == State.NEW && reason == ReasonCode.UNSUPPORTED_PROTOCOL_VERSION) {
            send(Farewell.refusal(reason)); // [MQTT5-3.1.2-2]
        } else if (mqtt5 && state != State.NEW) {
            broker.connectCounts().refuse();
            send(Farewell.instead(reason, text));
        } else if (state == State.CONNECTING && reason == ReasonCode.CLIENT_IDENTIFIER_NOT_VALID) {
            broker.connectCounts().refuse();
            send(Farewell.refusal(reason)); // [MQTT311-3.1.3-8]
        }
        close(cause, reason, text, actor);
    }

    /** Another server for those whose server stops, if there is one. */
    private @Nullable String elsewhere(ReasonCode reason) {
        Redirect redirect = broker.features().redirect();
        return reason == ReasonCode.SERVER_SHUTTING_DOWN
                        && redirect.isKnown()
                        && broker.endsForGood().getAsBoolean()
                ? redirect.reference()
                : null;
    }

    /** CONNECT was refused: told why and closed [MQTT5-3.1.4-2] [MQTT5-3.2.2-7]. */
    void refuse(ReasonCode reason, @Nullable String text) {
        if (state != State.CLOSED) {
            broker.connectCounts().refuse();
            send(
                    mqtt5
                            ? Farewell.refusal(reason, text, broker.features().redirect())
                            : Farewell.refusal(reason));
            close(ClientEvent.Cause.PROTOCOL_ERROR, reason);
        }
    }

    /** The end, without another word. */
    void close(ClientEvent.Cause cause, ReasonCode reason) {
        close(cause, reason, null, null);
    }

    private void close(
            ClientEvent.Cause cause,
            ReasonCode reason,
            @Nullable String text,
            @Nullable Actor actor) {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        liveness.end();
        reading.end();
        steps.closed();
        link.close();
        Session own = session;
        if (own == null) {
            return;
        }
        ClientView last = view();
        try {
            if (made && !welcomed) {
                disown(own);
            }
            own.detach(this);
            broker.wills().connectionEnded(own);
            broker.sessions().disconnected(own);
        } catch (RuntimeException | LinkageError failure) {
            loop.failed("end of connection", failure);
        } finally {
            broker.claims().leave(own.principal().id());
            broker.events()
                    .tell(
                            new ClientEvent.Disconnected(
                                    Instant.ofEpochMilli(broker.loops().clock().millis()),
                                    last,
                                    cause,
                                    reason,
                                    text,
                                    actor));
        }
    }

    /**
     * A client was not told that it is accepted: it leaves no will, and no session that was made
     * for it. Else it would be told later that there is a session, and take that for an older one
     * which has expired, with Packet Identifiers that this one knows nothing of.
     */
    private static void disown(Session own) {
        own.will(null, 0);
        own.expirySeconds(0);
    }

    @Override
    public long pendingBytes() {
        return link.pendingBytes();
    }

    @Override
    public long stalledNanos() {
        return link.stalledNanos();
    }

    @Override
    public void cut() {
        fail(
                Rejection.Cause.MEMORY_FULL,
                link.pendingBytes()
                        + " bytes were not taken by the client, and memory is short; of all"
                        + " credentials, its own held most");
        link.abort();
    }

    @Override
    public void identified(Principal principal) {
        who = who.authenticated(principal);
    }

    @Override
    public String address() {
        return who.address();
    }

    @Override
    public ClientView view() {
        Session own = session;
        Sender out = sender;
        Principal principal =
                own == null
                        ? new Principal("", "", "", "", java.util.List.of(), 0)
                        : own.principal();
        return new ClientView(
                who.clientId(),
                principal,
                who.address(),
                who.listener(),
                link.transport(),
                version,
                keepAliveSeconds,
                cleanStart,
                own == null ? 0 : own.expirySeconds(),
                own == null ? 0 : own.subscriptionCount(),
                messagesIn,
                out == null ? 0 : out.messages(),
                bytesIn,
                bytesOut,
                own == null ? 0 : Math.max(0, own.owedCount() - own.inflight()),
                own == null ? 0 : own.inflight(),
                Instant.ofEpochMilli(connectedAt),
                Instant.ofEpochMilli(lastActiveMillis()));
    }

    private long lastActiveMillis() {
        long idleMillis = liveness.idleNanos() / 1_000_000;
        return Math.max(connectedAt, broker.loops().clock().millis() - idleMillis);
    }
}
