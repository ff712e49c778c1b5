package io.busbar.web.api.endpoint;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.busbar.api.accounts.Role;
import io.busbar.api.auth.AclRule;
import io.busbar.api.auth.ClientIdOverlap;
import io.busbar.api.auth.ClientIdPolicy;
import io.busbar.api.auth.Credential;
import io.busbar.api.auth.CredentialChange;
import io.busbar.api.auth.CredentialLimits;
import io.busbar.api.auth.CredentialService;
import io.busbar.api.auth.NewCredential;
import io.busbar.api.auth.ValueProblem;
import io.busbar.api.storage.ConflictException;
import io.busbar.json.JsonFields;
import io.busbar.json.JsonShape;
import io.busbar.json.TextProblem;
import io.busbar.web.api.backend.Backend;
import io.busbar.web.api.live.LiveStreams;
import io.busbar.web.api.view.CredentialShapes;
import io.busbar.web.api.view.Reasons;
import io.busbar.web.http.Answer;
import io.busbar.web.http.Failures;
import io.busbar.web.http.Idempotency;
import io.busbar.web.http.Problem;
import io.busbar.web.http.Request;
import io.busbar.web.http.Router;
import io.busbar.web.http.RowOrder.Column;
import io.busbar.web.http.RowPage;
import java.io.IOException;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code /credentials}: the credentials of MQTT clients. */
public final class CredentialsEndpoint {
    private static final Map<String, Column<CredentialShapes.Row>> SORTS = sorts();
    private static final Set<String> BY_CONNECTION = Set.of("connected", "lastSeenAt");

    private final Backend services;
    private final CredentialShapes shapes;
    private final Idempotency idempotency;
    private final LiveStreams live;

    public CredentialsEndpoint(
            Backend services, CredentialShapes shapes, Idempotency idempotency, LiveStreams live) {
        this.services = services;
        this.shapes = shapes;
        this.idempotency = idempotency;
        this.live = live;
    }

    public void addTo(Router router) {
        router.add("GET", "/credentials", Role.VIEWER, this::list)
                .add("POST", "/credentials", Role.ENGINEER, this::create)
                .add("GET", "/credentials/overlaps", Role.VIEWER, this::overlaps)
                .add("GET", "/credentials/{id}", Role.VIEWER, this::get)
                .add("PATCH", "/credentials/{id}", Role.ENGINEER, this::update)
                .add("DELETE", "/credentials/{id}", Role.ENGINEER, this::delete)
                .add("POST", "/credentials/{id}/reset-password", Role.ENGINEER, this::resetPassword)
                .add(
                        "POST",
                        "/credentials/{id}/enable",
                        Role.ENGINEER,
                        request -> enable(request, true))
                .add(
                        "POST",
                        "/credentials/{id}/disable",
                        Role.ENGINEER,
                        request -> enable(request, false));
    }

    private Answer list(Request request) {
        String q = request.query("q").map(Sorting::folded).orElse("");
        String state =
                request.queryChoice(
                                "state",
                                List.of("ENABLED", "DISABLED", "CONNECTED", "NEVER_CONNECTED"))
                        .orElse("");
        RowPage<CredentialShapes.Row> page =
                new RowPage<>(
                        request,
                        Sorting.of(
                                request,
                                SORTS,
                                "-createdAt",
                                row -> false,
                                row -> row.credential().id()));
        // Whose clients are connected is looked up for the page, unless it decides about the page.
        boolean decides =
                state.endsWith("CONNECTED")
                        || BY_CONNECTION.contains(
                                Sorting.sort(request, SORTS, "").replace("-", ""));
        Map<String, CredentialShapes.Connections> known =
                decides ? shapes.connections(id -> true) : Map.of();
        services.credentials()
                .each(
                        credential -> {
                            CredentialShapes.Row row = CredentialShapes.row(credential, known);
                            if ((q.isEmpty() || matches(credential, q)) && inState(row, state)) {
                                page.add(row);
                            }
                        });
        if (decides) {
            return Answer.ok(page.toJson(CredentialShapes.Row::toJson));
        }
        Set<String> shown = new HashSet<>();
        page.rows().forEach(row -> shown.add(row.credential().id()));
        Map<String, CredentialShapes.Connections> theirs = shapes.connections(shown::contains);
        return Answer.ok(
                page.toJson(row -> CredentialShapes.row(row.credential(), theirs).toJson()));
    }

    private static boolean matches(Credential credential, String q) {
        return Sorting.folded(credential.description()).contains(q)
                || Sorting.folded(credential.clientId()).contains(q)
                || Sorting.folded(credential.username()).contains(q)
                || credential.otherClientIds().stream()
                        .anyMatch(other -> Sorting.folded(other).contains(q));
    }

    private static boolean inState(CredentialShapes.Row row, String state) {
        return switch (state) {
            case "ENABLED" -> row.credential().enabled();
            case "DISABLED" -> !row.credential().enabled();
            case "CONNECTED" -> row.connections().count() > 0;
            case "NEVER_CONNECTED" -> row.lastSeenAt() == null;
            default -> true;
        };
    }

    private Answer create(Request request) throws IOException {
        JsonElement json = request.json();
        JsonFields body = JsonFields.of(json);
        String description =
                body.text(
                        "description",
                        1,
                        CredentialLimits.MAX_DESCRIPTION,
                        rule(CredentialLimits::problemOfDescription));
        String clientId = clientId(body);
        ClientIdPolicy policy = body.optChoice("clientIdPolicy", ClientIdPolicy.class);
        Integer maxConnections = maxConnections(body);
        List<AclRule> acl = rules(body);
        Instant expiresAt = body.optTime("expiresAt");
        List<String> networks = networks(body);
        List<String> otherClientIds = otherClientIds(body);
        boolean allowOverlap = Boolean.TRUE.equals(body.optBoolean("allowOverlap"));
        body.finish();
        NewCredential wanted =
                new NewCredential(
                        description,
                        clientId,
                        null,
                        null,
                        policy,
                        maxConnections == null ? 0 : maxConnections,
                        acl,
                        expiresAt,
                        networks == null ? List.of() : networks,
                        otherClientIds == null ? List.of() : otherClientIds,
                        allowOverlap);
        JsonObject created =
                idempotency.once(
                        request,
                        json,
                        () -> {
                            CredentialService.Created result =
                                    services.credentials().create(wanted, request.actor());
                            live.credentialChanged(result.credential().id());
                            return shapes.secret(result);
                        });
        JsonObject credential = created.getAsJsonObject("credential");
        return Answer.created(created, "/api/v1/credentials/" + credential.get("id").getAsString())
                .etag(credential.get("revision").getAsLong());
    }

    private Answer get(Request request) {
        Credential credential = credential(request);
        return Answer.ok(shapes.detail(credential)).etag(credential.revision());
    }

    /** Which credentials would overlap with one that is about to be made or changed. */
    private Answer overlaps(Request request) {
        String clientId = request.query("clientId").orElse("");
        ClientIdPolicy policy =
                request.queryChoice("clientIdPolicy", ClientIdPolicy.class)
                        .orElse(ClientIdPolicy.EXACT);
        List<ClientIdOverlap> overlaps =
                clientId.isEmpty()
                        ? List.of()
                        : services.credentials()
                                .overlaps(
                                        policy,
                                        clientId,
                                        request.query("credentialId").orElse(null));
        return Answer.ok(
                new JsonShape()
                        .put("overlaps", CredentialShapes.overlaps(overlaps, clientId))
                        .put("total", overlaps.size())
                        .build());
    }

    private Answer update(Request request) throws IOException {
        JsonFields body = request.body();
        String description =
                body.optText(
                        "description",
                        1,
                        CredentialLimits.MAX_DESCRIPTION,
                        rule(CredentialLimits::problemOfDescription));
        String clientId = clientId(body);
        ClientIdPolicy policy = body.optChoice("clientIdPolicy", ClientIdPolicy.class);
        Integer maxConnections = maxConnections(body);
        List<AclRule> acl = rules(body);
        boolean expiry = body.has("expiresAt");
        Instant expiresAt = body.optTime("expiresAt");
        List<String> networks = networks(body);
        List<String> otherClientIds = otherClientIds(body);
        boolean allowOverlap = Boolean.TRUE.equals(body.optBoolean("allowOverlap"));
        body.finish();
        Credential before = credential(request);
        Optional<Long> expected = request.ifMatch();
        if (expected.isPresent() && expected.get() != before.revision()) {
            throw Failures.revisionMismatch(expected.get(), before.revision());
        }
        CredentialChange change =
                new CredentialChange(
                        description,
                        policy,
                        clientId,
                        maxConnections,
                        acl,
                        null,
                        expiry ? Optional.ofNullable(expiresAt) : null,
                        networks,
                        otherClientIds,
                        allowOverlap);
        try {
            return changed(
                    services.credentials()
                            .update(before.id(), expected.orElse(0L), change, request.actor()));
        } catch (ConflictException e) {
            long now =
                    services.credentials()
                            .get(before.id())
                            .map(Credential::revision)
                            .orElse(before.revision());
            if (expected.isPresent() && now != expected.get()) {
                throw Failures.revisionMismatch(expected.get(), now);
            }
            throw e;
        }
    }

    private Answer delete(Request request) {
        String id = credential(request).id();
        services.credentials().delete(id, request.actor());
        live.credentialChanged(id);
        return Answer.noContent();
    }

    private Answer resetPassword(Request request) {
        CredentialService.Created created =
                services.credentials().resetPassword(credential(request).id(), request.actor());
        live.credentialChanged(created.credential().id());
        return Answer.ok(shapes.secret(created));
    }

    private Answer enable(Request request, boolean enabled) {
        return changed(
                services.credentials()
                        .update(
                                credential(request).id(),
                                0,
                                CredentialChange.enabled(enabled),
                                request.actor()));
    }

    private Answer changed(Credential credential) {
        live.credentialChanged(credential.id());
        return Answer.ok(shapes.detail(credential)).etag(credential.revision());
    }

    private Credential credential(Request request) {
        String id = request.path("id");
        return services.credentials()
                .get(id)
                .orElseThrow(
                        () ->
                                Problem.notFound(
                                        "credential",
                                        id,
                                        "There is no credential '"
                                                + id
                                                + "'; it may have been deleted."));
    }

    /** A rule of credentials for texts of a body. */
    private static Function<String, @Nullable TextProblem> rule(
            Function<String, @Nullable ValueProblem> problemOf) {
        return text -> {
            ValueProblem problem = problemOf.apply(text);
            return problem == null
                    ? null
                    : new TextProblem(problem.text(), Reasons.parameters(problem));
        };
    }

    private static @Nullable String clientId(JsonFields body) {
        return body.optText(
                "clientId", 1, CredentialLimits.MAX_NAME, rule(CredentialLimits::problemOfName));
    }

    private static @Nullable List<String> otherClientIds(JsonFields body) {
        return body.optTexts(
                "otherClientIds",
                Credential.MAX_OTHER_CLIENT_IDS,
                rule(CredentialLimits::problemOfName));
    }

    private static @Nullable Integer maxConnections(JsonFields body) {
        return body.optInteger("maxConnections", 0, CredentialLimits.MAX_CONNECTIONS);
    }

    private static @Nullable List<String> networks(JsonFields body) {
        return body.optTexts(
                "allowedNetworks",
                CredentialLimits.MAX_NETWORKS,
                rule(CredentialLimits::problemOfNetwork));
    }

    /** The {@code acl} of a body, or null if absent or null. */
    static @Nullable List<AclRule> rules(JsonFields body) {
        return body.optList(
                "acl",
                CredentialLimits.MAX_RULES,
                rule -> {
                    AclRule.Effect effect = rule.choice("effect", AclRule.Effect.class);
                    AclRule.Action action = rule.choice("action", AclRule.Action.class);
                    String filter =
                            rule.text(
                                    "filter",
                                    1,
                                    CredentialLimits.MAX_FILTER,
                                    rule(CredentialLimits::problemOfFilter));
                    return new AclRule(
                            effect == null ? AclRule.Effect.DENY : effect,
                            action == null ? AclRule.Action.BOTH : action,
                            filter);
                });
    }

    private static Map<String, Column<CredentialShapes.Row>> sorts() {
        Map<String, Column<CredentialShapes.Row>> sorts = new LinkedHashMap<>();
        sorts.put("description", Column.text(row -> row.credential().description()));
        sorts.put("clientId", Column.text(row -> row.credential().clientId()));
        sorts.put("username", Column.text(row -> row.credential().username()));
        sorts.put("enabled", Column.number(row -> row.credential().enabled() ? 1 : 0));
        sorts.put("connected", Column.number(row -> row.connections().count()));
        sorts.put(
                "lastSeenAt",
                Column.time(row -> row.lastSeenAt() == null ? Instant.EPOCH : row.lastSeenAt()));
        sorts.put("createdAt", Column.time(row -> row.credential().createdAt()));
        return sorts;
    }
}
