package io.busbar.mqtt.broker.connection;

import io.busbar.api.auth.Principal;
import io.busbar.api.auth.spi.AuthResult;
import io.busbar.api.auth.spi.AuthResult.Cause;
import io.busbar.api.auth.spi.ConnectRequest;
import io.busbar.api.auth.spi.EnhancedAuthenticator.Step;
import io.busbar.api.broker.Rejection;
import io.busbar.api.broker.spi.ClientEvent;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.mqtt.broker.call.NotAskedException;
import io.busbar.mqtt.broker.gate.Conversation;
import io.busbar.mqtt.broker.gate.Gate;
import io.busbar.mqtt.broker.link.EventLoop;
import io.busbar.mqtt.broker.session.Session;
import io.busbar.mqtt.codec.Auth;
import io.busbar.mqtt.codec.ConnAckProperties;
import io.busbar.mqtt.codec.ReasonDetails;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * AUTH: the exchange of enhanced authentication, at CONNECT and whenever the client authenticates
 * again, MQTT 5.0 sections 3.15 and 4.12. Confined to the loop of its connection.
 *
 * <p>Each side has the broker's authentication time-out for each of its turns.
 */
final class AuthExchange {
    private final BrokerParts broker;
    private final Connection connection;

    private final ConnectRequest request;

    /** The Authentication Method, agreed on at CONNECT. */
    private final String method;

    private @Nullable Conversation conversation;

    /** From the beginning to the outcome. */
    private boolean running;

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

        /** Nobody knows the Authentication Method. */
        void methodNotKnown();

        /** It is known who the client is, or that it is nobody; the detail is for people. */
        void answered(AuthResult result, String detail);
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
     */
    void begin(byte @Nullable [] data, @Nullable Principal connected) {
        running = true;
        int mine = ++turn;
        broker.gate()
                .enhanced(
                        method,
                        connection.loop()::execute,
                        (provider, why) -> {
                            if (mine != turn) {
                                return;
                            }
                            if (provider != null) {
                                conversation =
                                        new Conversation(
                                                broker.gate(),
                                                provider,
                                                request,
                                                method,
                                                connected);
                                next(data);
                            } else if (why.isEmpty() && !connection.isConnected()) {
                                close();
                                connecting.methodNotKnown();
                            } else {
                                finish(refusal(Cause.UNAVAILABLE), null, why);
                            }
                        });
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
        } else if (!running
                && connection.isConnected()
                && packet.reasonCode() == ReasonCode.REAUTHENTICATE) {
            begin(packet.authenticationData(), connection.session().principal());
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
        running = false;
        Conversation over = conversation;
        conversation = null;
        if (over != null) {
            over.close();
        }
    }

    // ---- the provider's turn

    private void next(byte @Nullable [] data) {
        Conversation current = conversation;
        if (current == null) {
            throw new IllegalStateException("no exchange");
        }
        clientDue = false;
        int mine = ++turn;
        CompletableFuture<Step> stage = current.next(data);
        if (stage.isDone()) {
            Step step = null;
            Throwable failure = null;
            try {
                step = stage.join();
            } catch (RuntimeException thrown) {
                failure = thrown;
            }
            answered(mine, step, failure);
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
            finish(done.result(), done.data(), "");
        } else {
            failed(new NullPointerException("step"));
        }
    }

    private void failed(Throwable failure) {
        String why = broker.gate().whyNot(conversation, failure);
        finish(refusal(Cause.UNAVAILABLE), null, why);
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
        if (its != turn) {
            return;
        }
        if (clientDue) {
            finish(refusal(Cause.NO_CREDENTIALS), null, "the client did not go on with AUTH");
        } else {
            failed(
                    new NotAskedException(
                            "gave no answer within "
                                    + broker.limits().connects().authenticationTimeoutMillis()
                                    + " ms"));
        }
    }

    // ---- the outcome

    private void finish(AuthResult result, byte @Nullable [] data, String detail) {
        close();
        if (!connection.isConnected()) {
            lastData = data;
            connecting.answered(result, detail);
        } else if (result instanceof AuthResult.Granted granted
                && granted.principal().id().equals(connection.session().principal().id())) {
            goesOn(granted.principal(), data);
        } else {
            refused(
                    result instanceof AuthResult.Refused refused
                            ? refused
                            : new AuthResult.Refused(Cause.UNKNOWN_USER, null, null),
                    detail);
        }
    }

    /** It has authenticated again, and may do what it may now. */
    private void goesOn(Principal who, byte @Nullable [] data) {
        Session session = connection.session();
        running = true;
        int mine = turn;
        int question = session.nextRightsQuestion();
        broker.gate()
                .rights(
                        who,
                        session.clientId(),
                        connection.loop()::execute,
                        (rights, why) -> {
                            if (mine != turn || connection.isClosed()) {
                                return;
                            }
                            running = false;
                            if (rights == null) {
                                refused(new AuthResult.Refused(Cause.UNAVAILABLE, null, null), why);
                                return;
                            }
                            if (session.isLatestRightsQuestion(question)) {
                                session.rights(who, rights);
                            }
                            connection.send(
                                    new Auth(ReasonCode.SUCCESS, method, data, ReasonDetails.NONE));
                        });
    }

    /** Who fails to authenticate again does not stay [MQTT5-4.12.1-2]. */
    private void refused(AuthResult.Refused refused, String detail) {
        connection.rejected(
                Gate.causeOf(refused.cause()), detail.isEmpty() ? "AUTH" : "AUTH: " + detail);
        connection.end(
                refused.cause() == Cause.UNAVAILABLE
                        ? ReasonCode.UNSPECIFIED_ERROR
                        : ReasonCode.NOT_AUTHORIZED,
                null,
                ClientEvent.Cause.PROTOCOL_ERROR);
    }
}
