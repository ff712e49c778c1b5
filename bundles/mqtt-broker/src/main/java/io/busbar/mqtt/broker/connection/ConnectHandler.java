package io.busbar.mqtt.broker.connection;

import io.busbar.api.auth.Principal;
import io.busbar.api.auth.spi.AuthResult;
import io.busbar.api.auth.spi.AuthResult.Cause;
import io.busbar.api.auth.spi.ConnectRequest;
import io.busbar.api.broker.Rejection;
import io.busbar.api.broker.Who;
import io.busbar.api.broker.spi.ClientEvent;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.storage.StorageException;
import io.busbar.mqtt.broker.delivery.NotStored;
import io.busbar.mqtt.broker.feature.Features;
import io.busbar.mqtt.broker.feature.Redirect;
import io.busbar.mqtt.broker.gate.Gate;
import io.busbar.mqtt.broker.gate.Rights;
import io.busbar.mqtt.broker.intake.PayloadFormatIndicator;
import io.busbar.mqtt.broker.limit.BrokerLimits;
import io.busbar.mqtt.broker.loop.Loop;
import io.busbar.mqtt.broker.session.Claimant;
import io.busbar.mqtt.broker.session.RightsChange;
import io.busbar.mqtt.broker.session.Sender;
import io.busbar.mqtt.broker.session.Session;
import io.busbar.mqtt.codec.Auth;
import io.busbar.mqtt.codec.ConnAck;
import io.busbar.mqtt.codec.ConnAckProperties;
import io.busbar.mqtt.codec.Connect;
import io.busbar.mqtt.codec.ConnectProperties;
import io.busbar.mqtt.codec.Packet;
import io.busbar.mqtt.codec.Will;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * CONNECT: checks it, asks the gate who it is, claims the session and answers, MQTT 5.0 sections
 * 3.1 and 3.2. Lives until CONNACK is sent: what has to be known of CONNECT for longer goes to the
 * connection and to the session.
 */
final class ConnectHandler implements Claimant, AuthExchange.Connecting {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";

    /** Not whose it is: that is nothing for the client. */
    private static final String RESERVED =
            "this Client Identifier is reserved for other credentials";

    private final BrokerParts broker;
    private final Connection connection;
    private final Connect connect;
    private final long revocations;
    private Who who;
    private boolean assigned;
    private @Nullable Principal principal;
    private @Nullable Rights rights;

    /** What {@link Gate#changes} was before the rights were asked for. */
    private long changes;

    /** If the client uses enhanced authentication. */
    private @Nullable AuthExchange exchange;

    /** Whether packets that come early wait. */
    private boolean holding;

    private boolean done;

    ConnectHandler(BrokerParts broker, Connection connection, Connect connect) {
        this.broker = broker;
        this.connection = connection;
        this.connect = connect;
        this.revocations = broker.claims().revocations();
        this.who = connection.who().named(connect.clientId(), connect.username());
    }

    /** Begins; what becomes of it, the connection is told. */
    void begin() {
        Redirect redirect = broker.features().redirect();
        if (redirect.isForAll()) {
            elsewhere(redirect);
        } else if (!broker.connectRate().allows()) {
            noRoom(Rejection.Cause.CONNECT_RATE, "more connections per second than allowed");
        } else if (hasClientId() && hasUsableWill(connect.will())) {
            authenticate();
        }
        holdBack();
    }

    /** Nothing is processed before CONNACK but AUTH: what came early waits [MQTT5-3.1.4-6]. */
    private void holdBack() {
        if (!done && !holding && !connection.isClosed() && !isAuthDue()) {
            holding = true;
            connection.reading().stop();
        }
    }

    private void goOn() {
        if (holding) {
            holding = false;
            connection.reading().goOn();
        }
    }

    /** Whether AUTH has to come next. */
    private boolean isAuthDue() {
        AuthExchange known = exchange;
        return known != null && known.isClientDue();
    }

    /** Only AUTH and DISCONNECT may come until CONNACK is sent [MQTT5-3.1.2-30]. */
    void packet(Packet packet) {
        AuthExchange known = exchange;
        if (known == null || !known.isClientDue()) {
            return; // cannot be: the link holds it back
        }
        switch (packet.type()) {
            case AUTH -> {
                known.received((Auth) packet);
                holdBack();
            }
            case DISCONNECT -> connection.close(ClientEvent.Cause.CLIENT, ReasonCode.SUCCESS);
            default ->
                    connection.fail(
                            Rejection.Cause.PROTOCOL_ERROR,
                            packet.type() + " before authentication is complete");
        }
    }

    /** The exchange of enhanced authentication, or null. */
    @Nullable AuthExchange exchange() {
        return exchange;
    }

    @Override
    public void clientDue() {
        goOn();
    }

    /** Whether there is a Client Identifier that can be used; if not, the client is refused. */
    private boolean hasClientId() {
        int longest = broker.limits().connects().maxClientIdLength();
        if (who.clientId().length() > longest) {
            refuse(
                    Rejection.Cause.CLIENT_ID_NOT_VALID,
                    "Client Identifier longer than " + longest + " characters");
            return false;
        }
        if (!who.clientId().isEmpty()) {
            return true;
        }
        ProtocolVersion version = connect.version();
        if (!version.isMqtt5() && !connect.cleanStart() || version == ProtocolVersion.MQTT_3_1) {
            // [MQTT311-3.1.3-8]; 3.1 demands at least one character.
            refuse(Rejection.Cause.CLIENT_ID_NOT_VALID, "no Client Identifier");
            return false;
        }
        who = who.named(randomId(), who.username()); // [MQTT5-3.1.3-6]
        assigned = true;
        return true;
    }

    /** Whether there is no will, or one that can be used; if not, the client is refused. */
    private boolean hasUsableWill(@Nullable Will will) {
        if (will == null) {
            return true;
        }
        Features features = broker.features();
        if (broker.limits().topics().tooDeep(will.topic())) {
            refuse(Rejection.Cause.TOPIC_TOO_DEEP, "Will Topic has too many levels");
        } else if (will.qos().compareTo(features.maximumQos()) > 0) {
            // [MQTT5-3.2.2-12]
            refuse(Rejection.Cause.QOS_NOT_SUPPORTED, "Will QoS is more than Maximum QoS");
        } else if (will.retain() && !features.retainAvailable()) {
            // [MQTT5-3.2.2-13]
            refuse(Rejection.Cause.RETAIN_NOT_SUPPORTED, "messages are not retained");
        } else if (features.checkPayloadFormat()
                && !PayloadFormatIndicator.holds(will.properties(), will.payload())) {
            refuse(Rejection.Cause.PAYLOAD_FORMAT, "the will is no UTF-8");
        } else {
            return true;
        }
        return false;
    }

    private void elsewhere(Redirect redirect) {
        refuse(
                redirect.when() == Redirect.When.PERMANENT
                        ? Rejection.Cause.SERVER_MOVED
                        : Rejection.Cause.USE_ANOTHER_SERVER,
                "use " + redirect.reference());
    }

    /** There is no room for it: sent elsewhere, if there is another server, or refused. */
    private void noRoom(Rejection.Cause cause, String detail) {
        Redirect redirect = broker.features().redirect();
        if (redirect.isKnown()) {
            elsewhere(redirect);
        } else {
            refuse(cause, detail);
        }
    }

    private static String randomId() {
        StringBuilder id = new StringBuilder("auto-");
        for (int i = 0; i < 18; i++) {
            id.append(ALPHABET.charAt(RANDOM.nextInt(32)));
        }
        return id.toString();
    }

    private void authenticate() {
        String method = connect.properties().authenticationMethod();
        if (method == null) {
            broker.gate()
                    .authenticate(
                            request(connect.password()),
                            connection.loop()::execute,
                            this::answered);
            return;
        }
        AuthExchange begun = new AuthExchange(broker, connection, this, request(null), method);
        exchange = begun;
        begun.begin(connect.properties().authenticationData(), null);
    }

    @Override
    public void methodNotKnown() {
        refuse(
                Rejection.Cause.AUTHENTICATION_METHOD, // [MQTT5-4.12.0-1]
                "authentication method is not known");
    }

    /** What providers are told. */
    private ConnectRequest request(byte @Nullable [] password) {
        return new ConnectRequest(
                who.clientId(),
                assigned,
                connect.username(),
                password,
                connection.link().remoteAddress().getAddress(),
                connection.link().listener(),
                connect.version(),
                connection.link().certificateSubject());
    }

    @Override
    public void answered(AuthResult result, String detail) {
        if (connection.isClosed()) {
            return;
        }
        if (result instanceof AuthResult.Granted granted) {
            identified(granted.principal());
        } else if (result instanceof AuthResult.Refused refused) {
            refused(refused, detail);
        } else {
            refused(new AuthResult.Refused(Cause.UNKNOWN_USER, null, null), detail);
        }
    }

    /** It is known who it is: then what it may do, before it has a session. */
    private void identified(Principal identity) {
        principal = identity;
        who = who.identified(identity.id());
        changes = broker.gate().changes();
        broker.gate()
                .rights(
                        identity,
                        who.clientId(),
                        connection.loop()::execute,
                        (known, why) -> {
                            if (connection.isClosed()) {
                                return;
                            }
                            if (known == null) {
                                refuse(Rejection.Cause.UNAVAILABLE, why, null);
                                return;
                            }
                            rights = known;
                            claim(identity);
                        });
    }

    private void claim(Principal identity) {
        StorageException trouble = expirySeconds() > 0 ? connection.loop().storeTrouble() : null;
        // Whoever comes back for what waits makes room; the store says whether that can be.
        if (trouble != null && (connect.cleanStart() || !broker.claims().exists(who.clientId()))) {
            NotStored told = NotStored.of(trouble);
            refuse(told.cause(), told.why());
            return;
        }
        switch (broker.gate().entitlement(identity, who.clientId())) {
            case ALLOWED -> broker.claims().claim(this);
            case RESERVED -> refuse(Rejection.Cause.CLIENT_ID_NOT_ALLOWED, RESERVED);
            case UNKNOWN ->
                    refuse(
                            Rejection.Cause.UNAVAILABLE,
                            "whose Client Identifier it is could not be found out");
        }
    }

    private void refused(AuthResult.Refused refused, String detail) {
        Rejection.Cause cause = Gate.causeOf(refused.cause());
        // A hint only for whoever had the right password.
        String hint =
                cause == Rejection.Cause.CLIENT_ID_NOT_ALLOWED
                        ? refused.expected() == null
                                ? "this Client Identifier is not allowed for these credentials"
                                : "Client Identifier not allowed, expected " + refused.expected()
                        : null;
        broker.rejections()
                .add(
                        Rejection.Kind.CONNECT,
                        cause,
                        who.identified(refused.principalId()),
                        new Rejection.What(null, refused.expected(), detail));
        connection.refuse(cause.reason(), hint);
    }

    private void refuse(Rejection.Cause cause, String detail) {
        refuse(cause, detail, detail);
    }

    /** People are told more than the client: which provider it is. */
    private void refuse(Rejection.Cause cause, String detail, @Nullable String told) {
        broker.rejections().add(Rejection.Kind.CONNECT, cause, who, Rejection.What.of(detail));
        connection.refuse(cause.reason(), told);
    }

    // ---- the claim

    @Override
    public Loop loop() {
        return connection.loop();
    }

    @Override
    public String clientId() {
        return who.clientId();
    }

    @Override
    public Principal principal() {
        return Objects.requireNonNull(principal);
    }

    @Override
    public String address() {
        return who.address();
    }

    @Override
    public boolean isGone() {
        return connection.isClosed();
    }

    @Override
    public boolean outranks(Principal holder) {
        return broker.gate().outranks(principal(), holder, who.clientId());
    }

    @Override
    public boolean cleanStart() {
        return connect.cleanStart();
    }

    @Override
    public long expirySeconds() {
        long max = broker.limits().sessions().maxExpirySeconds();
        if (connect.version().isMqtt5()) {
            return Math.min(connect.properties().sessionExpiryIntervalSeconds(), max);
        }
        // Clean Session 0: the session stays [MQTT311-3.1.2-4]; 1: it ends with the connection
        // [MQTT311-3.1.2-6].
        return connect.cleanStart() ? 0 : max;
    }

    @Override
    public void refused(Refusal why) {
        switch (why) {
            case HELD_BY_ANOTHER ->
                    refuse(
                            Rejection.Cause.CLIENT_ID_IN_USE,
                            "the Client Identifier belongs to a session of another user");
            case TOO_MANY_CONNECTIONS ->
                    refuse(
                            Rejection.Cause.TOO_MANY_CONNECTIONS,
                            "these credentials have as many connections as they may");
            case TOO_MANY_CLAIMS ->
                    refuse(
                            Rejection.Cause.CLIENT_ID_BUSY,
                            "too many connections want this Client Identifier at once");
            case NOT_READ -> notRead();
            case FAILED -> refuse(Rejection.Cause.SERVER_FAILED, "the server failed");
            case TOO_MANY_SESSIONS ->
                    noRoom(Rejection.Cause.TOO_MANY_SESSIONS, "too many sessions");
            case NO_MEMORY ->
                    noRoom(
                            Rejection.Cause.MEMORY_FULL,
                            "the server has no memory for another session of these credentials");
        }
    }

    private void notRead() {
        StorageException trouble = connection.loop().storeTrouble();
        if (trouble == null) {
            refuse(Rejection.Cause.SERVER_FAILED, "the session cannot be read from the store");
        } else {
            NotStored told = NotStored.of(trouble);
            refuse(told.cause(), told.why());
        }
    }

    @Override
    public void granted(Session session, boolean present) {
        try {
            if (broker.claims().revocations() == revocations) {
                connected(session, present);
            } else {
                // It may be one of those who were let in and should not be: it has to ask again.
                broker.claims().leave(principal().id());
                broker.sessions().disconnected(session);
                refuse(Rejection.Cause.ACCESS_CHANGED, "access has changed meanwhile; try again");
            }
        } catch (RuntimeException | LinkageError failure) {
            connection.loop().failed("session", failure);
            if (!connection.hasSession()) {
                broker.claims().leave(principal().id());
                broker.sessions().disconnected(session);
            }
            connection.fail(Rejection.Cause.SERVER_FAILED, "the server failed");
        }
    }

    private void connected(Session session, boolean present) {
        Principal identity = principal();
        BrokerLimits limits = broker.limits();
        ConnectProperties wishes = connect.properties();
        session.rights(identity, Objects.requireNonNull(rights));
        Publisher publisher = publisherOf(identity);
        setWill(session);
        Sender sender =
                new Sender(
                        connection.link(),
                        broker.loops().clock(),
                        connection.loop().counters(),
                        connect.version().isMqtt5(),
                        wishes.maximumPacketSizeBytes(),
                        Math.min(wishes.receiveMaximum(), limits.deliveries().maxInflight()),
                        Math.min(wishes.topicAliasMaximum(), limits.topics().aliasMaximum()));
        int keepAlive = keepAliveSeconds();
        connection.connected(session, present, sender, publisher, keepAlive);
        session.attach(connection, expirySeconds());
        if (broker.gate().changes() != changes) {
            // It asked too early, and whoever told of the change did not find this session.
            RightsChange.of(session, identity, broker.gate());
        }
        // Session Present only if there was one [MQTT5-3.2.2-2] [MQTT5-3.2.2-3].
        ConnAck answer = new ConnAck(present, ReasonCode.SUCCESS, answerOf(keepAlive));
        broker.connectCounts().accept();
        if (session.isDurable()) {
            connection.loop().await(failure -> stored(answer, session, present, failure));
        } else {
            welcome(answer, session, present);
        }
    }

    private void stored(
            ConnAck answer, Session session, boolean present, @Nullable Throwable failure) {
        if (failure != null) {
            NotStored told = NotStored.of(failure);
            refuse(told.cause(), told.why());
        } else {
            welcome(answer, session, present);
        }
    }

    private void welcome(ConnAck answer, Session session, boolean present) {
        if (connection.isClosed()) {
            return;
        }
        connection.send(answer);
        done = true;
        connection.welcomed();
        goOn();
        session.outbound().open(connection.sender());
        if (broker.events().isHeard()) {
            broker.events()
                    .tell(
                            new ClientEvent.Connected(
                                    Instant.ofEpochMilli(broker.loops().clock().millis()),
                                    connection.view(),
                                    present));
        }
    }

    @Override
    public @Nullable Message will() {
        Will will = connect.will();
        Principal identity = principal();
        return will == null
                ? null
                : new Message(
                        will.topic(),
                        will.payload(),
                        will.qos(),
                        will.retain(),
                        will.properties(),
                        publisherOf(identity),
                        broker.loops().clock().millis());
    }

    private Publisher publisherOf(Principal identity) {
        return new Publisher(identity.id(), identity.description(), who.clientId(), who.address());
    }

    private void setWill(Session session) {
        Will will = connect.will();
        session.will(will(), will == null ? 0 : will.delaySeconds());
    }

    /**
     * The keep alive that holds: the server's own only where the client can be told
     * [MQTT5-3.2.2-21]. MQTT 3 has no Server Keep Alive, so its clients may be silent for one and a
     * half times what they asked for [MQTT311-3.1.2-24]; 0 switches the mechanism off, section
     * 3.1.2.10.
     */
    private int keepAliveSeconds() {
        int max = broker.limits().connects().maxKeepAliveSeconds();
        int wished = connect.keepAliveSeconds();
        return connect.version().isMqtt5() && max > 0 && (wished == 0 || wished > max)
                ? max
                : wished;
    }

    private ConnAckProperties answerOf(int keepAlive) {
        if (!connect.version().isMqtt5()) {
            return ConnAckProperties.NONE;
        }
        BrokerLimits limits = broker.limits();
        Features features = broker.features();
        ConnAckProperties.Builder answer =
                ConnAckProperties.builder()
                        .receiveMaximum(limits.publishes().receiveMaximum())
                        .maximumPacketSizeBytes(limits.packets().maxSizeBytes())
                        .topicAliasMaximum(limits.topics().aliasMaximum())
                        .maximumQos(features.maximumQos()) // [MQTT5-3.2.2-9]
                        .retainAvailable(features.retainAvailable())
                        .wildcardSubscriptionAvailable(features.wildcardSubscriptionAvailable())
                        .subscriptionIdentifiersAvailable(
                                features.subscriptionIdentifiersAvailable())
                        .sharedSubscriptionAvailable(features.sharedSubscriptionAvailable());
        if (assigned) {
            answer.assignedClientId(who.clientId()); // [MQTT5-3.2.2-16]
        }
        if (keepAlive != connect.keepAliveSeconds()) {
            answer.serverKeepAliveSeconds(keepAlive); // [MQTT5-3.2.2-21]
        }
        String information = features.responseInformation();
        if (connect.properties().requestResponseInformation() && !information.isEmpty()) {
            // Only if asked [MQTT5-3.1.2-28]; section 3.2.2.3.15. The beginning of a topic has no
            // wildcards, whatever the client calls itself.
            answer.responseInformation(
                    information.replace("%c", who.clientId().replace('+', '_').replace('#', '_')));
        }
        if (exchange != null) {
            exchange.complete(answer); // [MQTT5-4.12.0-5]
        }
        if (expirySeconds() != connect.properties().sessionExpiryIntervalSeconds()) {
            answer.sessionExpiryIntervalSeconds(expirySeconds());
        }
        return answer.build();
    }
}
