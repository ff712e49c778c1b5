package io.busbar.uns.registry.template;

import io.busbar.api.uns.Model;
import io.busbar.api.uns.Reason;
import io.busbar.api.uns.RefusedException;
import io.busbar.api.uns.Template;
import io.busbar.api.uns.TemplatePin;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The templates in memory. Thread-safe: readers see all of one moment and never wait; changes are
 * made by one thread at a time.
 */
public final class TemplateShelf {
    private static final Logger LOG = LoggerFactory.getLogger(TemplateShelf.class);
    private static final Comparator<Template> ORDER =
            Comparator.comparing(Template::name, String.CASE_INSENSITIVE_ORDER)
                    .thenComparing(Template::name)
                    .thenComparing(Template::id);

    private volatile Contents contents;

    /** All of one moment; in {@code byWord} by name and by alias. */
    private record Contents(
            List<Template> sorted, Map<UUID, Template> byId, Map<String, Template> byWord) {
        static Contents of(Collection<Template> templates) {
            Map<UUID, Template> byId = new HashMap<>();
            Map<String, Template> byWord = new HashMap<>();
            List<Template> sorted = templates.stream().sorted(ORDER).toList();
            for (Template each : sorted) {
                byId.put(each.id(), each);
                String alias = each.alias();
                if (alias != null) {
                    byWord.putIfAbsent(alias, each);
                }
            }
            sorted.forEach(each -> byWord.put(each.name(), each));
            return new Contents(sorted, byId, byWord);
        }
    }

    public TemplateShelf(Collection<Template> templates) {
        this.contents = Contents.of(templates);
    }

    /** All of them, sorted by name. */
    public List<Template> list() {
        return contents.sorted();
    }

    public @Nullable Template get(UUID id) {
        return contents.byId().get(id);
    }

    /** The template with this name, or else with this alias. */
    public @Nullable Template called(String nameOrAlias) {
        return contents.byWord().get(nameOrAlias);
    }

    /** Puts templates in, in place of those with the same id. */
    public void put(Collection<Template> changed) {
        Map<UUID, Template> all = new HashMap<>(contents.byId());
        changed.forEach(each -> all.put(each.id(), each));
        contents = Contents.of(all.values());
    }

    /** Takes a template out. */
    public void remove(UUID id) {
        Map<UUID, Template> all = new HashMap<>(contents.byId());
        all.remove(id);
        contents = Contents.of(all.values());
    }

    /**
     * A model as it has to be: if it pins a version, the fields of that come first, just as they
     * are.
     *
     * @throws RefusedException if there is no such version, or a field of it is another in the
     *     model
     */
    public Model checked(Model model) {
        TemplatePin pin = model.template();
        if (pin == null) {
            return model;
        }
        Template template = get(pin.templateId());
        if (template == null) {
            throw new RefusedException(
                    "templateId: "
                            + pin.templateId()
                            + " (expected: the id of a template; it may have been deleted)",
                    Reason.Code.NO_TEMPLATE,
                    "at",
                    "templateId",
                    "found",
                    pin.templateId().toString());
        }
        return template.pin(pin.version(), model.fields(), model.unknownFields(), model.quality());
    }

    /**
     * The model of a node as it was stored, with the fields of the version that it pins. If they
     * are not there, because a document is damaged, the node keeps what it adds and which version
     * it pins.
     */
    public Model loaded(Model stored) {
        try {
            return checked(stored);
        } catch (RefusedException e) {
            LOG.warn(
                    "Namespace: a topic pins a version of a template that is not there, so only"
                            + " what it adds is checked (template={}, cause={})",
                    stored.template(),
                    e.getMessage());
            return stored;
        }
    }
}
