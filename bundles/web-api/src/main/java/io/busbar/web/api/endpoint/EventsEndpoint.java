package io.busbar.web.api.endpoint;

import io.busbar.api.accounts.Role;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.json.FieldError;
import io.busbar.json.JsonFields;
import io.busbar.web.api.config.Settings;
import io.busbar.web.api.live.Channel;
import io.busbar.web.api.live.LiveStreams;
import io.busbar.web.http.Answer;
import io.busbar.web.http.Handler;
import io.busbar.web.http.HttpCounters;
import io.busbar.web.http.HttpCounters.Cause;
import io.busbar.web.http.Problem;
import io.busbar.web.http.Request;
import io.busbar.web.http.Route;
import io.busbar.web.http.Router;
import io.busbar.web.session.WebSession;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code /events} and {@code /namespace/events}: the live streams. */
public final class EventsEndpoint {
    private static final int MAX_IDS = 1000;

    private static final int MAX_CLIENTS = 200;
    private static final int MAX_CLIENT_ID = 1024;

    private final LiveStreams live;
    private final HttpCounters counters;
    private final Supplier<Settings> settings;

    public EventsEndpoint(LiveStreams live, HttpCounters counters, Supplier<Settings> settings) {
        this.live = live;
        this.counters = counters;
        this.settings = settings;
    }

    public void addTo(Router router) {
        router.add(stream("/events", this::console))
                .add(stream("/namespace/events", this::topics))
                .add("POST", "/events/{streamId}/watch", Role.VIEWER, this::watch);
    }

    /** A stream that is open is no sign that somebody is there: it does not count as activity. */
    private static Route stream(String path, Handler handler) {
        return Route.of("GET", path, Role.VIEWER, handler).withoutActivity();
    }

    private Answer console(Request request) {
        String wanted = request.query("channels").orElse("stats");
        Set<Channel> channels = EnumSet.noneOf(Channel.class);
        for (String name : wanted.split(",")) {
            channels.add(
                    Channel.of(name.strip())
                            .orElseThrow(
                                    () ->
                                            Problem.validation(
                                                    FieldError.parameter(
                                                            "channels",
                                                            "enum",
                                                            unknownChannel(name)))));
        }
        return open(request, channels, null);
    }

    private Answer topics(Request request) {
        String text = request.requiredQuery("topic");
        String problem = TopicFilter.problemOf(text);
        if (problem != null) {
            throw Problem.validation(
                    FieldError.parameter("topic", "pattern", "topic: '" + text + "' " + problem));
        }
        return open(request, Set.of(), TopicFilter.of(text));
    }

    private Answer open(Request request, Set<Channel> channels, @Nullable TopicFilter filter) {
        Settings limits = settings.get();
        WebSession session = request.caller().session();
        Optional<String> last =
                request.header("Last-Event-ID").or(() -> request.query("lastEventId"));
        switch (live.admit(session, last.orElse(null), limits)) {
            case ADMITTED -> {}
            case TOO_MANY_OF_THE_USER ->
                    throw full(
                            "You have as many live streams open as one user may ("
                                    + limits.maxStreamsPerUser()
                                    + "): close some, or raise streams.maximum.per.user");
            case TOO_MANY ->
                    throw full(
                            "As many live streams are open as the server allows ("
                                    + limits.maxStreams()
                                    + "): close some, or raise streams.maximum");
        }
        live.open(
                request.stream("text/event-stream"),
                session,
                channels,
                filter,
                last.orElse(null),
                limits.maxStreamsPerSession());
        return Answer.TAKEN;
    }

    private Problem full(String detail) {
        counters.count(Cause.TOO_MANY_STREAMS);
        return Problem.throttled(detail + " in etc/io.busbar.web.api.cfg.", 10);
    }

    @SuppressWarnings("OptionalAssignedToNull")
    private Answer watch(Request request) throws IOException {
        JsonFields body = request.body();
        List<String> names = body.optTexts("channels", Channel.values().length * 2, 32);
        int[] ids = body.optIntegers("ids", MAX_IDS);
        List<String> clients = body.optTexts("clients", MAX_CLIENTS, MAX_CLIENT_ID);
        Optional<Integer> detail = null;
        if (body.has("detail")) {
            detail = Optional.ofNullable(body.optInteger("detail", 0, Integer.MAX_VALUE));
        }
        Set<Channel> channels = null;
        if (names != null) {
            channels = EnumSet.noneOf(Channel.class);
            for (String name : names) {
                Optional<Channel> channel = Channel.of(name);
                if (channel.isEmpty()) {
                    body.error("channels", "enum", unknownChannel(name));
                } else {
                    channels.add(channel.get());
                }
            }
        }
        body.finish();
        String id = request.path("streamId");
        Set<String> shown = clients == null ? null : Set.copyOf(clients);
        if (!live.watch(id, request.caller().session(), channels, ids, detail, shown)) {
            throw Problem.notFound(
                    "There is no stream '" + id + "' of this session any more: open a new one.");
        }
        return Answer.noContent();
    }

    private static String unknownChannel(String name) {
        return "channels: '"
                + name
                + "' (expected: "
                + Arrays.stream(Channel.values())
                        .map(Channel::text)
                        .collect(Collectors.joining(", "))
                + ")";
    }
}
