package io.busbar.itests.crash;

import java.util.List;
import java.util.Random;

/** Publishes numbered messages of QoS 1 and 2, a number of them in each burst. */
final class Publisher extends Actor {
    private static final int WINDOW = 40;

    private final List<String> topics;
    private final boolean durable;
    private final int payloadBytes;
    private long number;
    private int burst;
    private int left;

    Publisher(
            Client client,
            Plant plant,
            Random random,
            List<String> topics,
            boolean durable,
            int payloadBytes) {
        super(client, plant, random);
        this.topics = topics;
        this.durable = durable;
        this.payloadBytes = payloadBytes;
    }

    @Override
    boolean step() throws InterruptedException {
        if (!client.isConnected()) {
            if (durable) {
                connectDurable(null);
            } else {
                connectClean();
            }
            return true;
        }
        if (burst != plant.burst()) {
            burst = plant.burst();
            left = 20 + random.nextInt(200);
        }
        if (!plant.isPublishing() || left == 0 || client.pending() >= WINDOW) {
            return false;
        }
        left--;
        Publication publication =
                new Publication(
                        new Publication.Id(client.id(), ++number),
                        topics.get(random.nextInt(topics.size())),
                        1 + random.nextInt(2));
        byte[] payload = Payload.of(publication.id(), 10 + random.nextInt(payloadBytes));
        plant.ledger().add(publication);
        client.publish(publication, false, payload);
        return true;
    }
}
