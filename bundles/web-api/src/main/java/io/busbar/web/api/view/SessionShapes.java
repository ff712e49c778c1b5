package io.busbar.web.api.view;

import com.google.gson.JsonObject;
import io.busbar.json.JsonShape;
import io.busbar.web.session.WebSession;
import java.time.Duration;

/** The signed-in person in the form of the API. */
public final class SessionShapes {
    private SessionShapes() {}

    /** The API's Me. */
    public static JsonObject me(WebSession session, Duration idleTimeout) {
        return new JsonShape()
                .put("username", session.username())
                .put("role", session.role())
                .put("expiresAt", session.expiresAt())
                .put("idleTimeoutSeconds", idleTimeout.toSeconds())
                .build();
    }
}
