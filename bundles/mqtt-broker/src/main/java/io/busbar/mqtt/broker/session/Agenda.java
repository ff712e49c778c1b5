package io.busbar.mqtt.broker.session;

import io.busbar.mqtt.broker.loop.Background;
import io.busbar.mqtt.broker.loop.Deadlines;
import io.busbar.mqtt.broker.loop.Loop;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * When sessions without a connection expire, and their wills are due, for one loop. They are in
 * buckets by time: the further away, the larger, so that there are few of them however many
 * sessions there are. A bucket that is reached is looked through; who is not due yet goes into a
 * smaller one. Confined to the loop.
 */
final class Agenda implements Background.Work {
    /** Not in an agenda. */
    static final int NOWHERE = -1;

    private static final int STEPS_PER_SESSION = 16;

    private final Loop loop;
    private final Moments moments;
    private final Consumer<Session> due;
    private final Deadlines.Deadline deadline;
    private final TreeMap<Integer, Bucket> buckets = new TreeMap<>();
    private boolean working;

    /** Sessions to be looked at from a moment on. */
    private static final class Bucket {
        private @Nullable Session[] sessions = new Session[4];
        private int size;

        void add(Session session) {
            if (size == sessions.length) {
                sessions = Arrays.copyOf(sessions, size + (size >> 1));
            }
            session.agendaIndex = size;
            sessions[size++] = session;
        }

        /** The last takes its place. */
        void remove(int index) {
            Session last = sessions[--size];
            sessions[index] = last;
            sessions[size] = null;
            if (last != null) {
                last.agendaIndex = index;
            }
        }
    }

    /**
     * Makes one.
     *
     * @param due is told of a session whose moment has come: it is not in the agenda any more
     */
    Agenda(Loop loop, Moments moments, Consumer<Session> due) {
        this.loop = loop;
        this.moments = moments;
        this.due = due;
        this.deadline = loop.deadline(now -> reached());
    }

    /** Adds a session if it is ever due. */
    void add(Session session) {
        long at = session.dueAt();
        if (at == Moments.NEVER || session.agendaIndex != NOWHERE) {
            return;
        }
        int now = moments.now();
        int key = now;
        if (at > now) {
            long width = Math.max(1, Long.highestOneBit(at - now) >> 3);
            key = (int) Math.min(Integer.MAX_VALUE, Math.floorDiv(at, width) * width);
        }
        session.agendaKey = key;
        buckets.computeIfAbsent(key, k -> new Bucket()).add(session);
        deadline.atLatest(moments.nanos(key));
    }

    /** Takes a session out. */
    void remove(Session session) {
        int index = session.agendaIndex;
        if (index == NOWHERE) {
            return;
        }
        Bucket bucket = buckets.get(session.agendaKey);
        if (bucket != null) {
            bucket.remove(index);
            if (bucket.size == 0) {
                buckets.remove(session.agendaKey);
            }
        }
        session.agendaIndex = NOWHERE;
    }

    private void reached() {
        if (!working) {
            working = true;
            loop.background().begin(this);
        }
    }

    @Override
    public boolean goOn(Background.Allowance allowance) {
        int now = moments.now();
        for (Map.Entry<Integer, Bucket> first;
                (first = buckets.firstEntry()) != null && first.getKey() <= now; ) {
            if (allowance.isUsedUp()) {
                return true;
            }
            allowance.spend(STEPS_PER_SESSION);
            Bucket bucket = first.getValue();
            Session session = bucket.sessions[bucket.size - 1];
            if (session != null) {
                remove(session);
                look(session, now);
            }
        }
        working = false;
        if (!buckets.isEmpty()) {
            deadline.atLatest(moments.nanos(buckets.firstKey()));
        }
        return false;
    }

    private void look(Session session, int now) {
        if (session.dueAt() > now) {
            add(session);
            return;
        }
        try {
            due.accept(session);
        } catch (RuntimeException | LinkageError failure) {
            loop.failed("agenda", failure);
        }
    }

    @Override
    public void failed() {
        working = false;
    }
}
