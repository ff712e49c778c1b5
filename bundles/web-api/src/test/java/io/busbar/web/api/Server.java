package io.busbar.web.api;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.busbar.api.accounts.Role;
import io.busbar.web.api.backend.FakeBackend;
import io.busbar.web.api.config.Settings;
import io.busbar.web.door.Door;
import io.busbar.web.door.WebSettings;
import io.busbar.web.session.SessionLimits;
import jakarta.servlet.DispatcherType;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.Set;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;

/** The API behind a real web server on a free port of loopback, with fakes behind it. */
final class Server implements AutoCloseable {
    final FakeBackend services = new FakeBackend();
    final Fakes.FakeAccounts accounts = new Fakes.FakeAccounts();
    final Fakes.FakeCredentials credentials = new Fakes.FakeCredentials();
    final Fakes.FakeBroker broker = new Fakes.FakeBroker();
    final Fakes.FakeNamespace namespace = new Fakes.FakeNamespace();
    final MovableClock clock = new MovableClock();
    final Application application;
    final int port;
    private final org.eclipse.jetty.server.Server jetty = new org.eclipse.jetty.server.Server();
    private final HttpClient http = HttpClient.newHttpClient();
    @Nullable String cookie;

    Server() throws Exception {
        this(3, 2);
    }

    Server(int maxStreams, int maxStreamsPerSession) throws Exception {
        services.accounts(accounts);
        services.credentials(credentials);
        services.broker(broker);
        services.clients(broker.clients());
        services.rejections(broker);
        services.namespace(namespace);
        Settings settings = new Settings("Plant 7", 1 << 24, maxStreams, maxStreamsPerSession);
        Door door =
                new Door(
                        new WebSettings(
                                Set.of("busbar.example"),
                                new SessionLimits(
                                        Duration.ofMinutes(30), Duration.ofHours(12), 100, 5)),
                        services.services::findAccounts,
                        clock);
        application = new Application(settings, services.services, door.sessions(), clock);
        ServerConnector connector = new ServerConnector(jetty);
        connector.setHost("127.0.0.1");
        jetty.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/");
        ServletHolder holder = new ServletHolder(door.servlet(application));
        holder.setAsyncSupported(true);
        FilterHolder filter = new FilterHolder(door.hostFilter());
        filter.setAsyncSupported(true);
        context.addFilter(filter, "/*", EnumSet.of(DispatcherType.REQUEST));
        context.addServlet(holder, "/api/v1/*");
        jetty.setHandler(context);
        jetty.start();
        port = connector.getLocalPort();
    }

    /** A server with an administrator who is signed in. */
    static Server signedIn() throws Exception {
        Server server = new Server();
        server.signIn("admin", Role.ADMIN);
        return server;
    }

    void signIn(String username, Role role) {
        accounts.add("first-admin", Role.ADMIN);
        accounts.add(username, role);
        cookie = null;
        Reply reply =
                post(
                        "/auth/login",
                        "{\"username\":\""
                                + username
                                + "\",\"password\":\""
                                + Fakes.FakeAccounts.PASSWORD
                                + "\"}");
        cookie = reply.cookie();
    }

    Reply get(String path) {
        return send("GET", path, null);
    }

    Reply post(String path, String body) {
        return send("POST", path, body);
    }

    Reply send(String method, String path, @Nullable String body, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1" + path));
        request.method(
                method,
                body == null
                        ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.ofString(body));
        if (!method.equals("GET")) {
            request.setHeader("X-Busbar-Request", "1");
        }
        if (body != null) {
            request.setHeader("Content-Type", "application/json");
        }
        if (cookie != null) {
            request.setHeader("Cookie", cookie);
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        try {
            return new Reply(http.send(request.build(), HttpResponse.BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new IllegalStateException(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Sends a request whose headers a browser would choose, and returns all of the answer. */
    String raw(String... lines) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(5000);
            socket.getOutputStream()
                    .write(
                            (String.join("\r\n", lines) + "\r\nConnection: close\r\n\r\n")
                                    .getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    EventReader events(String path, String... headers) throws IOException {
        return new EventReader(this, path, headers);
    }

    @Override
    public void close() throws Exception {
        application.close();
        jetty.stop();
    }

    /** An answer. */
    record Reply(HttpResponse<String> response) {
        int status() {
            return response.statusCode();
        }

        JsonObject json() {
            return JsonParser.parseString(response.body()).getAsJsonObject();
        }

        String body() {
            return response.body();
        }

        String problem() {
            JsonElement type = json().get("type");
            return type.getAsString().substring("urn:busbar:problem:".length());
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        String cookie() {
            return header("Set-Cookie").split(";")[0];
        }
    }

    /** Reads a live stream, event by event. */
    static final class EventReader implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader in;

        EventReader(Server server, String path, String... headers) throws IOException {
            socket = new Socket("127.0.0.1", server.port);
            socket.setSoTimeout(5000);
            StringBuilder request =
                    new StringBuilder(
                            "GET /api/v1"
                                    + path
                                    + " HTTP/1.1\r\nHost: localhost\r\nCookie: "
                                    + server.cookie
                                    + "\r\n");
            for (int i = 0; i < headers.length; i += 2) {
                request.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
            }
            socket.getOutputStream().write((request + "\r\n").getBytes(StandardCharsets.UTF_8));
            in =
                    new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        }

        /** The next event of the name; the others are passed over. */
        Event next(String name) throws IOException {
            String id = "";
            String event = "";
            for (String line; (line = in.readLine()) != null; ) {
                if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("event: ")) {
                    event = line.substring(7);
                } else if (line.startsWith("data: ") && event.equals(name)) {
                    return new Event(
                            id, event, JsonParser.parseString(line.substring(6)).getAsJsonObject());
                }
            }
            throw new IOException("the stream ended before an event " + name);
        }

        /** Whether the server ends the stream soon: with the last chunk, or by closing. */
        boolean ends() throws IOException {
            long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
            String line;
            do {
                line = in.readLine();
            } while (line != null && !line.equals("0") && System.nanoTime() < deadline);
            return line == null || line.equals("0");
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    record Event(String id, String name, JsonObject data) {}

    /** The real time, plus what a test adds. */
    static final class MovableClock extends Clock {
        private volatile Duration ahead = Duration.ZERO;

        void advance(Duration by) {
            ahead = ahead.plus(by);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Clock.systemUTC().instant().plus(ahead);
        }
    }
}
