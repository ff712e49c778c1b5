package io.busbar.web.api.endpoint;

import io.busbar.api.accounts.Role;
import io.busbar.api.auth.ClientIdPolicy;
import io.busbar.api.auth.Credential;
import io.busbar.api.auth.CredentialChange;
import io.busbar.api.auth.CredentialService;
import io.busbar.api.broker.Rejection;
import io.busbar.web.api.backend.Backend;
import io.busbar.web.api.live.LiveStreams;
import io.busbar.web.api.view.CredentialShapes;
import io.busbar.web.api.view.RejectionShapes;
import io.busbar.web.http.Answer;
import io.busbar.web.http.Page;
import io.busbar.web.http.Problem;
import io.busbar.web.http.ProblemType;
import io.busbar.web.http.Request;
import io.busbar.web.http.Router;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code /rejections}: what clients were refused, and remedies that can be applied with one click.
 */
public final class RejectionsEndpoint {
    private final Backend services;
    private final RejectionShapes shapes;
    private final CredentialShapes credentials;
    private final LiveStreams live;

    public RejectionsEndpoint(
            Backend services,
            RejectionShapes shapes,
            CredentialShapes credentials,
            LiveStreams live) {
        this.services = services;
        this.shapes = shapes;
        this.credentials = credentials;
        this.live = live;
    }

    public void addTo(Router router) {
        router.add("GET", "/rejections", Role.VIEWER, this::list)
                .add("POST", "/rejections/{id}/allow-client-id", Role.ENGINEER, this::allowClientId)
                .add("POST", "/rejections/{id}/allow-any-client-id", Role.ENGINEER, this::allowAny);
    }

    private Answer list(Request request) {
        String q = request.query("q").map(Sorting::folded).orElse("");
        String kind =
                request.queryChoice("kind", List.of("CONNECT", "PUBLISH", "SUBSCRIBE")).orElse("");
        Optional<Rejection.Cause> cause = request.queryChoice("cause", Rejection.Cause.class);
        String credentialId = request.query("credentialId").orElse("");
        List<Rejection> matching =
                services.rejections().list().stream()
                        .filter(r -> q.isEmpty() || matches(r, q))
                        .filter(r -> kind.isEmpty() || RejectionShapes.kind(r).equals(kind))
                        .filter(r -> cause.isEmpty() || cause.get() == r.cause())
                        .filter(
                                r ->
                                        credentialId.isEmpty()
                                                || credentialId.equals(r.who().principalId()))
                        .toList();
        return Answer.ok(Page.of(request, matching, r -> Long.toString(r.id()), shapes::toJson));
    }

    private boolean matches(Rejection rejection, String q) {
        return Sorting.folded(rejection.who().clientId()).contains(q)
                || Sorting.folded(rejection.who().username()).contains(q)
                || Sorting.folded(rejection.who().address()).contains(q)
                || Sorting.folded(rejection.what().topic()).contains(q)
                || Sorting.folded(shapes.credentialDescription(rejection).orElse("")).contains(q);
    }

    private Answer allowClientId(Request request) {
        Rejection rejection = withRemedy(request);
        Credential credential = credentialOf(rejection);
        List<String> allowed = new ArrayList<>(credential.otherClientIds());
        allowed.add(rejection.who().clientId());
        return apply(
                request,
                rejection,
                credential.revision(),
                CredentialChange.otherClientIds(allowed));
    }

    private Answer allowAny(Request request) {
        return apply(
                request,
                withRemedy(request),
                0,
                CredentialChange.clientIds(ClientIdPolicy.ANY, null));
    }

    private Answer apply(
            Request request, Rejection rejection, long revision, CredentialChange change) {
        CredentialService service = services.credentials();
        Credential changed =
                service.update(credentialOf(rejection).id(), revision, change, request.actor());
        services.rejections().dismiss(rejection.id(), request.actor());
        live.rejectionDismissed();
        live.credentialChanged(changed.id());
        return Answer.ok(credentials.row(changed).toJson()).etag(changed.revision());
    }

    private Credential credentialOf(Rejection rejection) {
        String id = rejection.who().principalId();
        return services.credentials()
                .get(id == null ? "" : id)
                .orElseThrow(
                        () ->
                                Problem.notFound(
                                        "credential",
                                        "",
                                        "The credential of this rejection does not exist any"
                                                + " more."));
    }

    private Rejection withRemedy(Request request) {
        String id = request.path("id");
        Rejection rejection =
                services.rejections().list().stream()
                        .filter(r -> Long.toString(r.id()).equals(id))
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        Problem.notFound(
                                                "rejection",
                                                id,
                                                "There is no rejection " + id + " any more."));
        if (!shapes.hasRemedy(rejection)) {
            throw Problem.of(
                    ProblemType.NOT_APPLICABLE,
                    "There is no Client ID to allow: the cause is "
                            + rejection.cause()
                            + ", or the credential allows this one by now. Change the credential"
                            + " instead.");
        }
        return rejection;
    }
}
