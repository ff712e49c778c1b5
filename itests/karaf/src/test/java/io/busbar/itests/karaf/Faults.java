package io.busbar.itests.karaf;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** A client that sends what no client should. */
final class Faults {
    private static final int PATIENCE_MS = 300;

    private Faults() {}

    /** Sends bytes, reads what comes back for a moment, and is gone without a farewell. */
    static void send(int port, String bytes) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoLinger(true, 0);
            socket.setSoTimeout(PATIENCE_MS);
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            while (socket.getInputStream().read() >= 0) {
                continue;
            }
        } catch (SocketTimeoutException waits) {
            // The server waits for more: it is cut off in the middle.
            return;
        } catch (IOException closed) {
            // The server has closed already.
            return;
        }
    }
}
