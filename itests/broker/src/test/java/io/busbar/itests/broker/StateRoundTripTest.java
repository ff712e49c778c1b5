package io.busbar.itests.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.mqtt.UserProperty;
import io.busbar.api.storage.Delivery;
import io.busbar.api.storage.QueuedMessage;
import io.busbar.api.storage.SessionRecord;
import io.busbar.api.storage.StoreBatch.OutboundState;
import io.busbar.api.storage.SubscriptionRecord;
import io.busbar.api.transfer.BrokerState.Arrival;
import io.busbar.api.transfer.BrokerState.Arrivals;
import io.busbar.api.transfer.ImportReport;
import io.busbar.api.transfer.StatePart;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a broker keeps, another one keeps the same of it. */
class StateRoundTripTest extends TransferFixture {
    private static final int SESSIONS = 25;
    private static final String[] TEXTS = {
        "",
        "a",
        "Ж",
        "\u20ac",
        "\ud83d\ude00",
        "\"",
        "\\",
        "\u0001",
        "\u007f",
        "\u2028",
        "</x>",
        "\n",
        "'",
        " ",
    };

    private Random random;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void whatIsImported_isWhatWasExported(long seed) throws IOException {
        random = new Random(seed);
        for (int i = 0; i < SESSIONS; i++) {
            fill("s" + i + text());
            Message message = message("r/" + i, true);
            from.broker().publish(message).toCompletableFuture().join();
        }
        String lines = export(from);

        ImportReport report = take(to, lines, KEEP);

        assertThat(report.problems()).isEmpty();
        assertThat(report.parts().get(StatePart.SESSIONS).created()).isEqualTo(SESSIONS);
        assertThat(report.parts().get(StatePart.RETAINED).created()).isEqualTo(SESSIONS);
        assertThat(parts(export(to))).isEqualTo(parts(lines));
    }

    /** Each session with its lines, and each retained message: in no order. */
    private static Set<String> parts(String lines) {
        Set<String> parts = new HashSet<>();
        StringBuilder part = new StringBuilder();
        for (String line : body(lines)) {
            if (!line.startsWith("{\"type\":\"subscription\"")
                    && !line.startsWith("{\"type\":\"message\"")) {
                parts.add(part.toString());
                part.setLength(0);
            }
            part.append(line).append('\n');
        }
        return parts;
    }

    private void fill(String clientId) {
        long now = System.currentTimeMillis();
        SessionRecord record =
                new SessionRecord(
                        0,
                        clientId,
                        text(),
                        text(),
                        random.nextBoolean() ? 0xFFFF_FFFFL : 1_000 + random.nextInt(100_000),
                        now - random.nextInt(1_000_000),
                        now - random.nextInt(100_000),
                        random.nextBoolean()
                                ? message("will/" + text(), random.nextBoolean())
                                : null,
                        1_000 + random.nextInt(1_000));
        try (Arrivals arrivals = arrivals(from);
                Arrival arrival = arrivals.begin(record)) {
            for (int i = random.nextInt(3); i > 0; i--) {
                arrival.inbound(i * 7);
            }
            for (int i = random.nextInt(4); i > 0; i--) {
                boolean shared = random.nextInt(3) == 0;
                arrival.subscribe(
                        new SubscriptionRecord(
                                (shared ? "$share/g/" : "")
                                        + i
                                        + "/"
                                        + text()
                                        + (shared ? "/#" : "/+"),
                                qos(0),
                                !shared && random.nextBoolean(),
                                random.nextBoolean(),
                                random.nextInt(3),
                                random.nextBoolean() ? 0 : 1 + random.nextInt(268_435_455)));
            }
            int sent = random.nextInt(4);
            for (int i = 0; i < sent + random.nextInt(4); i++) {
                arrival.queue(queued(i < sent ? i * 3 + 1 : 0));
            }
            arrival.complete(() -> {});
            arrivals.settle();
        }
    }

    private QueuedMessage queued(int packetId) {
        Message message = message("m/" + text(), random.nextBoolean());
        Qos qos = message.qos() == Qos.AT_LEAST_ONCE ? Qos.AT_LEAST_ONCE : qos(1);
        OutboundState state = null;
        if (packetId != 0) {
            state =
                    qos == Qos.EXACTLY_ONCE && random.nextBoolean()
                            ? OutboundState.RELEASED
                            : OutboundState.PUBLISHED;
        }
        return new QueuedMessage(
                0,
                message,
                new Delivery(
                        qos,
                        random.nextBoolean(),
                        IntStream.range(0, random.nextInt(3))
                                .map(i -> 1 + random.nextInt(100))
                                .toArray(),
                        random.nextBoolean() ? null : "$share/g/" + text() + "/#"),
                packetId,
                state);
    }

    private Message message(String topic, boolean retain) {
        byte[] payload = new byte[1 + random.nextInt(300)];
        random.nextBytes(payload);
        List<UserProperty> user = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            user.add(new UserProperty(text(), text()));
        }
        return new Message(
                TopicName.of(topic),
                payload,
                qos(1),
                retain,
                random.nextInt(4) == 0
                        ? MessageProperties.NONE
                        : new MessageProperties(
                                random.nextInt(3) - 1,
                                random.nextBoolean() ? -1 : 100_000 + random.nextInt(1_000),
                                random.nextBoolean() ? null : text(),
                                random.nextBoolean() ? null : "answer/" + text(),
                                random.nextBoolean() ? null : payload,
                                user),
                random.nextInt(4) == 0
                        ? Publisher.SERVER
                        : new Publisher(
                                text(), text(), text(), random.nextBoolean() ? null : text()),
                System.currentTimeMillis() - random.nextInt(1_000_000));
    }

    private Qos qos(int least) {
        return Qos.of(least + random.nextInt(3 - least));
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(5); i > 0; i--) {
            text.append(TEXTS[random.nextInt(TEXTS.length)]);
        }
        return text.toString();
    }
}
