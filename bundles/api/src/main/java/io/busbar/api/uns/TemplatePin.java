package io.busbar.api.uns;

import java.util.UUID;

/**
 * Which version of which template a model is made of.
 *
 * @param templateId the template
 * @param version one of its versions, which never changes
 * @param fields how many of the model's fields, the first ones, are the version's; those after
 *     them, the overlay, are the node's own
 */
public record TemplatePin(UUID templateId, SemanticVersion version, int fields) {}
