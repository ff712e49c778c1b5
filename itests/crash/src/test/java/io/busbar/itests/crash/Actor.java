package io.busbar.itests.crash;

import io.busbar.itests.crash.Fault.Kind;
import io.busbar.mqtt.codec.Will;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** A client with a will of its own: a thread that decides what its {@link Client} does next. */
abstract class Actor implements Runnable {
    /** Between two looks at what is to be done. */
    private static final int IDLE_MILLIS = 3;

    /** Between two attempts to connect. */
    private static final int RETRY_MILLIS = 25;

    protected final Client client;
    protected final Plant plant;
    protected final Random random;
    private boolean wiped;
    private boolean hadSession;

    Actor(Client client, Plant plant, Random random) {
        this.client = client;
        this.plant = plant;
        this.random = random;
    }

    @Override
    public final void run() {
        try {
            while (!plant.isOver()) {
                if (!step()) {
                    TimeUnit.MILLISECONDS.sleep(IDLE_MILLIS);
                }
            }
            client.drop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            plant.ledger().fault(Kind.SERVER, client.id(), "", "that the harness works", "" + e);
        }
    }

    /**
     * Does the next thing.
     *
     * @return false if there was nothing to do
     */
    abstract boolean step() throws InterruptedException;

    /** Whether nothing is on its way and nothing is asked for. */
    boolean isSettled() {
        return client.isConnected() && client.isAnswered();
    }

    /**
     * Connects to the session that never expires, which has to be there. The first time, what an
     * earlier run has left is removed.
     */
    protected Client.Outcome connectDurable(Will will) throws InterruptedException {
        if (!hadSession && !wiped) {
            wiped = isSuccess(connectClean());
            client.drop();
            return Client.Outcome.REFUSED;
        }
        Client.Outcome outcome = client.connect(false, will);
        if (outcome == Client.Outcome.NEW_SESSION && hadSession) {
            plant.ledger()
                    .fault(
                            Kind.LOST_SESSION,
                            client.sessionId(),
                            "",
                            "Session Present: the session never expires",
                            "a new session");
        }
        if (isSuccess(outcome)) {
            hadSession = true;
        } else {
            TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
        }
        return outcome;
    }

    /** Connects with Clean Start. */
    protected Client.Outcome connectClean() throws InterruptedException {
        Client.Outcome outcome = client.connect(true, null);
        if (outcome == Client.Outcome.SESSION_PRESENT) {
            ghost();
        } else if (outcome != Client.Outcome.NEW_SESSION) {
            TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
        }
        return outcome;
    }

    private void ghost() {
        plant.ledger()
                .fault(
                        Kind.GHOST_SESSION,
                        client.sessionId(),
                        "",
                        "no session after Clean Start",
                        "Session Present");
    }

    protected static boolean isSuccess(Client.Outcome outcome) {
        return outcome == Client.Outcome.NEW_SESSION || outcome == Client.Outcome.SESSION_PRESENT;
    }

    protected static void retryLater() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
    }

    /** A random time from now on. */
    protected long within(int fromMillis, int toMillis) {
        return System.nanoTime()
                + TimeUnit.MILLISECONDS.toNanos(fromMillis + random.nextInt(toMillis - fromMillis));
    }
}
