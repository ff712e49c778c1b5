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
import io.busbar.mqtt.broker.delivery.Routed;
import io.busbar.mqtt.broker.delivery.Source;
import io.busbar.mqtt.broker.delivery.Subscriber;
import io.busbar.mqtt.broker.feature.Redirect;
import io.busbar.mqtt.broker.link.ClientConnection;
import io.busbar.mqtt.broker.link.ClientLink;
import io.busbar.mqtt.broker.loop.Congestion;
import io.busbar.mqtt.broker.loop.Loop;
import io.busbar.mqtt.broker.session.Attached;
import io.busbar.mqtt.broker.session.Sender;
import io.busbar.mqtt.broker.session.Session;
import io.busbar.mqtt.broker.will.Wills;
import io.busbar.mqtt.codec.Auth;
import io.busbar.mqtt.codec.Connect;
import io.busbar.mqtt.codec.Disconnect;
import io.busbar.mqtt.codec.Packet;
import io.busbar.mqtt.codec.PingResp;
import io.busbar.mqtt.codec.PubAck;
import io.busbar.mqtt.codec.PubComp;
import io.busbar.mqtt.codec.PubRec;
import io.busbar.mqtt.codec.PubRel;
import io.busbar.mqtt.codec.Publish;
import io.busbar.mqtt.codec.Subscribe;
import io.busbar.mqtt.codec.Unsubscribe;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One Network Connection from CONNECT to its end: hands packets to the handler of their family and
 * knows how it ends. Confined to the loop of its link, but for {@link #view}.
 */
final class Connection implements ClientConnection, Attached, Source, Liveness.Late {
    private final BrokerParts broker;
    private final ClientLink link;
    private final Loop loop;
    private final PublishHandler publishing;
    private final SubscribeHandler subscribing;
    private final Reading reading;
    private final Liveness liveness;

    private volatile State state = State.NEW;
    private ProtocolVersion version = ProtocolVersion.MQTT_3_1_1;
    private boolean mqtt5;
    private int keepAliveSeconds;
    private boolean cleanStart;
    private Who who;

    /** From CONNECT to CONNACK. */
    private @Nullable ConnectHandler connecting;

    /** After CONNACK, with a client that uses enhanced authentication. */
    private @Nullable AuthExchange exchange;

    private volatile @Nullable Session session;
    private @Nullable Sender sender;
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

    Connection(BrokerParts broker, ClientLink link) {
        this.broker = broker;
        this.link = link;
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
        this.publishing = new PublishHandler(broker, this);
        this.subscribing = new SubscribeHandler(broker, this);
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

    void send(Packet packet) {
        loop.counters().packetsOut++;
        link.send(packet);
    }

    // ---- packets

    @Override
    public void onReceived(int bytes) {
        bytesIn += bytes;
        loop.counters().bytesIn += bytes;
    }

    @Override
    public void onSent(int bytes) {
        bytesOut += bytes;
        loop.counters().bytesOut += bytes;
    }

    @Override
    public void onPacket(Packet packet) {
        loop.counters().packetsIn++;
        liveness.packet();
        try {
            if (state == State.CONNECTED) {
                handle(packet);
            } else if (state == State.NEW && packet instanceof Connect connect) {
                state = State.CONNECTING;
                begin(connect);
            } else if (state == State.NEW) {
                // [MQTT5-3.1.0-1]: nothing is said to whoever does not begin with CONNECT.
                fail(Rejection.Cause.PROTOCOL_ERROR, "first packet is not CONNECT");
            } else if (state == State.CONNECTING && connecting != null) {
                connecting.packet(packet);
            }
            // After the end they are of no interest.
        } catch (RuntimeException | LinkageError failure) {
            loop.failed("packet " + packet.type(), failure);
            fail(Rejection.Cause.SERVER_FAILED, "the server failed");
        }
    }

    private void begin(Connect connect) {
        version = connect.version();
        mqtt5 = version.isMqtt5();
        cleanStart = connect.cleanStart();
        who = who.named(connect.clientId(), null);
        ConnectHandler handler = new ConnectHandler(broker, this, connect);
        connecting = handler;
        handler.begin();
    }

    private void handle(Packet packet) {
        switch (packet.type()) {
            case PUBLISH -> {
                messagesIn++;
                publishing.publish((Publish) packet);
            }
            case PUBACK ->
                    acknowledged(
                            packet,
                            session().outbound().acknowledged(((PubAck) packet).packetId()));
            case PUBREC -> {
                PubRec received = (PubRec) packet;
                acknowledged(
                        packet,
                        session()
                                .outbound()
                                .received(received.packetId(), received.reasonCode(), sender()));
            }
            case PUBREL -> publishing.release((PubRel) packet);
            case PUBCOMP ->
                    acknowledged(
                            packet, session().outbound().completed(((PubComp) packet).packetId()));
            case SUBSCRIBE -> subscribing.subscribe((Subscribe) packet);
            case UNSUBSCRIBE -> subscribing.unsubscribe((Unsubscribe) packet);
            case PINGREQ -> send(PingResp.INSTANCE); // [MQTT5-3.12.4-1]
            case DISCONNECT -> disconnected((Disconnect) packet);
            case AUTH -> authenticateAgain((Auth) packet);
            // CONNECT a second time [MQTT5-3.1.0-2], or what only servers send.
            default -> fail(Rejection.Cause.PROTOCOL_ERROR, packet.type() + " is out of place");
        }
    }

    /** An answer that does not fit what was sent is out of order, section 4.13.1. */
    private void acknowledged(Packet packet, boolean expected) {
        if (expected) {
            subscribing.goOn();
        } else {
            fail(
                    Rejection.Cause.PROTOCOL_ERROR,
                    packet.type() + " does not answer what was sent with its packet identifier");
        }
    }

    private void authenticateAgain(Auth packet) {
        AuthExchange known = exchange;
        if (known == null) {
            // [MQTT5-4.12.0-7]
            fail(Rejection.Cause.PROTOCOL_ERROR, "AUTH without an Authentication Method");
        } else {
            known.received(packet);
        }
    }

    private void disconnected(Disconnect packet) {
        Session own = session();
        long expiry = packet.sessionExpiryIntervalSeconds();
        if (expiry >= 0) {
            if (own.expirySeconds() == 0 && expiry != 0) {
                // It must not be set when it was zero [MQTT5-3.1.2-23], section 3.14.2.2.2.
                fail(Rejection.Cause.PROTOCOL_ERROR, "Session Expiry Interval was 0");
                return;
            }
            own.expirySeconds(Math.min(expiry, broker.limits().sessions().maxExpirySeconds()));
        }
        if (packet.reasonCode() == ReasonCode.SUCCESS) {
            Wills.cancel(own); // [MQTT5-3.14.4-3]
        }
        close(ClientEvent.Cause.CLIENT, packet.reasonCode());
    }

    // ---- connected

    /** CONNECT was answered with success. */
    void connected(Session newSession, Sender out, int keepAlive) {
        state = State.CONNECTED;
        session = newSession;
        sender = out;
        who = who.named(newSession.clientId(), null).authenticated(newSession.principal());
        keepAliveSeconds = keepAlive;
        connectedAt = broker.loops().clock().millis();
        liveness.begin(keepAlive);
    }

    /** Messages of this connection come from here. */
    void publishing(Publisher publisher) {
        publishing.publisher(publisher);
    }

    /**
     * CONNACK is sent.
     *
     * @param known of a client that may authenticate again, else null
     */
    void welcomed(@Nullable AuthExchange known) {
        welcomed = true;
        connecting = null;
        exchange = known;
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

    @Override
    public @Nullable Subscriber self() {
        return session;
    }

    @Override
    public void hold(Congestion congestion) {
        if (state == State.CONNECTED) {
            reading.hold(congestion);
        }
    }

    /** Reads nothing from the client for a while. */
    void pause(long millis) {
        if (state == State.CONNECTED) {
            reading.pause(millis);
        }
    }

    @Override
    public void acknowledge(Routed message) {
        publishing.acknowledge();
    }

    // ---- the link

    @Override
    public void onReadComplete() {
        // What was gathered is handed on when the loop's turn ends, for all connections at once.
        liveness.readComplete();
    }

    @Override
    public void onIncomplete() {
        liveness.incomplete();
    }

    @Override
    public void onWritable() {
        Session own = session;
        if (state == State.CONNECTED && own != null) {
            try {
                own.outbound().writable();
                subscribing.goOn();
            } catch (RuntimeException | LinkageError failure) {
                loop.failed("writable", failure);
            }
        }
    }

    @Override
    public void onMalformed(@Nullable ProtocolVersion named, ReasonCode reason, String detail) {
        if (state == State.NEW && named != null) {
            // CONNECT was wrong, but says how it wants to be answered [MQTT5-3.1.4-1].
            version = named;
            mqtt5 = named.isMqtt5();
            state = State.CONNECTING;
        }
        fail(Farewell.causeOf(reason), detail);
    }

    @Override
    public void onClosed(@Nullable Throwable cause) {
        close(ClientEvent.Cause.CONNECTION_LOST, ReasonCode.UNSPECIFIED_ERROR);
    }

    @Override
    public void disconnect(ReasonCode reason) {
        end(
                reason,
                null,
                reason == ReasonCode.SERVER_SHUTTING_DOWN
                        ? ClientEvent.Cause.SERVER_STOPPING
                        : ClientEvent.Cause.ADMINISTRATOR);
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
        broker.reject(Rejection.Kind.PROTOCOL, cause, who, Rejection.What.of(detail));
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
        endExchange();
        link.close();
        Session own = session;
        if (own == null) {
            return;
        }
        ClientView last = view();
        try {
            own.detach(this);
            broker.wills().connectionEnded(own);
            broker.sessions().disconnected(own);
        } catch (RuntimeException | LinkageError failure) {
            loop.failed("end of connection", failure);
        } finally {
            broker.sessions().leave(own.principal().id());
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

    private void endExchange() {
        ConnectHandler handler = connecting;
        connecting = null;
        AuthExchange known = handler == null ? exchange : handler.exchange();
        if (known != null) {
            known.close();
        }
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
                own == null
                        ? 0
                        : Math.max(0, own.outbound().owedCount() - own.outbound().inflight()),
                own == null ? 0 : own.outbound().inflight(),
                Instant.ofEpochMilli(connectedAt),
                Instant.ofEpochMilli(lastActiveMillis()));
    }

    private long lastActiveMillis() {
        long idleMillis = liveness.idleNanos() / 1_000_000;
        return Math.max(connectedAt, broker.loops().clock().millis() - idleMillis);
    }
}
