package io.busbar.itests.crash;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Sets, replaces and removes Retained Messages of its own topics. */
final class RetainedWriter extends Actor {
    private static final int TOPICS = 6;
    private static final int WINDOW = 10;

    private final List<RetainedHistory> histories;
    private long number;

    RetainedWriter(Client client, Plant plant, Random random) {
        super(client, plant, random);
        histories =
                IntStream.range(0, TOPICS)
                        .mapToObj(i -> Plant.RETAINED + client.id() + "/" + i)
                        .map(RetainedHistory::new)
                        .toList();
    }

    List<RetainedHistory> histories() {
        return histories;
    }

    @Override
    boolean step() throws InterruptedException {
        if (!plant.isRetaining()) {
            return false;
        }
        if (!client.isConnected()) {
            connectDurable(null);
            return true;
        }
        if (plant.isSettling() || !plant.isPublishing() || client.pending() >= WINDOW) {
            return false;
        }
        int index = random.nextInt(TOPICS);
        RetainedHistory history = histories.get(index);
        // One QoS for each topic: at QoS 2 the server may wait for PUBREL before it retains.
        Publication publication =
                new Publication(
                        new Publication.Id(client.id(), ++number), history.topic(), 1 + index % 2);
        boolean removes = random.nextInt(4) == 0;
        byte[] payload =
                removes ? new byte[0] : Payload.of(publication.id(), 10 + random.nextInt(600));
        history.change(publication, removes ? RetainedHistory.NONE : publication.id().toString());
        client.publish(publication, true, payload);
        return true;
    }
}
