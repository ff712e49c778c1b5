package io.busbar.mqtt.broker.connection;

import io.busbar.api.auth.Principal;
import io.busbar.api.auth.spi.AuthResult;
import io.busbar.api.auth.spi.AuthResult.Cause;
import io.busbar.api.auth.spi.ConnectRequest;
import io.busbar.api.auth.spi.EnhancedAuthenticator;
import io.busbar.api.auth.spi.EnhancedAuthenticator.Step;
import io.busbar.api.broker.Rejection;
import io.busbar.api.broker.spi.ClientEvent;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.mqtt.broker.gate.Gate;
import io.busbar.mqtt.broker.link.EventLoop;
import io.busbar.mqtt.broker.session.Session;
import io.busbar.mqtt.codec.Auth;
import io.busbar.mqtt.codec.ConnAckProperties;
import io.busbar.mqtt.codec.ReasonDetails;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * AUTH: the exchange of enhanced authentication, at CONNECT and whenever the client authenticates
 * again, MQTT 5.0 sections 3.15 and 4.12. Confined to the loop of its connection.
 *
 * <p>Each side has the broker's authentication time-out for each of its turns.
 */
final class AuthExchange {
    private static final Logger LOG = LoggerFactory.getLogger(AuthExchange.class);

    private final BrokerParts broker;
    private final Connection connection;

    private final ConnectRequest request;

    /** The Authentication Method, agreed on at CONNECT. */
    private final String method;

    private EnhancedAuthenticator.@Nullable Exchange exchange;
    private byte @Nullable [] lastData;
    private boolean clientDue;

    private final Connecting connecting;

    /** Grows with each turn, so that what comes late is known as late. */
    private int turn;

    private EventLoop.@Nullable Timer timer;

    /** Is told what happens while the client connects. */
    interface Connecting {
        /** The client has to send AUTH. */
        void clientDue();

        /** It is known who the client is, or that it is nobody. */
        void answered(AuthResult result);
    }

    /** Makes that of a connection whose CONNECT names a method. */
    AuthExchange(
            BrokerParts broker,
            Connection connection,
            Connecting connecting,
            ConnectRequest request,
            String method) {
        this.broker = broker;
        this.connection = connection;
        this.connecting = connecting;
        this.request = request;
        this.method = method;
    }

    /** Whether the client has to send AUTH next. */
    boolean isClientDue() {
        return clientDue;
    }

    /**
     * Begins; while the client connects, the outcome goes to who is told of it.
     *
     * @param connected who the client is already, when it authenticates again
     * @return false if nobody knows the method
     */
    boolean begin(byte @Nullable [] data, @Nullable Principal connected) {
        EnhancedAuthenticator authenticator = broker.gate().enhanced(method);
        if (authenticator == null) {
            return false;
        }
        try {
            exchange = authenticator.begin(request, method, connected);
        } catch (RuntimeException | Error failure) {
            failed(failure);
            return true;
        }
        next(data);
        return true;
    }

    /** AUTH came. */
    void received(Auth packet) {
        if (!method.equals(packet.authenticationMethod())) {
            // [MQTT5-4.12.0-5] [MQTT5-4.12.1-1]; 0x8C is CONNACK's alone [MQTT5-3.14.2-1].
            connection.fail(
                    connection.isConnected()
                            ? Rejection.Cause.PROTOCOL_ERROR
                            : Rejection.Cause.AUTHENTICATION_METHOD,
                    "Authentication Method is not that of CONNECT");
        } else if (clientDue && packet.reasonCode() == ReasonCode.CONTINUE_AUTHENTICATION) {
            next(packet.authenticationData()); // [MQTT5-4.12.0-3]
        } else if (exchange == null
                && connection.isConnected()
                && packet.reasonCode() == ReasonCode.REAUTHENTICATE) {
            Principal before = connection.session().principal();
            if (!begin(packet.authenticationData(), before)) {
                finish(refusal(Cause.UNAVAILABLE), null);
            }
        } else {
            connection.fail(
                    Rejection.Cause.PROTOCOL_ERROR,
                    "AUTH with " + packet.reasonCode() + " is out of place");
        }
    }

    /** Adds to CONNACK what ended the exchange [MQTT5-4.12.0-5] [MQTT5-4.12.0-6]. */
    void complete(ConnAckProperties.Builder answer) {
        answer.authentication(method, lastData);
        lastData = null;
    }

    /** The connection is over. */
    void close() {
        turn++;
        clientDue = false;
        stopTimer();
        EnhancedAuthenticator.Exchange over = exchange;
        exchange = null;
        if (over != null) {
            try {
                over.close();
            } catch (RuntimeException | Error failure) {
                LOG.warn("Enhanced authenticator failed: {}", failure.toString());
            }
        }
    }

    // ---- the provider's turn

    private void next(byte @Nullable [] data) {
        EnhancedAuthenticator.Exchange current = exchange;
        if (current == null) {
            throw new IllegalStateException("no exchange");
        }
        clientDue = false;
        int mine = ++turn;
        CompletableFuture<Step> stage;
        try {
            stage = current.next(data).toCompletableFuture();
            if (stage.isDone()) {
                stepped(stage.join());
                return;
            }
        } catch (RuntimeException | Error failure) {
            failed(failure);
            return;
        }
        startTimer(mine);
        stage.whenComplete(
                (step, failure) -> connection.loop().execute(() -> answered(mine, step, failure)));
    }

    private void answered(int its, @Nullable Step step, @Nullable Throwable failure) {
        if (its != turn) {
            return;
        }
        if (failure != null) {
            failed(failure);
        } else {
            stepped(step);
        }
    }

    private void stepped(@Nullable Step step) {
        if (step instanceof Step.Continue more) {
            connection.send(
                    new Auth(
                            ReasonCode.CONTINUE_AUTHENTICATION, // [MQTT5-4.12.0-2]
                            method,
                            more.data(),
                            ReasonDetails.NONE));
            clientDue = true;
            startTimer(++turn);
            if (!connection.isConnected()) {
                connecting.clientDue();
            }
        } else if (step instanceof Step.Done done) {
            finish(done.result(), done.data());
        } else {
            finish(refusal(Cause.UNAVAILABLE), null);
        }
    }

    private void failed(Throwable failure) {
        LOG.warn("Enhanced authenticator failed, client refused: {}", failure.toString());
        finish(refusal(Cause.UNAVAILABLE), null);
    }

    private static AuthResult refusal(Cause cause) {
        return new AuthResult.Refused(cause, null, null);
    }

    // ---- time

    private void startTimer(int its) {
        stopTimer();
        timer =
                broker.loops()
                        .schedule(
                                () -> connection.loop().execute(() -> timedOut(its)),
                                broker.limits().connects().authenticationTimeoutMillis());
    }

    private void stopTimer() {
        EventLoop.Timer running = timer;
        timer = null;
        if (running != null) {
            running.cancel();
        }
    }

    private void timedOut(int its) {
        if (its == turn) {
            finish(refusal(clientDue ? Cause.NO_CREDENTIALS : Cause.UNAVAILABLE), null);
        }
    }

    // ---- the outcome

    private void finish(AuthResult result, byte @Nullable [] data) {
        close();
        if (!connection.isConnected()) {
            lastData = data;
            connecting.answered(result);
        } else if (result instanceof AuthResult.Granted granted
                && granted.principal().id().equals(connection.session().principal().id())) {
            Session session = connection.session();
            Principal who = granted.principal();
            session.rights(who, broker.gate().rights(who, session.clientId()));
            connection.send(new Auth(ReasonCode.SUCCESS, method, data, ReasonDetails.NONE));
        } else {
            refused(
                    result instanceof AuthResult.Refused refused
                            ? refused
                            : new AuthResult.Refused(Cause.UNKNOWN_USER, null, null));
        }
    }

    /** Who fails to authenticate again does not stay [MQTT5-4.12.1-2]. */
    private void refused(AuthResult.Refused refused) {
        connection.rejected(Gate.causeOf(refused.cause()), "AUTH");
        connection.end(
                refused.cause() == Cause.UNAVAILABLE
                        ? ReasonCode.UNSPECIFIED_ERROR
                        : ReasonCode.NOT_AUTHORIZED,
                null,
                ClientEvent.Cause.PROTOCOL_ERROR);
    }
}
