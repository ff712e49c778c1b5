package io.busbar.web.testkit;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.busbar.api.accounts.Accounts;
import io.busbar.api.accounts.Role;
import io.busbar.memory.ProcessMemory;
import io.busbar.testkit.time.ManualClock;
import io.busbar.web.door.Door;
import io.busbar.web.door.RequestLimits;
import io.busbar.web.door.TrustedProxies;
import io.busbar.web.door.WebSettings;
import io.busbar.web.http.HttpCounters;
import io.busbar.web.http.HttpLoad;
import io.busbar.web.http.HttpWing;
import io.busbar.web.jetty.ConnectionLimits;
import io.busbar.web.session.SessionLimits;
import io.busbar.web.session.WebSessions;
import jakarta.servlet.DispatcherType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;

/** One wing behind the door of a real web server, on a free port of loopback. */
public class WebServer implements AutoCloseable {
    public final FakeAccounts accounts = new FakeAccounts();
    public final ManualClock clock = new ManualClock(Instant.now());

    /** The cookie that requests carry; null = nobody is signed in. */
    public @Nullable String cookie;

    private final Path bodies = temporaryFolder();

    /** Of this server alone. */
    public final ProcessMemory memory;

    private final Door door;
    private final Server jetty = new Server();
    private final ServerConnector connector = new ServerConnector(jetty);
    private final HttpClient http = HttpClient.newHttpClient();
    private @Nullable Accounts present = accounts;
    private String prefix = "";

    /** A server that answers also to the name {@code busbar.example}. */
    public WebServer() {
        this(RequestLimits.DEFAULT, ConnectionLimits.DEFAULT);
    }

    /** A server with bounds of the test's own; proxies at 127.0.0.2 are trusted. */
    public WebServer(RequestLimits requests, ConnectionLimits connections) {
        this(requests, connections, new ProcessMemory(512L << 20, 512L << 20, Clock.systemUTC()));
    }

    /** The same in a memory of its own. */
    public WebServer(RequestLimits requests, ConnectionLimits connections, ProcessMemory memory) {
        this.memory = memory;
        door =
                new Door(
                        new WebSettings(
                                Set.of("busbar.machine"),
                                Set.of("busbar.example"),
                                new TrustedProxies(List.of("127.0.0.2", "10.0.0.0/8")),
                                new SessionLimits(
                                        Duration.ofMinutes(30), Duration.ofHours(12), 100, 5),
                                requests,
                                connections),
                        "test",
                        bodies,
                        () -> Optional.ofNullable(present),
                        memory,
                        clock);
        connector.setHost("127.0.0.1");
        connector.setIdleTimeout(60_000);
        // So that a reader that stalls is noticed before megabytes have gone.
        connector.setAcceptedSendBufferSize(1 << 16);
        jetty.addConnector(connector);
    }

    private static Path temporaryFolder() {
        try {
            return Files.createTempDirectory("busbar-bodies");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where large bodies are kept while they are received and handled. */
    public final Path bodies() {
        return bodies;
    }

    /** Starts to answer. */
    public final void start(HttpWing wing) throws Exception {
        prefix = wing.path();
        ServletHolder holder = new ServletHolder(door.servlet(wing));
        holder.setAsyncSupported(true);
        FilterHolder filter = new FilterHolder(door.hostFilter());
        filter.setAsyncSupported(true);
        ServletContextHandler context = new ServletContextHandler("/");
        context.addFilter(filter, "/*", EnumSet.of(DispatcherType.REQUEST));
        context.addServlet(holder, prefix + "/*");
        jetty.setHandler(context);
        door.connections().bound(jetty, connector);
        jetty.start();
    }

    public final int port() {
        return connector.getLocalPort();
    }

    /** What was refused. */
    public final HttpCounters counters() {
        return door.counters();
    }

    /** What is going on. */
    public final HttpLoad load() {
        return door.load();
    }

    public final WebSessions sessions() {
        return door.sessions();
    }

    /** Puts another service of accounts behind the door; null = there is none. */
    public final void accounts(@Nullable Accounts service) {
        present = service;
    }

    /** Signs a person with a role in: the requests that follow are hers. */
    public void signIn(String username, Role role) {
        accounts.add("first-admin", Role.ADMIN);
        accounts.add(username, role);
        WebSessions.Opened opened = sessions().open(accounts.get(username).orElseThrow());
        cookie = sessions().cookie().set(false, opened.secret()).split(";")[0];
    }

    public final Reply get(String path) {
        return send("GET", path, null);
    }

    public final Reply post(String path, String body) {
        return send("POST", path, body);
    }

    /**
     * Sends a request as the console does.
     *
     * @param path below that of the wing
     * @param headers names and values, which come before those of the console
     */
    public final Reply send(String method, String path, @Nullable String body, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + prefix + path));
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
    public final String raw(String... lines) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port())) {
            socket.setSoTimeout(5000);
            socket.getOutputStream()
                    .write(
                            (String.join("\r\n", lines) + "\r\nConnection: close\r\n\r\n")
                                    .getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Override
    public void close() throws Exception {
        jetty.stop();
        door.close();
        Files.deleteIfExists(bodies);
        memory.close();
    }

    /** An answer. */
    public record Reply(HttpResponse<String> response) {
        public int status() {
            return response.statusCode();
        }

        public JsonObject json() {
            return JsonParser.parseString(response.body()).getAsJsonObject();
        }

        public String body() {
            return response.body();
        }

        /** The name of the problem, e.g. {@code not-found}. */
        public String problem() {
            JsonElement type = json().get("type");
            return type.getAsString().substring("urn:busbar:problem:".length());
        }

        public String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        public String cookie() {
            return header("Set-Cookie").split(";")[0];
        }
    }
}
