package io.busbar.uns.registry;

import io.busbar.api.audit.Actor;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.RecycleBin;
import io.busbar.api.uns.RecycledNode;
import io.busbar.uns.registry.recycle.RecycledNodes;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The recycle bin as people see it. Thread-safe; changes wait for each other. */
final class RecycleRoom implements RecycleBin {
    private static final Logger LOG = LoggerFactory.getLogger(RecycleRoom.class);

    private final RecycledNodes recycled;
    private final NodeChanges changes;

    RecycleRoom(RecycledNodes recycled, NodeChanges changes) {
        this.recycled = recycled;
        this.changes = changes;
    }

    @Override
    public List<RecycledNode> list() {
        return recycled.list();
    }

    @Override
    public int maxNodes() {
        return recycled.limits().nodes();
    }

    @Override
    public int days() {
        return recycled.limits().days();
    }

    @Override
    public Node restore(UUID id, @Nullable String parentPath, @Nullable String name, Actor actor) {
        Node restored = changes.restore(id, parentPath, name, actor);
        LOG.info("A deleted node is restored (path={}, by={})", restored.path(), actor.name());
        return restored;
    }

    @Override
    public void remove(UUID id, Actor actor) {
        RecycledNode wanted = recycled.get(id);
        letGo(wanted::equals, actor);
    }

    @Override
    public int clear(Actor actor) {
        return letGo(all -> true, actor).stream().mapToInt(RecycledNode::nodes).sum();
    }

    /** Lets go of those whose time is over. */
    void expire(Instant now) {
        Predicate<RecycledNode> expired = each -> RecycledNodes.isExpired(each, now);
        if (recycled.list().stream().anyMatch(expired)) {
            letGo(expired, Actor.SERVER);
        }
    }

    private List<RecycledNode> letGo(Predicate<RecycledNode> which, Actor actor) {
        List<RecycledNode> gone = changes.forget(which);
        for (RecycledNode each : gone) {
            LOG.info("A deleted node is gone for good (path={}, by={})", each.path(), actor.name());
        }
        return gone;
    }
}
