package io.busbar.uns.registry.gate;

import io.busbar.api.broker.spi.PublishInterceptor;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.TopicPolicy;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The gates, each of which is offered to the broker as long as it has something to do. So topics
 * that ask for nothing cost nothing.
 */
public final class Gates {
    private final Offers offers;
    private final TopicPolicy outermost;

    /** Guarded by this. */
    private final List<Door> doors = new ArrayList<>();

    /** What is asked of topics beside their guards. */
    private volatile Plan plan = Plan.NOTHING;

    /** Guarded by this. A change that ends after the namespace has stopped offers nothing. */
    private boolean closed;

    /** Shows gates to the broker. Called by one thread at a time. */
    public interface Offers {
        /**
         * Shows a gate, or changes what it is asked about. When this returns, the broker asks it.
         * The first call for a name ends that the broker misses one of before.
         *
         * @param name what operators call it
         * @param filters of the topics it is asked about; none = it is withdrawn
         * @param passes whether messages pass if it fails, or if it goes without being withdrawn
         * @param rank gates with a higher one are asked first
         */
        void offer(
                String name,
                PublishInterceptor gate,
                List<String> filters,
                boolean passes,
                int rank);

        /** The namespace stops: all gates go, as they are. */
        void close();
    }

    private static final class Door {
        private final Lane lane;
        private final PublishInterceptor gate;

        /** Null = not offered yet: a gate of before may be missed. */
        private @Nullable List<String> filters;

        Door(Lane lane, PublishInterceptor gate) {
            this.lane = lane;
            this.gate = gate;
        }
    }

    /**
     * Makes the gates; none is offered yet.
     *
     * @param guards what is asked of the messages of a topic
     * @param outermost what happens to topics without a model, where no node says it
     */
    public Gates(
            Function<String, @Nullable Guard> guards,
            Refusals refusals,
            Offers offers,
            Clock clock,
            TopicPolicy outermost) {
        this.offers = offers;
        this.outermost = outermost;
        for (Lane lane : Lane.values()) {
            doors.add(
                    new Door(
                            lane,
                            lane == Lane.PACING
                                    ? new PaceGate(guards, refusals, clock)
                                    : new Gate(lane, guards, refusals, () -> plan)));
        }
    }

    /**
     * Policies or models have changed. When this returns, messages are judged by them.
     *
     * @param saying the nodes that say a policy themselves
     * @param apart the topics to ask for by name, with what is asked of them
     * @return whether something else is said of topics without a model
     */
    public synchronized boolean refresh(Collection<Node> saying, Map<String, Guard> apart) {
        if (closed) {
            return false;
        }
        Plan now = Plan.of(saying, apart, outermost);
        for (Door door : doors) {
            List<String> filters = now.filters(door.lane);
            if (!filters.equals(door.filters)) {
                offers.offer(
                        door.lane.title(),
                        door.gate,
                        filters,
                        !door.lane.refuses(),
                        door.lane.rank());
                door.filters = filters;
            }
        }
        boolean same = now.saysAs(plan);
        plan = now;
        return !same;
    }

    /** The namespace stops. What was refused is refused on until it is back. */
    public synchronized void close() {
        closed = true;
        offers.close();
    }
}
