package io.busbar.itests.soak;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Attacks over HTTP, of strangers and of somebody who may sign in. */
final class HttpAttacks {
    private static final int ANSWER_MILLIS = 15_000;

    private HttpAttacks() {}

    /** Sends requests byte by byte as it likes. */
    abstract static class Requests extends Attack {
        Requests(String name, Orders orders, Tally tally, String address) {
            super(name, orders, tally, address);
        }

        final Socket socket() throws IOException {
            return Connection.socket(address(), orders().httpPort(), 0);
        }

        final Socket socket(int receiveBuffer) throws IOException {
            return Connection.socket(address(), orders().httpPort(), receiveBuffer);
        }

        final byte[] head(String method, String path, String more) {
            return head(method, path, "127.0.0.1:" + orders().httpPort(), more);
        }

        static byte[] head(String method, String path, String host, String more) {
            return (method
                            + " /api/v1"
                            + path
                            + " HTTP/1.1\r\nHost: "
                            + host
                            + "\r\nX-Busbar-Request: 1\r\nContent-Type: application/json\r\n"
                            + more
                            + "\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1);
        }

        /** Reads what comes until the end of the header, and counts the status. */
        final String answer(Socket socket) throws IOException {
            socket.setSoTimeout(ANSWER_MILLIS);
            InputStream in = socket.getInputStream();
            StringBuilder header = new StringBuilder();
            while (header.indexOf("\r\n\r\n") < 0) {
                int next = in.read();
                if (next < 0) {
                    throw new EOFException("closed by the server");
                }
                header.append((char) next);
            }
            tally().count("HTTP " + header.substring(9, 12));
            return header.toString();
        }
    }

    /** A megabyte of small objects for whoever reads it before it asks who sent it. */
    static final class Bodies extends Requests {
        private static final byte[] BODY =
                ("{\"username\":[" + "{},".repeat(349_000) + "{}]}")
                        .getBytes(StandardCharsets.ISO_8859_1);

        private final String path;

        Bodies(Orders orders, Tally tally, String address, String path) {
            super("bodies of 1 MiB without sign-in", orders, tally, address);
            this.path = path;
        }

        @Override
        void round() throws Exception {
            try (Socket socket = socket()) {
                tally().count("sent");
                socket.getOutputStream()
                        .write(head("POST", path, "Content-Length: " + BODY.length + "\r\n"));
                try {
                    socket.getOutputStream().write(BODY);
                } catch (IOException closed) {
                    tally().count("not taken to the end");
                }
                answer(socket);
            }
            Thread.sleep(50);
        }
    }

    /** Bodies that come a byte now and then, on many connections. */
    static final class SlowBodies extends Requests {
        private static final int CONNECTIONS = 64;
        private static final int BETWEEN_MILLIS = 20_000;

        private final Socket[] sockets = new Socket[CONNECTIONS];

        SlowBodies(Orders orders, Tally tally, String address) {
            super("bodies of a byte in 20 s", orders, tally, address);
        }

        @Override
        void round() throws Exception {
            for (int i = 0; i < CONNECTIONS; i++) {
                if (sockets[i] == null) {
                    sockets[i] = socket();
                    sockets[i]
                            .getOutputStream()
                            .write(head("POST", "/auth/login", "Content-Length: 8000\r\n"));
                    tally().count("sent");
                }
                try {
                    sockets[i].getOutputStream().write('{');
                    if (sockets[i].getInputStream().available() > 0) {
                        answer(sockets[i]);
                        throw new EOFException("answered");
                    }
                } catch (IOException ended) {
                    tally().count("ended by the server");
                    sockets[i].close();
                    sockets[i] = null;
                }
                Thread.sleep(BETWEEN_MILLIS / CONNECTIONS);
            }
        }
    }

    /** Bodies whose senders go away in the middle. */
    static final class AbortedBodies extends Requests {
        AbortedBodies(Orders orders, Tally tally, String address) {
            super("bodies that are aborted", orders, tally, address);
        }

        @Override
        void round() throws Exception {
            try (Socket socket = socket()) {
                socket.setSoLinger(true, 0);
                socket.getOutputStream()
                        .write(head("POST", "/auth/login", "Content-Length: 8000\r\n"));
                socket.getOutputStream().write(new byte[4_000]);
                tally().count("sent");
            }
            Thread.sleep(50);
        }
    }

    /** Requests for hosts that this server is not. */
    static final class BadHosts extends Requests {
        BadHosts(Orders orders, Tally tally, String address) {
            super("hosts that this is not", orders, tally, address);
        }

        @Override
        void round() throws Exception {
            try (Socket socket = socket()) {
                String host = "x".repeat(200) + number() + ".example";
                socket.getOutputStream().write(head("GET", "/setup", host, ""));
                tally().count("sent");
                answer(socket);
            }
            Thread.sleep(50);
        }
    }

    /** Somebody who is signed in. */
    abstract static class SignedIn extends Requests {
        private String cookie;

        SignedIn(String name, Orders orders, Tally tally, String address) {
            super(name, orders, tally, address);
        }

        /** A request with the session's cookie; signs in first where that is needed. */
        final byte[] signed(String path) throws IOException {
            if (cookie == null) {
                signIn();
            }
            return head("GET", path, "Cookie: " + cookie + "\r\n");
        }

        final void signOut() {
            cookie = null;
        }

        private void signIn() throws IOException {
            byte[] body =
                    ("{\"username\":\""
                                    + orders().admin().username()
                                    + "\",\"password\":\""
                                    + orders().admin().password()
                                    + "\"}")
                            .getBytes(StandardCharsets.UTF_8);
            try (Socket socket = socket()) {
                socket.getOutputStream()
                        .write(
                                head(
                                        "POST",
                                        "/auth/login",
                                        "Content-Length: " + body.length + "\r\n"));
                socket.getOutputStream().write(body);
                String answer = answer(socket);
                int begin = answer.indexOf("busbar_session_");
                if (begin < 0) {
                    throw new IOException("not signed in: " + answer.lines().findFirst());
                }
                cookie = answer.substring(begin, answer.indexOf(';', begin));
            }
        }
    }

    /** Exports the namespace again and again; takes it slowly, or goes away. */
    static final class Export extends SignedIn {
        private int turn;

        Export(Orders orders, Tally tally, String address) {
            super("exports of the namespace", orders, tally, address);
        }

        @Override
        void round() throws Exception {
            byte[] request = signed("/namespace/export");
            List<Socket> sockets = new ArrayList<>();
            try {
                for (int i = 0; i < 4; i++) {
                    Socket socket = socket(8 << 10);
                    sockets.add(socket);
                    socket.getOutputStream().write(request);
                    tally().count("sent");
                }
                Thread.sleep(1_000);
                for (Socket socket : sockets) {
                    if (answer(socket).startsWith("HTTP/1.1 401")) {
                        signOut();
                    }
                    if (turn++ % 4 == 0) {
                        readSome(socket);
                    }
                }
            } finally {
                for (Socket socket : sockets) {
                    socket.close();
                }
            }
        }

        /** At most 5 s of it. */
        private void readSome(Socket socket) throws IOException {
            long until = System.currentTimeMillis() + 5_000;
            byte[] buffer = new byte[8 << 10];
            socket.setSoTimeout(1_000);
            long bytes = 0;
            try {
                for (int read = 0; read >= 0 && System.currentTimeMillis() < until; ) {
                    read = socket.getInputStream().read(buffer);
                    bytes += Math.max(0, read);
                }
            } catch (SocketTimeoutException end) {
                tally().count("nothing more within 1 s");
            }
            tally().add("bytes read", bytes);
        }
    }

    /** Live streams of everything, not read. */
    static final class Streams extends SignedIn {
        private static final int CONNECTIONS = 16;

        private final List<Socket> sockets = new ArrayList<>();

        Streams(Orders orders, Tally tally, String address) {
            super("live streams that are not read", orders, tally, address);
        }

        @Override
        void round() throws Exception {
            if (sockets.size() == CONNECTIONS) {
                sockets.remove(0).close();
                Thread.sleep(1_000);
            }
            Socket socket = socket(4 << 10);
            sockets.add(socket);
            socket.getOutputStream()
                    .write(
                            signed(
                                    sockets.size() % 2 == 0
                                            ? "/namespace/events?topic=%23"
                                            : "/events?channels=stats,clients,rejections"));
            tally().count("sent");
            String answer = answer(socket);
            if (answer.startsWith("HTTP/1.1 401")) {
                signOut();
            }
            Thread.sleep(answer.startsWith("HTTP/1.1 200") ? 100 : 1_000);
        }
    }
}
