package io.busbar.itests.soak;

import com.google.gson.JsonObject;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.mqtt.codec.ConnAck;
import io.busbar.mqtt.codec.Disconnect;
import io.busbar.mqtt.codec.Packet;
import io.busbar.mqtt.codec.PubAck;
import io.busbar.mqtt.codec.Publish;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Takes away what the attackers were allowed to leave: sessions and retained messages. */
final class Cleaner {
    private static final int BURST = 100;

    private final int port;
    private final Tally tally;

    Cleaner(int port, Tally tally) {
        this.port = port;
        this.tally = tally;
    }

    void clean(Console console, List<Account> attackers) throws IOException, InterruptedException {
        Map<String, Account> byName = new HashMap<>();
        attackers.forEach(account -> byName.put(account.username(), account));
        for (JsonObject client : console.all("/clients?limit=500")) {
            Account account = byName.get(client.get("username").getAsString());
            if (account != null) {
                end(account.as(client.get("clientId").getAsString()));
                tally.count("sessions");
            }
        }
        while (removeRetained(attackers.get(0))) {
            tally.count("passes");
        }
    }

    private void end(Account account) throws IOException {
        try (Connection connection = Connection.open("127.0.0.1", port, 0, tally)) {
            connection.send(Connection.connect(account, true, 0));
            connection.next(20_000);
            connection.send(Disconnect.NORMAL);
        }
    }

    /** Reads retained messages and removes each; false if there was none. */
    private boolean removeRetained(Account account) throws IOException {
        try (Connection reader = Connection.open("127.0.0.1", port, 0, tally);
                Connection writer = Connection.open("127.0.0.1", port, 0, tally)) {
            if (!accepted(reader, account.as("cleaner-reads"))
                    || !accepted(writer, account.as("cleaner-writes"))) {
                throw new IOException("the cleaner was not let in");
            }
            reader.send(Attack.subscribe(1, Qos.AT_LEAST_ONCE, "attack/#"));
            long removed = 0;
            int packetId = 0;
            for (Packet packet; (packet = reader.next(3_000)) != null; ) {
                if (!(packet instanceof Publish message)) {
                    continue;
                }
                if (message.packetId() != 0) {
                    reader.send(new PubAck(message.packetId(), ReasonCode.SUCCESS));
                }
                if (message.payload().length > 0) {
                    packetId = packetId % 60_000 + 1;
                    writer.send(
                            Publish.of(
                                    message.topic(),
                                    new byte[0],
                                    Qos.AT_LEAST_ONCE,
                                    true,
                                    packetId));
                    removed++;
                    for (int i = 0; packetId % BURST == 0 && i < BURST; i++) {
                        writer.next(20_000);
                    }
                }
            }
            return removed > 0;
        }
    }

    private static boolean accepted(Connection connection, Account account) throws IOException {
        connection.send(Connection.connect(account, true, 0));
        return connection.next(20_000) instanceof ConnAck answer && !answer.reasonCode().isError();
    }
}
