package io.busbar.itests.soak;

import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;
import io.busbar.mqtt.codec.Publish;
import io.busbar.mqtt.codec.Subscribe;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * One attacker: does the same again and again, with pauses, and begins anew when the server ends
 * its connection.
 */
abstract class Attack implements Runnable {
    private static final AtomicLong NUMBERS = new AtomicLong();

    private final String name;
    private final Orders orders;
    private final Tally tally;
    private final String address;

    Attack(String name, Orders orders, Tally tally, String address) {
        this.name = name;
        this.orders = orders;
        this.tally = tally;
        this.address = address;
    }

    final String name() {
        return name;
    }

    final Orders orders() {
        return orders;
    }

    final Tally tally() {
        return tally;
    }

    /** The address that the server sees, which is not that of the innocent. */
    final String address() {
        return address;
    }

    /** One connection's life, or one request. */
    abstract void round() throws Exception;

    @Override
    public final void run() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                round();
            } catch (InterruptedException e) {
                return;
            } catch (IOException e) {
                tally.count("connections lost");
                if (!pause(250)) {
                    return;
                }
            } catch (Exception e) {
                tally.count("failed: " + e);
                if (!pause(1_000)) {
                    return;
                }
            }
        }
    }

    private static boolean pause(int millis) {
        try {
            Thread.sleep(millis);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    final Connection open() throws IOException {
        return open(0);
    }

    final Connection open(int receiveBuffer) throws IOException {
        return Connection.open(address, orders.mqttPort(), receiveBuffer, tally);
    }

    /** A connection whose CONNECT the server has accepted. */
    final Connection connected(Account account) throws IOException {
        Connection connection = open();
        try {
            if (connection.accepted(Connection.connect(account, true, 0))) {
                return connection;
            }
        } catch (IOException e) {
            connection.close();
            throw e;
        }
        connection.close();
        throw new IOException("refused");
    }

    /** Never the same twice. */
    static long number() {
        return NUMBERS.incrementAndGet();
    }

    static Publish publish(String topic, byte[] payload, boolean retain, int packetId) {
        return Publish.of(
                TopicName.of(topic),
                payload,
                packetId == 0 ? Qos.AT_MOST_ONCE : Qos.AT_LEAST_ONCE,
                retain,
                packetId);
    }

    static Subscribe subscribe(int packetId, Qos qos, String... filters) {
        return new Subscribe(
                packetId,
                0,
                List.of(),
                Stream.of(filters)
                        .map(filter -> new Subscribe.Entry(TopicFilter.of(filter), qos))
                        .toList());
    }
}
