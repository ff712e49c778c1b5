package io.busbar.itests.crash;

import java.util.Random;

/** Leaves a session behind that never expires, and begins anew each time it comes. */
final class Wiper extends Actor {
    private final String filter;
    private long changeAt;

    Wiper(Client client, Plant plant, Random random, String filter) {
        super(client, plant, random);
        this.filter = filter;
    }

    @Override
    boolean step() throws InterruptedException {
        boolean due = System.nanoTime() > changeAt;
        if (!client.isConnected()) {
            if (!due && !plant.isSettling()) {
                return false;
            }
            if (isSuccess(connectClean())) {
                client.subscribe(filter, 2);
                changeAt = within(50, 800);
            }
            return true;
        }
        if (!due || plant.isSettling()) {
            return false;
        }
        client.drop();
        changeAt = within(20, 800);
        return true;
    }
}
