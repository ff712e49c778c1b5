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

    /** Of each topic that is being judged, what completes when its last message is. */
    private final Map<TopicName, CompletableFuture<Void>> judging = new HashMap<>();

    private int waiting;

    Publications(Loop home, Intake intake) {
        this.home = home;
        this.intake = intake;
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
                    done.complete(new PublishResult(ReasonCode.SUCCESS, diverted.reason()));
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
            // The server's own messages are few; they are not held back.
        }

        @Override
        public void acknowledge(Routed message) {
            Throwable failure = message.failure();
            if (failure == null) {
                done.complete(new PublishResult(message.reason(), message.why()));
            } else {
                NotStored told = NotStored.of(failure);
                done.complete(new PublishResult(told.cause().reason(), told.why()));
            }
        }
    }
}
