package io.busbar.itests.crash;

import io.busbar.itests.crash.Fault.Kind;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** A subscriber whose session expires: it comes back in time, or too late. */
final class ExpiringSubscriber extends Actor {
    private final String filter;
    private final int expirySeconds;
    private boolean hadSession;
    private boolean online;
    private boolean uncertain;
    private long closedAt;
    private long changeAt;

    /**
     * @param expirySeconds as in the settings of the client
     */
    ExpiringSubscriber(
            Client client, Plant plant, Random random, String filter, int expirySeconds) {
        super(client, plant, random);
        this.filter = filter;
        this.expirySeconds = expirySeconds;
    }

    @Override
    boolean step() throws InterruptedException {
        boolean due = System.nanoTime() > changeAt || plant.isSettling();
        if (!client.isConnected()) {
            if (online) {
                online = false;
                closedAt = plant.ledger().uptime().lastEnd();
                changeAt = away();
            } else if (due) {
                connect();
            } else {
                return false;
            }
            return true;
        }
        if (client.subscriptions().isEmpty()) {
            client.subscribe(filter, 2);
            return true;
        }
        if (!due || plant.isSettling() || !client.isAnswered()) {
            return false;
        }
        online = false;
        closedAt = System.nanoTime();
        if (random.nextBoolean()) {
            client.drop();
        } else {
            client.disconnect();
        }
        changeAt = away();
        return true;
    }

    @Override
    boolean isSettled() {
        return super.isSettled() && !client.subscriptions().isEmpty();
    }

    private long away() {
        return random.nextBoolean()
                ? within(0, expirySeconds * 800)
                : within(expirySeconds * 1_000, expirySeconds * 1_000 + 2_500);
    }

    private void connect() throws InterruptedException {
        SessionRule rule =
                new SessionRule(
                        closedAt,
                        plant.ledger().uptime().noticed(closedAt, WillPromise.STORED_NANOS),
                        TimeUnit.SECONDS.toNanos(expirySeconds));
        long askedAt = System.nanoTime();
        boolean present = rule.expected(askedAt, askedAt) == SessionRule.Expected.PRESENT;
        // Without an answer it cannot know whether its session had expired, and the one that it
        // would find was made for the CONNECT before: its own state is over then, too.
        boolean anew = !hadSession || uncertain && !present;
        Client.Outcome outcome = client.connect(anew, null);
        long answeredAt = System.nanoTime();
        if (!isSuccess(outcome)) {
            if (outcome == Client.Outcome.UNANSWERED) {
                uncertain = true;
                client.giveUpSubscriptions();
            }
            retryLater();
            return;
        }
        online = true;
        changeAt = within(100, 1_500);
        if (!anew && (present || !uncertain)) {
            judge(rule.expected(askedAt, answeredAt), outcome, rule, askedAt);
        }
        hadSession = true;
        uncertain = false;
    }

    private void judge(
            SessionRule.Expected expected, Client.Outcome outcome, SessionRule rule, long askedAt) {
        boolean present = outcome == Client.Outcome.SESSION_PRESENT;
        plant.ledger().count("expiring session " + expected);
        if (expected == SessionRule.Expected.PRESENT && !present) {
            plant.ledger()
                    .fault(
                            Kind.LOST_SESSION,
                            client.sessionId(),
                            filter,
                            "Session Present: it expires after " + expirySeconds + " s",
                            "a new session; " + rule + ", asked at " + askedAt);
        } else if (expected == SessionRule.Expected.GONE && present) {
            plant.ledger()
                    .fault(
                            Kind.GHOST_SESSION,
                            client.sessionId(),
                            filter,
                            "a new session: the old one expired after " + expirySeconds + " s",
                            "Session Present; " + rule + ", asked at " + askedAt);
        }
    }
}
