package io.busbar.api.uns;

import io.busbar.api.audit.Actor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The templates of the namespace: models that many topics share, in versions that never change.
 *
 * <p>Thread-safe. Reads use memory only. Changes are durable when the call returns; they access the
 * disk, so never make one from an event loop.
 *
 * <p>Errors of changes, none of which changes anything: {@link RefusedException} if a value is out
 * of bounds; {@link TakenException} if a name or alias is another template's; {@link
 * io.busbar.api.storage.ConflictException} if a revision is not the current one; {@link
 * java.util.NoSuchElementException} if there is no such template; {@link
 * io.busbar.api.memory.MemoryShortException} if there is no room; {@link
 * io.busbar.api.storage.StorageException} if the store fails.
 */
@ProviderType
public interface Templates {
    /** Returns all templates, sorted by name. */
    List<Template> list();

    /** Returns the template with this id, or empty if there is none. */
    Optional<Template> get(UUID id);

    /** Returns how many topics pin each version of each template; versions without are missing. */
    Map<UUID, Map<SemanticVersion, Integer>> pinned();

    /**
     * Returns the topics that pin a template, in the order of the tree.
     *
     * @param version null = whatever version
     */
    List<Node> pinning(UUID id, @Nullable SemanticVersion version);

    /** Creates a template with its first version. */
    Template create(NewTemplate wanted, Actor actor);

    /**
     * Changes what describes a template.
     *
     * @param expectedRevision the revision that the change is based on, or 0 to change any revision
     */
    Template update(
            UUID id, long expectedRevision, UnaryOperator<TemplateFacts> change, Actor actor);

    /**
     * Publishes another version. No topic pins it yet.
     *
     * @param expectedRevision as for {@link #update}
     * @throws RefusedException also if it is like the latest, or its number is not greater
     */
    Template addVersion(UUID id, long expectedRevision, NewTemplateVersion wanted, Actor actor);

    /**
     * Deletes a template with all its versions.
     *
     * @param expectedRevision as for {@link #update}
     * @throws TakenException if topics pin it; the reason is {@link Reason.Code#TEMPLATE_PINNED}
     */
    void delete(UUID id, long expectedRevision, Actor actor);

    /**
     * Returns what would happen if topics pinned another version: how fields differ, and how many
     * of the payloads that are kept would fit. Nothing is changed. Reads those payloads, so it
     * costs some time.
     *
     * @param from only topics that pin this version; null = all of another version
     */
    TemplateImpact impact(UUID id, @Nullable SemanticVersion from, SemanticVersion to);

    /**
     * Returns the same for a version that is not published yet.
     *
     * @param draft its fields
     */
    TemplateImpact impact(UUID id, @Nullable SemanticVersion from, Model draft);

    /**
     * Lets topics pin another version, all of them in one commit. They keep what they add, and what
     * they say themselves of unknown fields and quality.
     *
     * @param expectedRevision as for {@link #update}
     * @throws RefusedException also if one of them cannot be moved, unless only those shall that
     *     pass
     */
    TemplateMove.Result move(UUID id, long expectedRevision, TemplateMove wanted, Actor actor);
}
