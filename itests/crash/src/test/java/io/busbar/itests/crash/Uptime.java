package io.busbar.itests.crash;

import java.util.ArrayList;
import java.util.List;

/** When the server was there: from listening to being killed. Thread-safe. */
final class Uptime {
    /**
     * One life of the server.
     *
     * @param until {@link Publication#NEVER} while it lives
     */
    record Life(long from, long until) {}

    private final List<Life> lives = new ArrayList<>();

    /** It listens. */
    synchronized void begins(long now) {
        lives.add(new Life(now, Publication.NEVER));
    }

    /** It is about to be killed; nothing happens if it did not listen yet. */
    synchronized void ends(long now) {
        if (lives.isEmpty()) {
            return;
        }
        Life last = lives.get(lives.size() - 1);
        if (last.until == Publication.NEVER) {
            lives.set(lives.size() - 1, new Life(last.from, now));
        }
    }

    /** When it was killed the last time. */
    synchronized long lastEnd() {
        for (int i = lives.size() - 1; i >= 0; i--) {
            if (lives.get(i).until != Publication.NEVER) {
                return lives.get(i).until;
            }
        }
        return Publication.NEVER;
    }

    synchronized List<Life> lives() {
        return List.copyOf(lives);
    }

    /**
     * From when on the server must count the time since a connection ended: at once if it lived for
     * a while afterwards, so that it can have stored the time; else from its next start.
     */
    long noticed(long closedAt, long storedWithin) {
        for (Life life : lives()) {
            long begin = Math.max(life.from, closedAt);
            if (life.until - begin >= storedWithin) {
                return begin;
            }
        }
        return Publication.NEVER;
    }

    /** Whether the server was killed so soon after a point in time, or shortly before. */
    boolean endedWithin(long at, long duration) {
        Life last = null;
        for (Life life : lives()) {
            if (life.from <= at) {
                last = life;
            }
        }
        return last != null && last.until - at < duration;
    }

    /** Whether the server lived without a break for that long after a point in time. */
    boolean livedSince(long from, long duration, long until) {
        for (Life life : lives()) {
            long begin = Math.max(life.from, from);
            long end = Math.min(life.until, until);
            if (end - begin >= duration) {
                return true;
            }
        }
        return false;
    }
}
