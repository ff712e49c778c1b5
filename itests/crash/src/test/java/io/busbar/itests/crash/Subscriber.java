package io.busbar.itests.crash;

import java.util.List;
import java.util.Random;

/** A durable subscriber. */
final class Subscriber extends Actor {
    enum Presence {
        /** Comes back as soon as it can. */
        ONLINE,
        /** Away for whole cycles. */
        AWAY,
        /** Comes and goes, with and without a word. */
        COMING_AND_GOING
    }

    private final Presence presence;
    private final List<String> filters;
    private final int qos;
    private long changeAt;
    private boolean wantsOnline = true;

    Subscriber(
            Client client,
            Plant plant,
            Random random,
            Presence presence,
            int qos,
            String... filters) {
        super(client, plant, random);
        this.presence = presence;
        this.qos = qos;
        this.filters = List.of(filters);
    }

    @Override
    boolean step() throws InterruptedException {
        boolean wanted = wantsOnline() || plant.isSettling();
        if (wanted && !client.isConnected()) {
            connectDurable(null);
            return true;
        }
        if (wanted && client.subscriptions().isEmpty()) {
            filters.forEach(filter -> client.subscribe(filter, qos));
            return true;
        }
        if (!wanted && client.isConnected()) {
            if (random.nextBoolean()) {
                client.disconnect();
            } else {
                client.drop();
            }
            return true;
        }
        return false;
    }

    @Override
    boolean isSettled() {
        return super.isSettled() && !client.subscriptions().isEmpty();
    }

    private boolean wantsOnline() {
        return switch (presence) {
            case ONLINE -> true;
            case AWAY -> plant.isEverybodyOnline();
            case COMING_AND_GOING -> {
                if (System.nanoTime() > changeAt) {
                    wantsOnline = !wantsOnline;
                    changeAt = within(20, 600);
                }
                yield wantsOnline;
            }
        };
    }
}
