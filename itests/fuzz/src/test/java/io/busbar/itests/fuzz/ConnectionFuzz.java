package io.busbar.itests.fuzz;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Whole connections: up to three clients, a broker, its store and time. The first byte of an input
 * says how the server is set up; then comes one step after the other, each begun by a mark:
 *
 * <pre>
 * first: | store is held 1 | all clients on one loop 1 | little is offered 1 | unused 5 |
 * step:  | 0xFE | kind 2 bits, argument 6 bits | bytes… |
 *
 * kind     argument
 * BYTES    | cut in pieces of 2^n - 1 bytes, 0 = one piece: 3 bits | no rest after 1 | client 2 |
 * PACKET   | its last byte does not come 1 | size of padding 2 bits | no rest after 1 | client 2 |
 * NETWORK  | what 3 bits | no rest after 1 | client 2 |
 * SERVER   | what 6 bits |
 * </pre>
 *
 * <p>The bytes of PACKET are a packet without its Remaining Length, which is put in: what is
 * inserted into it does not end its meaning. 0xFE 0xFE is the byte 0xFE. A client whose connection
 * is over connects anew with its next step.
 */
public final class ConnectionFuzz {
    /** Begins a step. */
    public static final int MARK = 0xFE;

    public static final int HELD_STORE = 0x80;
    public static final int ONE_LOOP = 0x40;
    public static final int LITTLE_OFFERED = 0x20;

    public static final int BYTES = 0x00;
    public static final int PACKET = 0x40;
    public static final int NETWORK = 0x80;
    public static final int SERVER = 0xC0;

    /** The last byte of a PACKET does not come. */
    public static final int INCOMPLETE = 0x20;

    /** After a step of a client the loops do not come to rest. */
    public static final int NO_REST = 0x04;

    public static final int NETWORK_LOSE = 0;
    public static final int NETWORK_TAKE_NOTHING = 1;
    public static final int NETWORK_TAKE = 2;
    public static final int NETWORK_ACKNOWLEDGE_ONE = 3;
    public static final int NETWORK_ACKNOWLEDGE = 4;

    public static final int SERVER_TURN = 0;
    public static final int SERVER_REST = 3;
    public static final int SERVER_HOLD_STORE = 4;
    public static final int SERVER_RELEASE_ONE = 5;
    public static final int SERVER_RELEASE = 6;
    public static final int SERVER_DISCONNECT = 7;
    public static final int SERVER_DISCONNECT_AND_END = 8;
    public static final int SERVER_TIME = 16;

    private static final int[] TIMES = {10, 100, 250, 500, 1_000, 2_000, 3_000, 5_000};
    private static final int[] PADDING = {0, 1 << 10, 17 << 10, 33 << 10};
    private static final int CLIENTS = 3;

    /** One that offers everything, and one that offers little. */
    private static final @Nullable FuzzServer[] KNOWN = new FuzzServer[2];

    private final FuzzServer server;
    private final @Nullable FuzzClient[] clients = new FuzzClient[CLIENTS];
    private final boolean oneLoop;

    private ConnectionFuzz(FuzzServer server, int setup) {
        this.server = server;
        this.oneLoop = (setup & ONE_LOOP) != 0;
        server.store().hold((setup & HELD_STORE) != 0);
    }

    /** Loads the server before the first input: that takes longer than an input may. */
    public static void fuzzerInitialize() {
        fuzzerTestOneInput(new byte[] {0, 0});
        fuzzerTestOneInput(new byte[] {LITTLE_OFFERED, 0});
    }

    /** The entry of the fuzzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length < 2) {
            return;
        }
        int kind = (input[0] & LITTLE_OFFERED) == 0 ? 0 : 1;
        FuzzServer server = KNOWN[kind];
        if (server == null) {
            server = new FuzzServer(kind == 1);
        }
        ErrorLog.clear();
        // After a finding the next input gets a server of its own.
        KNOWN[kind] = null;
        boolean held = false;
        try {
            server.begin();
            new ConnectionFuzz(server, input[0]).steps(input);
            server.end();
            held = true;
        } finally {
            // What was logged says more than what came of it.
            ErrorLog.check();
            if (!held) {
                server.close();
            }
        }
        KNOWN[kind] = server;
    }

    private void steps(byte[] input) {
        int step = BYTES;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int at = 1; at < input.length; at++) {
            if ((input[at] & 0xFF) != MARK || at + 1 == input.length) {
                bytes.write(input[at]);
            } else if ((input[++at] & 0xFF) == MARK) {
                bytes.write(MARK);
            } else {
                take(step, bytes.toByteArray());
                bytes.reset();
                step = input[at] & 0xFF;
            }
        }
        take(step, bytes.toByteArray());
    }

    private void take(int step, byte[] bytes) {
        switch (step & 0xC0) {
            case BYTES -> bytes(step, bytes);
            case PACKET -> packet(step, bytes);
            case NETWORK -> network(step);
            default -> server(step & 0x3F);
        }
    }

    private FuzzClient client(int step) {
        int number = Math.min(step & 3, CLIENTS - 1);
        FuzzClient client = clients[number];
        if (client == null || !client.isOpen()) {
            client = server.connect(oneLoop ? 0 : number & 1);
            clients[number] = client;
        }
        return client;
    }

    private void rest(int step) {
        if ((step & NO_REST) == 0) {
            server.settle();
        }
    }

    private void bytes(int step, byte[] bytes) {
        if (bytes.length == 0) {
            return;
        }
        FuzzClient client = client(step);
        int pieces = step >> 3 & 7;
        int size = pieces == 0 ? bytes.length : (1 << pieces) - 1;
        for (int at = 0; at < bytes.length && client.isOpen(); at += size) {
            client.send(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + size)));
            rest(step);
        }
    }

    private void packet(int step, byte[] bytes) {
        if (bytes.length == 0) {
            return;
        }
        int length = bytes.length - 1 + PADDING[step >> 3 & 3];
        byte[] header = new byte[5];
        int at = 0;
        header[at++] = bytes[0];
        int rest = length;
        for (; rest > 0x7F; rest >>>= 7) {
            header[at++] = (byte) (rest & 0x7F | 0x80);
        }
        header[at++] = (byte) rest;
        byte[] packet = Arrays.copyOf(header, at + length);
        System.arraycopy(bytes, 1, packet, at, bytes.length - 1);
        boolean incomplete = (step & INCOMPLETE) != 0;
        client(step).send(incomplete ? Arrays.copyOf(packet, packet.length - 1) : packet);
        rest(step);
    }

    private void network(int step) {
        FuzzClient client = clients[Math.min(step & 3, CLIENTS - 1)];
        if (client == null) {
            return;
        }
        switch (step >> 3 & 7) {
            case NETWORK_LOSE -> client.lose();
            case NETWORK_TAKE_NOTHING -> client.taking(false);
            case NETWORK_TAKE -> client.taking(true);
            case NETWORK_ACKNOWLEDGE_ONE -> client.acknowledge(1);
            case NETWORK_ACKNOWLEDGE -> client.acknowledge(Integer.MAX_VALUE);
            default -> {
                // Nothing happens.
            }
        }
        rest(step);
    }

    private void server(int what) {
        if (what >= SERVER_TIME) {
            server.advance(TIMES[what & 7]);
            return;
        }
        switch (what) {
            case SERVER_TURN, SERVER_TURN + 1, SERVER_TURN + 2 -> server.turn(what);
            case SERVER_REST -> server.settle();
            case SERVER_HOLD_STORE -> server.store().hold(true);
            case SERVER_RELEASE_ONE -> server.store().release();
            case SERVER_RELEASE -> {
                server.store().hold(false);
                while (server.store().release()) {
                    server.settle();
                }
            }
            case SERVER_DISCONNECT -> server.disconnectAll(false);
            case SERVER_DISCONNECT_AND_END -> server.disconnectAll(true);
            default -> {
                // Nothing happens.
            }
        }
    }
}
