package io.busbar.mqtt.broker;

import io.busbar.api.broker.PublishResult;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicName;
import io.busbar.mqtt.broker.delivery.NotStored;
import io.busbar.mqtt.broker.delivery.Routed;
import io.busbar.mqtt.broker.delivery.Source;
import io.busbar.mqtt.broker.delivery.Subscriber;
import io.busbar.mqtt.broker.intake.Intake;
import io.busbar.mqtt.broker.intake.Judgement;
import io.busbar.mqtt.broker.loop.Congestion;
import io.busbar.mqtt.broker.loop.Loop;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Messages of the server itself. Those of one topic stay in order, also while an interceptor that
 * may block is asked about them. Confined to the broker's own loop, but for {@link #publish}.
 */
final class Publications {
    private static final int MOST_WAITING = 1_000;

    private final Loop home;
    private final Intake intake;
    private final Congestion store;

    /** Of each topic that is being judged, what completes when its last message is. */
    private final Map<TopicName, CompletableFuture<Void>> judging = new HashMap<>();

    private int waiting;

    /**
     * Makes those of a broker.
     *
     * @param store holds whoever publishes much, while the store does not keep up
     */
    Publications(Loop home, Intake intake, Congestion store) {
        this.home = home;
        this.intake = intake;
        this.store = store;
    }

    /** Publishes a message; may be called on any thread. */
    CompletionStage<PublishResult> publish(Message message) {
        Publication publication = new Publication(message);
        home.execute(publication::start);
        return publication.done;
    }

    private final class Publication implements Source {
        private final Message message;
        private final CompletableFuture<PublishResult> done = new CompletableFuture<>();

        Publication(Message message) {
            this.message = message;
        }

        void start() {
            CompletableFuture<Void> before = judging.get(message.topic());
            if (before == null) {
                judge(null);
            } else if (waiting >= MOST_WAITING) {
                done.complete(
                        new PublishResult(
                                ReasonCode.QUOTA_EXCEEDED, "too many messages wait to be checked"));
            } else {
                waiting++;
                CompletableFuture<Void> turn = new CompletableFuture<>();
                judging.put(message.topic(), turn);
                before.thenRun(
                        () ->
                                home.execute(
                                        () -> {
                                            waiting--;
                                            judge(turn);
                                        }));
            }
        }

        /**
         * It is its turn.
         *
         * @param turn what others may wait for already, or null
         */
        private void judge(@Nullable CompletableFuture<Void> turn) {
            Judgement judgement = intake.fromServer(home, message);
            if (judgement instanceof Judgement.Pending pending) {
                CompletableFuture<Void> own = turn == null ? new CompletableFuture<>() : turn;
                if (turn == null) {
                    judging.put(message.topic(), own);
                }
                pending.whenDecided(decided -> judged(decided, own));
            } else {
                judged(judgement, turn);
            }
        }

        private void judged(Judgement judgement, @Nullable CompletableFuture<Void> turn) {
            try {
                if (judgement instanceof Judgement.Admitted admitted) {
                    admit(admitted.of(message), admitted.reason());
                } else if (judgement instanceof Judgement.Refused refused) {
                    done.complete(new PublishResult(refused.code(), refused.why()));
                } else if (judgement instanceof Judgement.Diverted diverted) {
                    done.complete(new PublishResult(ReasonCode.SUCCESS, diverted.reason(), true));
                }
            } finally {
                if (turn != null) {
                    judging.remove(message.topic(), turn);
                    turn.complete(null);
                }
            }
        }

        private void admit(Message message, @Nullable String why) {
            Routed routed = new Routed(message, this, 0);
            ReasonCode reason = ReasonCode.UNSPECIFIED_ERROR;
            // Not free before everything is handed out.
            routed.hold();
            try {
                reason = intake.admit(home, routed);
            } catch (RuntimeException | LinkageError failure) {
                home.failed("publishing", failure);
            } finally {
                routed.reason(reason, why);
                routed.release();
            }
        }

        @Override
        public @Nullable Subscriber self() {
            return null;
        }

        @Override
        public void hold(Congestion congestion) {
            // The server's own messages are few; only what is retained is held, by its answer.
        }

        @Override
        public void acknowledge(Routed message) {
            Throwable failure = message.failure();
            if (failure != null) {
                NotStored told = NotStored.of(failure);
                done.complete(new PublishResult(told.cause().reason(), told.why()));
                return;
            }
            PublishResult result = new PublishResult(message.reason(), message.why());
            boolean later =
                    this.message.retain()
                            && store.hold(() -> home.execute(() -> done.complete(result)));
            if (!later) {
                done.complete(result);
            }
        }
    }
}
