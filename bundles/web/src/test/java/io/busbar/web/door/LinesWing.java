package io.busbar.web.door;

import io.busbar.api.accounts.Role;
import io.busbar.json.JsonFields;
import io.busbar.json.JsonShape;
import io.busbar.web.http.Answer;
import io.busbar.web.http.HttpWing;
import io.busbar.web.http.Page;
import io.busbar.web.http.Problem;
import io.busbar.web.http.Request;
import io.busbar.web.http.ResponseStream;
import io.busbar.web.http.Route;
import io.busbar.web.http.Router;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** A whole HTTP wing: the names of production lines. */
final class LinesWing implements HttpWing {
    final Map<String, String> names = new ConcurrentSkipListMap<>(Map.of("1", "Filling"));

    @Override
    public String path() {
        return "/lines";
    }

    @Override
    public void addTo(Router router) {
        router.add("GET", "", Role.VIEWER, this::list)
                .add("GET", "/{line}", Role.VIEWER, this::get)
                .add(Route.of("PUT", "/{line}", Role.ENGINEER, this::rename).withMaxBody(1000))
                .add("GET", "/{line}/log", Role.VIEWER, this::log)
                .add("DELETE", "/{line}", Role.ADMIN, this::fail)
                .add(Route.open("GET", "/help", request -> Answer.text("text/plain", "Lines.")))
                .open("GET", "/version", request -> Answer.text("text/plain", "1"));
    }

    private Answer list(Request request) {
        return Answer.ok(
                Page.of(
                        request,
                        List.copyOf(names.keySet()),
                        line -> line,
                        line -> new JsonShape().put("line", line).build()));
    }

    private Answer get(Request request) {
        String name = names.get(request.path("line"));
        if (name == null) {
            throw Problem.notFound("There is no line '" + request.path("line") + "'.");
        }
        return Answer.ok(new JsonShape().put("name", name).build());
    }

    private Answer rename(Request request) throws IOException {
        JsonFields body = request.body();
        String name = body.text("name", 1, 20);
        body.finish();
        names.put(request.path("line"), name + " by " + request.actor().name());
        return Answer.noContent();
    }

    private Answer log(Request request) throws IOException {
        ResponseStream stream = request.stream("text/plain");
        stream.begin(
                () -> {
                    try {
                        stream.write("filled\n".getBytes(StandardCharsets.UTF_8));
                        stream.close();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                () -> {});
        return Answer.TAKEN;
    }

    private Answer fail(Request request) {
        throw new IllegalStateException("no line can be deleted");
    }
}
