package io.busbar.api.uns;

import java.util.List;

/**
 * What an import has done, or would do in a dry run.
 *
 * @param created paths of the nodes that were created
 * @param unchanged paths that existed already; an import never changes existing nodes
 * @param errors what is wrong, each with its place in the document; if there is any, no node was
 *     created
 */
public record ImportResult(List<String> created, List<String> unchanged, List<String> errors) {}
