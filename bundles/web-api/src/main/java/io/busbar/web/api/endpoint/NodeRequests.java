package io.busbar.web.api.endpoint;

import io.busbar.api.storage.ConflictException;
import io.busbar.api.uns.Node;
import io.busbar.web.api.backend.Backend;
import io.busbar.web.http.Failures;
import io.busbar.web.http.Problem;
import io.busbar.web.http.Request;
import java.util.Optional;
import java.util.UUID;

/** Which node a request is about, by the {@code id} in its path, and which revision of it. */
final class NodeRequests {
    private final Backend services;

    NodeRequests(Backend services) {
        this.services = services;
    }

    /** The node; 404 if there is none. */
    Node node(Request request) {
        return find(request)
                .orElseThrow(
                        () ->
                                missing(
                                        request.path("id"),
                                        "There is no node "
                                                + request.path("id")
                                                + "; it may have been deleted."));
    }

    /** The node, if there is one. */
    Optional<Node> find(Request request) {
        return Optional.ofNullable(Ids.parse(request.path("id")))
                .flatMap(services.namespace()::get);
    }

    /** The id; 404 if it is none. */
    static UUID id(Request request, String what) {
        UUID id = Ids.parse(request.path("id"));
        if (id == null) {
            throw missing(request.path("id"), what);
        }
        return id;
    }

    static Problem missing(String id, String what) {
        return Problem.notFound(
                "node", id, Ids.parse(id) != null ? what : "'" + id + "' is no id of a node.");
    }

    /** The revision of If-Match, which has to be the current one, or 0 for any. */
    static long expected(Request request, Node node) {
        Optional<Long> expected = request.ifMatch();
        if (expected.isPresent() && expected.get() != node.revision()) {
            throw Failures.revisionMismatch(expected.get(), node.revision());
        }
        return expected.orElse(0L);
    }

    /** What a conflict is: another revision than the expected one, or something else. */
    RuntimeException mismatchOr(UUID id, long expected, ConflictException e) {
        long now = services.namespace().get(id).map(Node::revision).orElse(expected);
        return expected != 0 && now != expected ? Failures.revisionMismatch(expected, now) : e;
    }
}
