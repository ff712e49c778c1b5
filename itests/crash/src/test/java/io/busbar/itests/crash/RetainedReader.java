package io.busbar.itests.crash;

import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.mqtt.codec.ConnAck;
import io.busbar.mqtt.codec.Connect;
import io.busbar.mqtt.codec.ConnectProperties;
import io.busbar.mqtt.codec.Packet;
import io.busbar.mqtt.codec.Publish;
import io.busbar.mqtt.codec.Subscribe;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Reads all Retained Messages, and compares them with what their writers know. */
final class RetainedReader {
    private static final int QUIET_MILLIS = 150;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    private RetainedReader() {}

    /** Returns what is wrong, as soon as nothing is or nothing more comes for a long time. */
    static List<Fault> faults(int port, List<RetainedHistory> histories) throws IOException {
        try (Wire wire = new Wire(port, ProtocolVersion.MQTT_5_0)) {
            wire.patience((int) TimeUnit.NANOSECONDS.toMillis(PATIENCE_NANOS));
            wire.send(
                    new Connect(
                            ProtocolVersion.MQTT_5_0,
                            true,
                            0,
                            "retained-reader",
                            null,
                            null,
                            null,
                            ConnectProperties.NONE));
            if (!(wire.receive() instanceof ConnAck ack) || ack.reasonCode().isError()) {
                throw new IOException("not connected");
            }
            wire.send(
                    new Subscribe(
                            1,
                            0,
                            List.of(),
                            List.of(
                                    new Subscribe.Entry(
                                            TopicFilter.of(Plant.RETAINED + "#"),
                                            Qos.AT_MOST_ONCE))));
            wire.receive();
            wire.patience(QUIET_MILLIS);
            return read(wire, histories);
        }
    }

    private static List<Fault> read(Wire wire, List<RetainedHistory> histories) throws IOException {
        Map<String, String> values = new HashMap<>();
        long until = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            try {
                Packet packet = wire.receive();
                if (packet instanceof Publish publish) {
                    values.put(publish.topic().value(), Payload.read(publish.payload()).toString());
                }
            } catch (SocketTimeoutException quiet) {
                List<Fault> faults =
                        histories.stream()
                                .flatMap(
                                        history ->
                                                history
                                                        .judge(
                                                                values.getOrDefault(
                                                                        history.topic(),
                                                                        RetainedHistory.NONE))
                                                        .stream())
                                .toList();
                if (faults.isEmpty()) {
                    return faults;
                }
                if (System.nanoTime() > until) {
                    System.out.println("Retained Messages: " + values);
                    return faults;
                }
            }
        }
    }
}
