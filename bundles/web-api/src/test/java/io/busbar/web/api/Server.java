package io.busbar.web.api;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.busbar.api.accounts.Role;
import io.busbar.web.api.backend.FakeBackend;
import io.busbar.web.api.config.Settings;
import io.busbar.web.testkit.FakeAccounts;
import io.busbar.web.testkit.WebServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** The API behind a real web server on a free port of loopback, with fakes behind it. */
final class Server extends WebServer {
    final FakeBackend services = new FakeBackend();
    final Fakes.FakeCredentials credentials = new Fakes.FakeCredentials();
    final Fakes.FakeBroker broker = new Fakes.FakeBroker();
    final Fakes.FakeNamespace namespace = new Fakes.FakeNamespace();
    final Application application;
    final int port;

    Server() throws Exception {
        this(3, 2);
    }

    Server(int maxStreams, int maxStreamsPerSession) throws Exception {
        this(maxStreams, maxStreams, maxStreamsPerSession);
    }

    Server(int maxStreams, int maxStreamsPerUser, int maxStreamsPerSession) throws Exception {
        services.accounts(accounts);
        services.credentials(credentials);
        services.broker(broker);
        services.clients(broker.clients());
        services.rejections(broker);
        services.namespace(namespace);
        application =
                new Application(
                        new Settings(
                                "Plant 7",
                                1 << 24,
                                2,
                                maxStreams,
                                maxStreamsPerUser,
                                maxStreamsPerSession,
                                30,
                                new Settings.History(100, 3, 1 << 20)),
                        services.services,
                        sessions(),
                        counters(),
                        load(),
                        memory,
                        clock);
        start(application);
        port = port();
    }

    /** A server with an administrator who is signed in. */
    static Server signedIn() throws Exception {
        Server server = new Server();
        server.signIn("admin", Role.ADMIN);
        return server;
    }

    /** Signs in as people do. */
    @Override
    public void signIn(String username, Role role) {
        accounts.add("first-admin", Role.ADMIN);
        accounts.add(username, role);
        cookie = null;
        Reply reply =
                post(
                        "/auth/login",
                        "{\"username\":\""
                                + username
                                + "\",\"password\":\""
                                + FakeAccounts.PASSWORD
                                + "\"}");
        cookie = reply.cookie();
    }

    EventReader events(String path, String... headers) throws IOException {
        return new EventReader(this, path, headers);
    }

    @Override
    public void close() throws Exception {
        application.close();
        super.close();
    }

    /** Reads a live stream, event by event. */
    static final class EventReader implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader in;

        EventReader(Server server, String path, String... headers) throws IOException {
            socket = new Socket();
            socket.setReceiveBufferSize(1 << 16);
            socket.connect(new InetSocketAddress("127.0.0.1", server.port));
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
}
