package io.busbar.uns.registry.exchange;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.stream.JsonWriter;
import io.busbar.api.uns.NamespaceExport;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.Template;
import io.busbar.api.uns.TemplatePin;
import io.busbar.api.uns.TemplateVersion;
import io.busbar.json.Json;
import io.busbar.uns.registry.document.NodeDocument;
import io.busbar.uns.registry.document.TemplateDocuments;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes nodes of one moment as a document that {@link NamespaceReader} reads, a node at a time.
 * Confined to one thread at a time.
 */
public final class NamespaceWriter implements NamespaceExport {
    private final List<Node> nodes;
    private final List<String> ignored;
    private final List<Template> templates;
    private final Map<UUID, Template> byId = new HashMap<>();
    private final Target target = new Target();
    private final JsonWriter json = Json.prettyWriter(target);

    /** The nodes whose children are being written, the innermost first. */
    private final Deque<UUID> open = new ArrayDeque<>();

    private int next = -1;

    /**
     * Begins with nothing written.
     *
     * @param nodes parents right before all that is below them; the first may be parents that are
     *     written without their other children, so that an import puts the tree where it was
     * @param ignored filters of the topics without a model that are ignored
     * @param templates those that are written, with all their versions
     */
    public NamespaceWriter(List<Node> nodes, List<String> ignored, List<Template> templates) {
        this.nodes = nodes;
        this.ignored = ignored;
        this.templates = templates;
        templates.forEach(each -> byId.put(each.id(), each));
    }

    @Override
    public boolean writeNext(Writer to) throws IOException {
        if (next > nodes.size()) {
            return false;
        }
        target.writer = to;
        if (next < 0) {
            begin();
        } else if (next < nodes.size()) {
            write(nodes.get(next));
        } else {
            while (!open.isEmpty()) {
                close();
            }
            json.endArray().endObject();
        }
        json.flush();
        target.writer = null;
        next++;
        return true;
    }

    private void begin() throws IOException {
        json.beginObject();
        if (!ignored.isEmpty()) {
            json.name("ignored").beginArray();
            for (String filter : ignored) {
                json.value(filter);
            }
            json.endArray();
        }
        if (!templates.isEmpty()) {
            json.name("templates").beginArray();
            for (Template each : templates) {
                write(each);
            }
            json.endArray();
        }
        json.name("namespace").beginArray();
    }

    /**
     * A template as other tools know it, with the fields of its latest version; then the others.
     */
    private void write(Template template) throws IOException {
        json.beginObject().name("name").value(template.name());
        String alias = template.alias();
        if (alias != null) {
            json.name("alias").value(alias);
        }
        String description = template.facts().description();
        if (description != null) {
            json.name("description").value(description);
        }
        if (!template.facts().labels().isEmpty()) {
            json.name("labels").beginArray();
            for (String label : template.facts().labels()) {
                json.value(label);
            }
            json.endArray();
        }
        members(TemplateDocuments.withoutStamp(template.latest()));
        List<TemplateVersion> older =
                template.versions().subList(0, template.versions().size() - 1);
        if (!older.isEmpty()) {
            json.name("versions").beginArray();
            for (TemplateVersion each : older) {
                json.beginObject();
                members(TemplateDocuments.withoutStamp(each));
                json.endObject();
            }
            json.endArray();
        }
        json.endObject();
    }

    private void members(JsonObject of) throws IOException {
        for (Map.Entry<String, JsonElement> each : of.entrySet()) {
            json.name(each.getKey());
            Json.write(each.getValue(), json);
        }
    }

    private void write(Node node) throws IOException {
        UUID parent = node.identity().parentId();
        while (!open.isEmpty() && !open.peek().equals(parent)) {
            close();
        }
        json.beginObject();
        members(document(node));
        boolean hasChildren =
                next + 1 < nodes.size()
                        && node.id().equals(nodes.get(next + 1).identity().parentId());
        if (hasChildren) {
            json.name("children").beginArray();
            open.push(node.id());
        } else {
            json.endObject();
        }
    }

    /** What is written of a node; ids of templates mean nothing elsewhere, so they are named. */
    private JsonObject document(Node node) {
        JsonObject written = NodeDocument.withoutPlaceAndStamp(node);
        TemplatePin pin = node.payload().model().template();
        if (pin != null) {
            written.remove("templateId");
            Template template = byId.get(pin.templateId());
            if (template == null) {
                written.remove("templateVersion");
            } else {
                String alias = template.alias();
                written.addProperty(
                        alias == null ? "template" : "templateAlias",
                        alias == null ? template.name() : alias);
            }
        }
        return written;
    }

    private void close() throws IOException {
        json.endArray().endObject();
        open.pop();
    }

    /** Whatever the caller writes to at the moment. */
    private static final class Target extends Writer {
        private @Nullable Writer writer;

        @Override
        public void write(char[] text, int offset, int length) throws IOException {
            writer().write(text, offset, length);
        }

        @Override
        public void write(int c) throws IOException {
            writer().write(c);
        }

        @Override
        public void write(String text, int offset, int length) throws IOException {
            writer().write(text, offset, length);
        }

        private Writer writer() throws IOException {
            Writer now = writer;
            if (now == null) {
                throw new IOException("written outside of a piece");
            }
            return now;
        }

        @Override
        public void flush() {
            // Nothing is held back.
        }

        @Override
        public void close() {
            // The caller closes what it writes to.
        }
    }
}
