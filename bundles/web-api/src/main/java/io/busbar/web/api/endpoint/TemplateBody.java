package io.busbar.web.api.endpoint;

import io.busbar.api.uns.FieldName;
import io.busbar.api.uns.NameProblem;
import io.busbar.api.uns.NewTemplateVersion;
import io.busbar.api.uns.Reason;
import io.busbar.api.uns.SemanticVersion;
import io.busbar.api.uns.Template;
import io.busbar.json.JsonFields;
import io.busbar.web.api.backend.Backend;
import io.busbar.web.api.view.Reasons;
import io.busbar.web.http.Failures;
import io.busbar.web.http.Problem;
import io.busbar.web.http.ProblemType;
import io.busbar.web.http.Request;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads what requests say of templates. */
final class TemplateBody {
    private TemplateBody() {}

    /** The template that the path names. */
    static Template template(Backend services, Request request) {
        String id = request.path("id");
        UUID uuid = Ids.parse(id);
        return Optional.ofNullable(uuid)
                .flatMap(services.namespace().templates()::get)
                .orElseThrow(
                        () ->
                                Problem.notFound(
                                        "template",
                                        id,
                                        "There is no template '"
                                                + id
                                                + "'; it may have been deleted."));
    }

    /** The revision of If-Match, which has to be the current one. */
    static long requiredRevision(Request request, Template template) {
        if (request.header("If-Match").isEmpty()) {
            throw Problem.of(
                    ProblemType.PRECONDITION_REQUIRED,
                    "If-Match is missing (expected: the ETag that the template was read with, e.g."
                            + " \""
                            + template.revision()
                            + "\").");
        }
        return revision(request, template);
    }

    /** The same, or 0 for any if there is none. */
    static long revision(Request request, Template template) {
        Optional<Long> expected = request.ifMatch();
        if (expected.isPresent() && expected.get() != template.revision()) {
            throw Failures.revisionMismatch(expected.get(), template.revision());
        }
        return expected.orElse(0L);
    }

    /** A version of the body; null if it says none, or what it says is none. */
    static @Nullable SemanticVersion optVersion(JsonFields body, String key) {
        String text = body.optText(key, 1, 20);
        SemanticVersion version = text == null ? null : SemanticVersion.parse(text);
        if (text != null && version == null) {
            body.error(
                    key,
                    "pattern",
                    key + ": '" + text + "' (expected: three numbers, e.g. 1.2.0)",
                    Reasons.parameters(Reason.of(Reason.Code.VERSION, "found", text)));
        }
        return version;
    }

    /** A version to publish, of which all stands in the body. */
    static NewTemplateVersion version(JsonFields body) {
        return new NewTemplateVersion(
                optVersion(body, "version"),
                ModelBody.ofTemplate(body),
                body.optText("note", 0, 1000));
    }

    /** Notes a name that cannot be one. */
    static @Nullable String checked(JsonFields body, @Nullable String name) {
        NameProblem problem = name == null || name.isEmpty() ? null : FieldName.problem(name);
        if (problem != null) {
            body.error("name", "pattern", "name " + problem.text(), Reasons.parameters(problem));
        }
        return name;
    }
}
