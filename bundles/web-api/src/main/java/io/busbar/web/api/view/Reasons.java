package io.busbar.web.api.view;

import com.google.gson.JsonObject;
import io.busbar.api.auth.ValueProblem;
import io.busbar.api.uns.NameProblem;
import io.busbar.api.uns.Reason;
import io.busbar.json.JsonShape;
import io.busbar.web.http.Failures;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Why something was refused, in the form of the API. */
public final class Reasons {
    private Reasons() {}

    /** The API's Reason. */
    public static JsonObject of(Reason reason) {
        return new JsonShape()
                .put("code", reason.code())
                .put("parameters", JsonShape.textMap(reason.parameters()))
                .build();
    }

    /** The same, or null. */
    public static @Nullable JsonObject toJson(@Nullable Reason reason) {
        return reason == null ? null : of(reason);
    }

    /** What a mistake in a body says of a reason. */
    public static Map<String, String> parameters(Reason reason) {
        return Failures.parameters(reason);
    }

    /** What a mistake in a body says of a value of a credential. */
    public static Map<String, String> parameters(ValueProblem problem) {
        return parameters(
                new Reason(Reason.Code.valueOf(problem.code().name()), problem.parameters()));
    }

    /** What a mistake in a body says of a name. */
    public static Map<String, String> parameters(NameProblem problem) {
        return parameters(problem.reason());
    }
}
