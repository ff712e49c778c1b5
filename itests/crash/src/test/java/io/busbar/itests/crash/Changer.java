package io.busbar.itests.crash;

import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Subscribes and unsubscribes all the time. */
final class Changer extends Actor {
    private final List<String> filters;
    private final int qos;
    private long changeAt;

    Changer(Client client, Plant plant, Random random, int qos, List<String> filters) {
        super(client, plant, random);
        this.qos = qos;
        this.filters = filters;
    }

    @Override
    boolean step() throws InterruptedException {
        if (!client.isConnected()) {
            connectDurable(null);
            return true;
        }
        if (plant.isSettling() || System.nanoTime() < changeAt || !client.isAnswered()) {
            return false;
        }
        changeAt = within(10, 150);
        String filter = filters.get(random.nextInt(filters.size()));
        Optional<Subscription> there =
                client.subscriptions().stream()
                        .filter(s -> s.filter().value().equals(filter))
                        .findFirst();
        if (there.isPresent()) {
            client.unsubscribe(there.get());
        } else {
            client.subscribe(filter, qos);
        }
        return true;
    }
}
