package io.busbar.api.uns;

import java.util.List;

/**
 * What an import did, or would do.
 *
 * @param created paths of nodes that were made
 * @param unchanged paths that existed already; an import never changes what is there
 * @param errors what is wrong, each with the place in the document; if there is one, nothing was
 *     made
 */
public record ImportResult(List<String> created, List<String> unchanged, List<String> errors) {}
