package io.busbar.itests.karaf;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** The smallest MQTT client that can be refused, pinged and sent away: bytes on a socket. */
final class MqttSocket implements Closeable {

    private static final int TIMEOUT_MILLIS = 10_000;

    private final Socket socket = new Socket();
    private final boolean v5;
    private DataInputStream in;
    private DataOutputStream out;

    private MqttSocket(boolean v5) {
        this.v5 = v5;
    }

    static MqttSocket v311(int port) throws IOException {
        return new MqttSocket(false).open(port);
    }

    static MqttSocket v5(int port) throws IOException {
        return new MqttSocket(true).open(port);
    }

    private MqttSocket open(int port) throws IOException {
        socket.connect(new InetSocketAddress("127.0.0.1", port), TIMEOUT_MILLIS);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        in = new DataInputStream(socket.getInputStream());
        out = new DataOutputStream(socket.getOutputStream());
        return this;
    }

    /** Sends CONNECT for a session of its own and returns the code of the CONNACK. */
    int connect(String clientId, String username, String password) throws IOException {
        return connack(clientId, username, password, true)[1] & 0xFF;
    }

    /** Asks of MQTT 3 for a session that stays; returns whether it was there. */
    boolean resume(String clientId, String username, String password) throws IOException {
        byte[] connack = connack(clientId, username, password, false);
        if (connack[1] != 0) {
            throw new IOException("CONNACK: " + connack[1]);
        }
        return connack[0] == 1;
    }

    private byte[] connack(String clientId, String username, String password, boolean clean)
            throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream body = new DataOutputStream(bytes);
        body.writeUTF("MQTT");
        body.writeByte(v5 ? 5 : 4);
        int flags = (clean ? 0x02 : 0) | (username == null ? 0 : 0xC0);
        body.writeByte(flags);
        body.writeShort(60);
        if (v5) {
            body.writeByte(0);
        }
        body.writeUTF(clientId);
        if (username != null) {
            body.writeUTF(username);
            byte[] secret = password.getBytes(StandardCharsets.UTF_8);
            body.writeShort(secret.length);
            body.write(secret);
        }
        send(0x10, bytes.toByteArray());
        return receive(0x20);
    }

    /** Subscribes at QoS 0 and returns the code of the SUBACK. */
    int subscribe(String filter) throws IOException {
        return subscribe(filter, 0);
    }

    /** Subscribes and returns the code of the SUBACK. */
    int subscribe(String filter, int qos) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream body = new DataOutputStream(bytes);
        body.writeShort(1);
        if (v5) {
            body.writeByte(0);
        }
        body.writeUTF(filter);
        body.writeByte(qos);
        send(0x82, bytes.toByteArray());
        byte[] suback = receive(0x90);
        return suback[suback.length - 1] & 0xFF;
    }

    /** Publishes at QoS 0. */
    void publish(String topic, String payload) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream body = new DataOutputStream(bytes);
        body.writeUTF(topic);
        if (v5) {
            body.writeByte(0);
        }
        body.write(payload.getBytes(StandardCharsets.UTF_8));
        send(0x30, bytes.toByteArray());
    }

    /** Publishes at QoS 1 and waits for PUBACK, which has to say that all is well. */
    void publishSafely(String topic, String payload, boolean retain) throws IOException {
        int code = puback(topic, payload, retain);
        if (code >= 0x80) {
            throw new IOException("PUBACK: " + code);
        }
    }

    /**
     * Publishes at QoS 1 and returns the code of the PUBACK. It throws {@link java.io.EOFException}
     * if the server closes the connection instead.
     */
    int puback(String topic, String payload, boolean retain) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream body = new DataOutputStream(bytes);
        body.writeUTF(topic);
        body.writeShort(7);
        if (v5) {
            body.writeByte(0);
        }
        body.write(payload.getBytes(StandardCharsets.UTF_8));
        send(retain ? 0x33 : 0x32, bytes.toByteArray());
        byte[] puback = receive(0x40);
        return puback.length > 2 ? puback[2] & 0xFF : 0;
    }

    /** Waits for a PUBLISH of QoS 0 and returns its payload. */
    String message() throws IOException {
        return message(0);
    }

    /** Waits for a PUBLISH of QoS 1, which is not acknowledged, and returns its payload. */
    String unacknowledged() throws IOException {
        return message(2);
    }

    private String message(int identifier) throws IOException {
        byte[] publish = receive(0x30);
        int start = 2 + length(publish) + identifier + (v5 ? 1 : 0);
        return new String(publish, start, publish.length - start, StandardCharsets.UTF_8);
    }

    private static int length(byte[] publish) {
        return ((publish[0] & 0xFF) << 8) | (publish[1] & 0xFF);
    }

    /** Waits for a PUBLISH of QoS 1, acknowledges it, and returns its payload. */
    String acknowledged() throws IOException {
        byte[] publish = receive(0x30);
        int identifier = 2 + length(publish);
        send(0x40, new byte[] {publish[identifier], publish[identifier + 1]});
        int start = identifier + 2 + (v5 ? 1 : 0);
        return new String(publish, start, publish.length - start, StandardCharsets.UTF_8);
    }

    /** Proves that the connection is alive. */
    void ping() throws IOException {
        send(0xC0, new byte[0]);
        receive(0xD0);
    }

    /** Waits for DISCONNECT and returns its reason code. */
    int disconnected() throws IOException {
        byte[] disconnect = receive(0xE0);
        return disconnect.length == 0 ? 0 : disconnect[0] & 0xFF;
    }

    private void send(int header, byte[] body) throws IOException {
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        packet.write(header);
        int length = body.length;
        while (length > 127) {
            packet.write(length & 0x7F | 0x80);
            length >>= 7;
        }
        packet.write(length);
        packet.write(body);
        out.write(packet.toByteArray());
        out.flush();
    }

    private byte[] receive(int expected) throws IOException {
        int header = in.readUnsignedByte();
        int length = 0;
        int shift = 0;
        int digit;
        do {
            digit = in.readUnsignedByte();
            length |= (digit & 0x7F) << shift;
            shift += 7;
        } while ((digit & 0x80) != 0);
        byte[] body = in.readNBytes(length);
        if ((header & 0xF0) != expected) {
            throw new IOException(
                    "packet: 0x"
                            + Integer.toHexString(header)
                            + " (expected: 0x"
                            + Integer.toHexString(expected)
                            + ")");
        }
        return body;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
