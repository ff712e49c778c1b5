package io.busbar.mqtt.broker.gate;

import io.busbar.api.auth.spi.AuthResult;
import io.busbar.api.auth.spi.AuthResult.Cause;
import io.busbar.api.auth.spi.Authenticator;
import io.busbar.api.auth.spi.ConnectRequest;
import io.busbar.mqtt.broker.call.Bulkhead;
import io.busbar.mqtt.broker.call.CallSite;
import io.busbar.mqtt.broker.call.NotAskedException;
import io.busbar.mqtt.broker.call.Provider;
import io.busbar.mqtt.broker.link.EventLoop;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One client's way through the authenticators, from the request to the answer. Confined to the loop
 * of the client's connection.
 *
 * <p>The password is wiped when the answer is given and nobody reads it any more: a provider that
 * is late keeps it until it returns.
 */
final class Inquiry {
    private static final AuthResult UNAVAILABLE = refused(Cause.UNAVAILABLE);
    private static final String BUSY = "too many clients wait to be verified";

    private final Gate gate;
    private final ConnectRequest request;
    private final Executor loop;
    private final List<Provider<Authenticator>> chain;
    private final Gate.Answer answer;
    private final long began;

    private boolean done;
    private EventLoop.@Nullable Timer timer;
    private long timerMillis;

    /** Completes when the provider that was asked last does not need the password any more. */
    private @Nullable CompletableFuture<?> unused;

    private Cause otherwise = Cause.UNKNOWN_USER;
    private @Nullable Provider<Authenticator> otherwiseBy;

    Inquiry(
            Gate gate,
            ConnectRequest request,
            Executor loop,
            List<Provider<Authenticator>> chain,
            Gate.Answer answer) {
        this.gate = gate;
        this.request = request;
        this.loop = loop;
        this.chain = chain;
        this.answer = answer;
        this.began = gate.nanos();
    }

    private static AuthResult refused(Cause cause) {
        return new AuthResult.Refused(cause, null, null);
    }

    /** Asks those from a place in the chain on, until one decides or has to be waited for. */
    void ask(int from) {
        for (int i = from; i < chain.size(); i++) {
            int at = i;
            CompletableFuture<AuthResult> stage =
                    call(chain.get(i), it -> it.authenticate(request));
            if (stage == null) {
                return;
            }
            if (!stage.isDone()) {
                await(
                        chain.get(i),
                        stage,
                        result -> {
                            if (!take(at, result)) {
                                ask(at + 1);
                            }
                        });
                return;
            }
            AuthResult result;
            try {
                result = stage.join();
            } catch (RuntimeException failure) {
                failed(chain.get(i), failure);
                return;
            }
            if (take(i, result)) {
                return;
            }
        }
        boolean named = request.username() != null || request.password() != null;
        if (otherwiseBy != null) {
            refuse(chain.size(), refused(otherwise), otherwise, otherwiseBy);
        } else {
            Cause cause = named ? Cause.UNKNOWN_USER : Cause.NO_CREDENTIALS;
            refuse(chain.size(), refused(cause), cause, null);
        }
    }

    /**
     * Refuses the client. If that is because of what it says who it is, the others are told first:
     * neither the time nor the number of guesses tells who knows the name.
     *
     * @param decider the place in the chain of who refused it; behind the last if nobody knows it
     */
    private void refuse(
            int decider, AuthResult result, Cause cause, @Nullable Provider<Authenticator> by) {
        String detail = by == null ? "" : complain(by, cause);
        boolean guess =
                switch (cause) {
                    case UNKNOWN_USER, WRONG_PASSWORD, NO_CREDENTIALS, THROTTLED -> true;
                    default -> false;
                };
        if (guess && request.username() != null) {
            tell(0, decider, () -> finish(result, detail));
        } else {
            finish(result, detail);
        }
    }

    /** Tells those from a place in the chain on that another one, or nobody, has decided. */
    private void tell(int from, int decider, Runnable then) {
        for (int i = from; i < chain.size(); i++) {
            if (i == decider) {
                continue;
            }
            boolean asked = i < decider;
            int next = i + 1;
            CompletableFuture<Void> stage = call(chain.get(i), it -> it.refused(request, asked));
            if (stage == null) {
                return;
            }
            if (!stage.isDone()) {
                await(chain.get(i), stage, ignored -> tell(next, decider, then));
                return;
            }
            try {
                stage.join();
            } catch (RuntimeException failure) {
                failed(chain.get(i), failure);
                return;
            }
        }
        then.run();
    }

    /** What a provider says, or promises to say; null if it failed. */
    private <T> @Nullable CompletableFuture<T> call(
            Provider<Authenticator> provider, Function<Authenticator, CompletionStage<T>> how) {
        Bulkhead bulkhead = provider.bulkhead();
        return bulkhead == null ? onLoop(provider, how) : elsewhere(provider, bulkhead, how);
    }

    private <T> @Nullable CompletableFuture<T> onLoop(
            Provider<Authenticator> provider, Function<Authenticator, CompletionStage<T>> how) {
        if (gate.calls().isOut(provider.callee())) {
            unavailable(provider + " hangs, or hung lately", "");
            return null;
        }
        CallSite site = gate.calls().watch().here();
        site.enter(provider.callee());
        try {
            CompletableFuture<T> stage = how.apply(provider.service()).toCompletableFuture();
            unused = stage;
            return stage;
        } catch (Exception | Error failure) {
            failed(provider, failure);
            return null;
        } finally {
            site.leave();
        }
    }

    private <T> CompletableFuture<T> elsewhere(
            Provider<Authenticator> provider,
            Bulkhead bulkhead,
            Function<Authenticator, CompletionStage<T>> how) {
        Bulkhead.Call<CompletionStage<T>> call =
                bulkhead.call(
                        () -> how.apply(provider.service()),
                        gate.leftMillis(began, gate.timeoutMillis()));
        unused =
                call.ended()
                        .thenCompose(
                                stage ->
                                        stage == null
                                                ? CompletableFuture.completedFuture(null)
                                                : stage);
        return call.answer().thenCompose(stage -> stage);
    }

    private <T> void await(
            Provider<Authenticator> provider, CompletableFuture<T> stage, Consumer<T> then) {
        startTimer(provider);
        stage.whenComplete(
                (result, failure) ->
                        loop.execute(
                                () -> {
                                    if (done) {
                                        return;
                                    }
                                    if (failure != null) {
                                        failed(provider, failure);
                                    } else {
                                        then.accept(result);
                                    }
                                }));
    }

    /** All providers together have one time; who has to wait for its turn has that in addition. */
    private void startTimer(Provider<Authenticator> provider) {
        long millis = gate.timeoutMillis();
        if (provider.bulkhead() == null) {
            try {
                millis += gate.waitMillis(provider.service().longestWait());
            } catch (RuntimeException | Error failure) {
                // Then it has no more time than the others.
                gate.calls().complaints().add(provider + " failed", failure.toString());
            }
        }
        if (timer != null) {
            if (millis <= timerMillis) {
                return;
            }
            timer.cancel();
        }
        timerMillis = millis;
        long limit = millis;
        timer =
                gate.schedule(
                        () -> loop.execute(() -> timeOut(provider, limit)),
                        gate.leftMillis(began, limit));
    }

    private void timeOut(Provider<Authenticator> provider, long millis) {
        if (!done) {
            unavailable(provider + " gave no answer within " + millis + " ms", "");
        }
    }

    private boolean take(int at, @Nullable AuthResult result) {
        Provider<Authenticator> provider = chain.get(at);
        if (result instanceof AuthResult.Abstain abstain) {
            if (otherwiseBy == null && abstain.otherwise() != Cause.UNKNOWN_USER) {
                otherwise = abstain.otherwise();
                otherwiseBy = provider;
            }
            return false;
        }
        if (result == null) {
            failed(provider, new NullPointerException("result"));
        } else if (result instanceof AuthResult.Refused refused) {
            refuse(at, result, refused.cause(), provider);
        } else {
            finish(result, "");
        }
        return true;
    }

    /** Tells the log of what is not the client's doing; returns what people are told of it. */
    private String complain(Provider<Authenticator> provider, Cause cause) {
        if (cause == Cause.BUSY) {
            gate.calls().complaints().add(BUSY + " (" + provider + ")");
            return BUSY + ": " + provider;
        }
        if (cause == Cause.UNAVAILABLE) {
            String why = provider + " is unavailable";
            gate.calls().complaints().add(why);
            return why;
        }
        return "";
    }

    private void failed(Provider<Authenticator> provider, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        if (cause instanceof NotAskedException) {
            unavailable(provider + " " + cause.getMessage(), "");
        } else {
            unavailable(provider + " failed", cause.toString());
        }
    }

    private void unavailable(String why, String detail) {
        gate.calls().complaints().add(why, detail);
        finish(UNAVAILABLE, detail.isEmpty() ? why : why + ": " + detail);
    }

    private void finish(AuthResult result, String detail) {
        done = true;
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
        CompletableFuture<?> reading = unused;
        if (reading == null || reading.isDone()) {
            wipe(request);
        } else {
            reading.whenComplete((ended, failure) -> wipe(request));
        }
        answer.answered(result, detail);
    }

    static void wipe(ConnectRequest request) {
        byte[] password = request.password();
        if (password != null) {
            Arrays.fill(password, (byte) 0);
        }
    }
}
