package io.busbar.mqtt.broker.retained;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.TopicFilter;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A walk through the levels in memory; it keeps nothing but its position. */
final class HeapCursor implements RetainedCursor {
    private final RetainedNode root;
    private final List<String> levels;
    private final ArrayDeque<Branch> path = new ArrayDeque<>(4);
    private int taken;

    /**
     * Nodes still to be entered.
     *
     * @param level which level of the filter decides about their children
     * @param first whether they are the first levels of topics
     */
    private record Branch(Iterator<RetainedNode> nodes, int level, boolean first) {}

    HeapCursor(RetainedNode root, TopicFilter filter) {
        this.root = root;
        levels = filter.levels();
        path.push(new Branch(List.of(root).iterator(), 0, false));
    }

    @Override
    public boolean isDone() {
        return path.isEmpty();
    }

    @Override
    public int taken() {
        return taken;
    }

    @Override
    public @Nullable Message next(long now, int steps) {
        taken = 0;
        for (Branch branch; taken < steps && (branch = path.peek()) != null; ) {
            taken++;
            if (!branch.nodes.hasNext()) {
                path.pop();
                continue;
            }
            RetainedNode node = branch.nodes.next();
            if (branch.first && node.level.startsWith("$")) { // [MQTT5-4.7.2-1]
                continue;
            }
            Message message = enter(node, branch.level);
            if (message != null && message.expiresAt() > now) {
                return message;
            }
        }
        return null;
    }

    /** Notes what is to be entered below; the message here, if the filter ends here. */
    private @Nullable Message enter(RetainedNode start, int from) {
        RetainedNode node = start;
        for (int i = from; i < levels.size(); i++) {
            String level = levels.get(i);
            ConcurrentHashMap<String, RetainedNode> children = node.children;
            boolean rest = level.equals("#");
            if (rest || level.equals("+")) {
                if (children != null) {
                    boolean first = node == root;
                    path.push(new Branch(children.values().iterator(), rest ? i : i + 1, first));
                }
                return rest ? node.message : null;
            }
            node = children == null ? null : children.get(level);
            if (node == null) {
                return null;
            }
        }
        return node.message;
    }
}
