package io.busbar.web.api;

import io.busbar.api.audit.Actor;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeType;
import io.busbar.api.uns.RecycleBin;
import io.busbar.api.uns.RecycledNode;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Deleted nodes in a list, without what was below them. */
final class FakeRecycleBin implements RecycleBin {
    private final Fakes.FakeNamespace namespace;
    private final List<Node> deleted = new CopyOnWriteArrayList<>();
    private final List<RecycledNode> entries = new CopyOnWriteArrayList<>();

    FakeRecycleBin(Fakes.FakeNamespace namespace) {
        this.namespace = namespace;
    }

    void put(Node node, Actor actor) {
        deleted.add(node);
        entries.add(
                0,
                new RecycledNode(
                        node.id(),
                        node.type(),
                        node.path(),
                        1,
                        node.type() == NodeType.TOPIC ? 1 : 0,
                        Fakes.T0,
                        actor.name(),
                        Fakes.T0.plusSeconds(60)));
    }

    @Override
    public List<RecycledNode> list() {
        return List.copyOf(entries);
    }

    @Override
    public int maxNodes() {
        return 100;
    }

    @Override
    public int days() {
        return 30;
    }

    @Override
    public Node restore(UUID id, @Nullable String parentPath, @Nullable String name, Actor actor) {
        Node node = deleted.stream().filter(each -> each.id().equals(id)).findFirst().orElseThrow();
        String as = name == null ? node.name() : name;
        String path = parentPath == null || parentPath.isEmpty() ? as : parentPath + "/" + as;
        Node back = node.withIdentity(node.identity().withPlace(null, path));
        remove(id, actor);
        namespace.nodes.put(id, back);
        return back;
    }

    @Override
    public void remove(UUID id, Actor actor) {
        deleted.removeIf(each -> each.id().equals(id));
        entries.removeIf(each -> each.id().equals(id));
    }

    @Override
    public int clear(Actor actor) {
        int nodes = entries.size();
        for (RecycledNode each : new ArrayList<>(entries)) {
            remove(each.id(), actor);
        }
        return nodes;
    }
}
