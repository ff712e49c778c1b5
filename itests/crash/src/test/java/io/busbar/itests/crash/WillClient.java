package io.busbar.itests.crash;

import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicName;
import io.busbar.mqtt.codec.Will;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Connects with a Will Message, and leaves in all ways that there are. */
final class WillClient extends Actor {
    private final int maximumDelaySeconds;
    private WillPromise promise;
    private boolean online;
    private long number;
    private long changeAt;
    private int delaySeconds;

    /**
     * @param maximumDelaySeconds 0 for MQTT 3.1.1, which knows no delay
     */
    WillClient(Client client, Plant plant, Random random, int maximumDelaySeconds) {
        super(client, plant, random);
        this.maximumDelaySeconds = maximumDelaySeconds;
    }

    @Override
    boolean step() throws InterruptedException {
        if (!client.isConnected()) {
            if (online) {
                online = false;
                promise.closed(plant.ledger().uptime().lastEnd());
                changeAt = away();
            } else if (System.nanoTime() > changeAt) {
                connect();
            } else {
                return false;
            }
            return true;
        }
        if (System.nanoTime() < changeAt) {
            return false;
        }
        online = false;
        if (random.nextInt(4) == 0) {
            promise.withdrawn();
            promise.closed(System.nanoTime());
            client.disconnect();
        } else {
            promise.closed(System.nanoTime());
            client.drop();
        }
        changeAt = away();
        return true;
    }

    /** Back before the delay is over, or long after. */
    private long away() {
        return random.nextInt(3) == 0
                ? within(0, 1 + delaySeconds * 700)
                : within(delaySeconds * 1_000, delaySeconds * 1_000 + 5_000);
    }

    private void connect() throws InterruptedException {
        delaySeconds = maximumDelaySeconds == 0 ? 0 : random.nextInt(maximumDelaySeconds + 1);
        Publication.Id id = new Publication.Id(client.id(), ++number);
        String topic = Plant.WILLS + client.id();
        long askedAt = System.nanoTime();
        WillPromise next =
                new WillPromise(id, topic, TimeUnit.SECONDS.toNanos(delaySeconds), askedAt);
        Client.Outcome outcome =
                connectDurable(
                        new Will(
                                TopicName.of(topic),
                                Payload.of(id, 40),
                                Qos.EXACTLY_ONCE,
                                false,
                                delaySeconds,
                                MessageProperties.NONE));
        if (outcome == Client.Outcome.REFUSED) {
            return;
        }
        if (promise != null) {
            promise.returning(askedAt);
        }
        plant.ledger().add(next);
        if (isSuccess(outcome)) {
            next.accepted();
            if (promise != null) {
                promise.returned(System.nanoTime());
            }
            promise = next;
            online = true;
            changeAt = within(50, 2_000);
        }
    }

    @Override
    boolean isSettled() {
        return true;
    }
}
