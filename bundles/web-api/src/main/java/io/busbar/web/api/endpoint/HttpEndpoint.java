package io.busbar.web.api.endpoint;

import io.busbar.api.accounts.Role;
import io.busbar.json.JsonShape;
import io.busbar.web.api.live.LiveStreams;
import io.busbar.web.http.Answer;
import io.busbar.web.http.HttpCounters;
import io.busbar.web.http.HttpCounters.Cause;
import io.busbar.web.http.HttpLoad;
import io.busbar.web.http.Request;
import io.busbar.web.http.Router;

/** {@code /http}: what is going on over HTTP, and what was refused since the start. */
public final class HttpEndpoint {
    private final HttpCounters counters;
    private final HttpLoad load;
    private final LiveStreams live;

    public HttpEndpoint(HttpCounters counters, HttpLoad load, LiveStreams live) {
        this.counters = counters;
        this.load = load;
        this.live = live;
    }

    public void addTo(Router router) {
        router.add("GET", "/http", Role.VIEWER, this::get);
    }

    private Answer get(Request request) {
        JsonShape refused = new JsonShape();
        for (Cause cause : Cause.values()) {
            refused.put(cause.name(), counters.get(cause));
        }
        return Answer.ok(
                new JsonShape()
                        .put("connections", load.connections())
                        .put("connectionsMaximum", load.connectionsMaximum())
                        .put("requests", load.requests())
                        .put("bodyBytes", load.bodyBytes())
                        .put("streams", live.size())
                        .put("refused", refused.build())
                        .build());
    }
}
