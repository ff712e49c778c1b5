package io.busbar.uns.registry.template;

import io.busbar.api.audit.Actor;
import io.busbar.api.storage.DocumentChange;
import io.busbar.api.storage.Documents;
import io.busbar.api.uns.Template;
import io.busbar.api.uns.TemplateVersion;
import io.busbar.uns.registry.document.TemplateDocuments;
import io.busbar.uns.registry.tree.NodeMemory;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes templates and shows them on their shelf. A change is checked, written and shown, in this
 * order, so one that fails has changed nothing. Confined to who changes the nodes.
 */
public final class TemplateStore {
    private final Documents documents;
    private final NodeMemory memory;
    private final TemplateShelf shelf;

    /**
     * Loads the templates.
     *
     * @param memory of the nodes; templates are counted with them
     */
    public TemplateStore(Documents documents, NodeMemory memory) {
        this.documents = documents;
        this.memory = memory;
        this.shelf = new TemplateShelf(TemplateDocuments.load(documents));
        memory.add(shelf.list());
    }

    /** The templates that there are. */
    public TemplateShelf shelf() {
        return shelf;
    }

    /**
     * Throws if there is no room for changes.
     *
     * @throws io.busbar.api.memory.MemoryShortException if not
     */
    public void requireRoom(List<TemplatePlan.Change> changes, Actor actor) {
        List<Template> before = new ArrayList<>();
        List<Template> after = new ArrayList<>();
        for (TemplatePlan.Change each : changes) {
            Template old = each.before();
            if (old != null) {
                before.add(old);
            }
            after.add(each.after());
        }
        memory.requireRoom(before, after, actor.name());
    }

    /** What is to be written for changes. */
    public static List<DocumentChange> documents(List<TemplatePlan.Change> changes) {
        List<DocumentChange> written = new ArrayList<>();
        for (TemplatePlan.Change each : changes) {
            written.add(TemplateDocuments.change(each.after()));
            for (TemplateVersion version : each.added()) {
                written.add(TemplateDocuments.change(each.after(), version));
            }
        }
        return written;
    }

    /** Shows changes that are written. */
    public void show(List<TemplatePlan.Change> changes) {
        List<Template> after = new ArrayList<>();
        for (TemplatePlan.Change each : changes) {
            Template old = each.before();
            if (old != null) {
                memory.remove(old);
            }
            after.add(each.after());
        }
        memory.add(after);
        shelf.put(after);
    }

    /** Writes and shows a change. */
    public Template write(TemplatePlan.Change change, Actor actor) {
        List<TemplatePlan.Change> changes = List.of(change);
        requireRoom(changes, actor);
        documents.commit(documents(changes));
        show(changes);
        return change.after();
    }

    /** Deletes a template, which no node pins. */
    public void delete(Template template) {
        documents.commit(TemplateDocuments.delete(template));
        memory.remove(template);
        shelf.remove(template.id());
    }
}
