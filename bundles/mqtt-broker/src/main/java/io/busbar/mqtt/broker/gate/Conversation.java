package io.busbar.mqtt.broker.gate;

import io.busbar.api.auth.Principal;
import io.busbar.api.auth.spi.ConnectRequest;
import io.busbar.api.auth.spi.EnhancedAuthenticator;
import io.busbar.api.auth.spi.EnhancedAuthenticator.Step;
import io.busbar.mqtt.broker.call.Bulkhead;
import io.busbar.mqtt.broker.call.CallSite;
import io.busbar.mqtt.broker.call.NotAskedException;
import io.busbar.mqtt.broker.call.Provider;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One exchange of an enhanced authenticator, called where it may be called: on the loop of the
 * connection, or on threads of its own, one call after the other. Confined to the loop.
 */
public final class Conversation {
    private final Gate gate;
    private final Provider<EnhancedAuthenticator> provider;
    private final ConnectRequest request;
    private final String method;
    private final @Nullable Principal connected;
    private volatile EnhancedAuthenticator.@Nullable Exchange exchange;
    private Bulkhead.@Nullable Call<?> last;

    /**
     * Makes one that has not begun.
     *
     * @param connected who the client is already, when it authenticates again
     */
    public Conversation(
            Gate gate,
            Provider<EnhancedAuthenticator> provider,
            ConnectRequest request,
            String method,
            @Nullable Principal connected) {
        this.gate = gate;
        this.provider = provider;
        this.request = request;
        this.method = method;
        this.connected = connected;
    }

    /** Whose it is, for people. */
    @Override
    public String toString() {
        return provider.toString();
    }

    /** Takes what the client said; the step comes on any thread. Never throws. */
    public CompletableFuture<Step> next(byte @Nullable [] data) {
        Bulkhead bulkhead = provider.bulkhead();
        if (bulkhead == null) {
            return onLoop(data);
        }
        Bulkhead.Call<CompletionStage<Step>> call =
                bulkhead.call(() -> step(data), gate.timeoutMillis());
        last = call;
        return call.answer().thenCompose(stage -> stage);
    }

    private CompletableFuture<Step> onLoop(byte @Nullable [] data) {
        if (gate.calls().isOut(provider.callee())) {
            return CompletableFuture.failedFuture(new NotAskedException("hangs, or hung lately"));
        }
        CallSite site = gate.calls().watch().here();
        site.enter(provider.callee());
        try {
            return step(data).toCompletableFuture();
        } catch (Exception | Error failure) {
            return CompletableFuture.failedFuture(failure);
        } finally {
            site.leave();
        }
    }

    private CompletionStage<Step> step(byte @Nullable [] data) {
        EnhancedAuthenticator.Exchange known = exchange;
        if (known == null) {
            known = provider.service().begin(request, method, connected);
            exchange = known;
        }
        return known.next(data);
    }

    /** It is over; a call that still runs ends first. */
    public void close() {
        Bulkhead bulkhead = provider.bulkhead();
        if (bulkhead == null) {
            closeOnLoop();
            return;
        }
        Bulkhead.Call<?> running = last;
        if (running != null) {
            running.ended()
                    .whenComplete(
                            (result, failure) -> {
                                EnhancedAuthenticator.Exchange over = exchange;
                                if (over != null) {
                                    closeElsewhere(bulkhead, over);
                                }
                            });
        }
    }

    private void closeElsewhere(Bulkhead bulkhead, EnhancedAuthenticator.Exchange over) {
        bulkhead.callInAnyCase(
                        () -> {
                            over.close();
                            return true;
                        },
                        gate.timeoutMillis())
                .answer()
                .whenComplete(
                        (closed, failure) -> {
                            if (failure != null) {
                                failed(failure);
                            }
                        });
    }

    private void closeOnLoop() {
        EnhancedAuthenticator.Exchange over = exchange;
        if (over == null || gate.calls().isOut(provider.callee())) {
            return;
        }
        CallSite site = gate.calls().watch().here();
        site.enter(provider.callee());
        try {
            over.close();
        } catch (Exception | Error failure) {
            failed(failure);
        } finally {
            site.leave();
        }
    }

    private void failed(Throwable failure) {
        gate.calls().complaints().add(provider + " failed to end an exchange", failure.toString());
    }
}
