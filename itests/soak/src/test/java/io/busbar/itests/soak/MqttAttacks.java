package io.busbar.itests.soak;

import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.mqtt.UserProperty;
import io.busbar.mqtt.codec.Publish;
import io.busbar.mqtt.codec.Unsubscribe;
import io.busbar.testkit.client.Packets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;

/** Attacks over MQTT by clients that are let in. Each class says what it wants to fill. */
final class MqttAttacks {
    /** The longest that may be, less a little. */
    private static final int LONG = 65_000;

    private static final byte[] ONE_BYTE = {1};

    private MqttAttacks() {}

    /** Publishes at QoS 1 and counts the answers. */
    abstract static class Publishing extends Attack {
        private final Account account;
        private final int burst;
        private final int pauseMillis;

        Publishing(
                String name,
                Orders orders,
                Tally tally,
                String address,
                Account account,
                int burst,
                int pauseMillis) {
            super(name, orders, tally, address);
            this.account = account;
            this.burst = burst;
            this.pauseMillis = pauseMillis;
        }

        final Account account() {
            return account;
        }

        abstract Publish message(long number, int packetId);

        @Override
        final void round() throws Exception {
            try (Connection connection = connected(account)) {
                for (int packetId = 1; ; ) {
                    for (int i = 0; i < burst; i++) {
                        connection.send(message(number(), packetId));
                        tally().count("sent");
                        packetId = packetId % 60_000 + 1;
                    }
                    connection.drain(pauseMillis);
                    Thread.sleep(pauseMillis / 2);
                }
            }
        }
    }

    /** The tree of retained messages: a byte that costs hundreds of nodes. */
    static final class RetainedDeep extends Publishing {
        private static final String LEVELS = "/a".repeat(190);

        RetainedDeep(Orders orders, Tally tally, String address, Account account) {
            super("retained, 195 levels", orders, tally, address, account, 50, 50);
        }

        @Override
        Publish message(long number, int packetId) {
            String topic = "attack/" + account().username() + "/" + number + LEVELS;
            return publish(topic, ONE_BYTE, true, packetId);
        }
    }

    /** Retained messages whose topics are larger than what they say. */
    static final class RetainedLong extends Publishing {
        RetainedLong(Orders orders, Tally tally, String address, Account account) {
            super("retained, topics of 65 KB", orders, tally, address, account, 5, 50);
        }

        @Override
        Publish message(long number, int packetId) {
            return publish(longTopic(account(), number), ONE_BYTE, true, packetId);
        }
    }

    /** Retained messages with nothing but properties. */
    static final class RetainedProperties extends Publishing {
        private static final MessageProperties PROPERTIES =
                new MessageProperties(
                        MessageProperties.ABSENT,
                        MessageProperties.ABSENT,
                        null,
                        null,
                        null,
                        Collections.nCopies(256, new UserProperty("k", "v".repeat(14_000))));

        RetainedProperties(Orders orders, Tally tally, String address, Account account) {
            super("retained, 3.6 MB of User Properties", orders, tally, address, account, 1, 500);
        }

        @Override
        Publish message(long number, int packetId) {
            String topic = "attack/" + account().username() + "/properties/" + number;
            return new Publish(
                    false,
                    Qos.AT_LEAST_ONCE,
                    true,
                    packetId,
                    TopicName.of(topic),
                    0,
                    PROPERTIES,
                    new int[0],
                    ONE_BYTE);
        }
    }

    /** Many retained messages that are small. */
    static final class RetainedMany extends Publishing {
        RetainedMany(Orders orders, Tally tally, String address, Account account) {
            super("retained, many small", orders, tally, address, account, 200, 100);
        }

        @Override
        Publish message(long number, int packetId) {
            String topic = "attack/" + account().username() + "/many/" + number;
            return publish(topic, new byte[16], true, packetId);
        }
    }

    /** Topics that nobody has modelled, which the namespace remembers. */
    static final class Unmodelled extends Publishing {
        Unmodelled(Orders orders, Tally tally, String address, Account account) {
            super("topics nobody modelled, 65 KB", orders, tally, address, account, 5, 50);
        }

        @Override
        Publish message(long number, int packetId) {
            return publish(longTopic(account(), number), new byte[64], false, packetId);
        }
    }

    /** Values of topics that are modelled: what live streams and stored values are made of. */
    static final class Values extends Publishing {
        private final int topics;

        Values(Orders orders, Tally tally, String address, Account account, int topics) {
            super("values of the namespace", orders, tally, address, account, 20, 100);
            this.topics = topics;
        }

        @Override
        Publish message(long number, int packetId) {
            byte[] payload = ("{\"value\":" + number + "}").getBytes(StandardCharsets.UTF_8);
            return publish(Plant.topic((int) (number % topics)), payload, false, packetId);
        }
    }

    /** Publishes to whom does not read and to sessions that are away. */
    static final class Flood extends Publishing {
        Flood(Orders orders, Tally tally, String address, Account account) {
            super("flood of a topic", orders, tally, address, account, 4, 100);
        }

        @Override
        Publish message(long number, int packetId) {
            return publish("attack/flood", new byte[8 << 10], false, packetId);
        }
    }

    /** Topic aliases that the server has to remember: 2 MB for each connection. */
    static final class Aliases extends Attack {
        private static final int CONNECTIONS = 30;

        private final Account account;
        private final Deque<Connection> connections = new ArrayDeque<>();

        Aliases(Orders orders, Tally tally, String address, Account account) {
            super("topic aliases of 65 KB topics", orders, tally, address);
            this.account = account;
        }

        @Override
        void round() throws Exception {
            if (connections.size() == CONNECTIONS) {
                connections.removeFirst().close();
            }
            Connection connection = connected(account.as("alias" + number()));
            connections.add(connection);
            for (int alias = 1; alias <= 32; alias++) {
                connection.send(
                        new Publish(
                                false,
                                Qos.AT_LEAST_ONCE,
                                false,
                                alias,
                                TopicName.of(longTopic(account, number())),
                                alias,
                                MessageProperties.NONE,
                                new int[0],
                                ONE_BYTE));
                tally().count("sent");
                connection.drain(10);
            }
            connection.drain(100);
            Thread.sleep(200);
        }
    }

    /** Subscriptions whose filters are as long as may be. */
    static final class LongFilters extends Attack {
        private final Account account;

        LongFilters(Orders orders, Tally tally, String address, Account account) {
            super("filters of 65 KB", orders, tally, address);
            this.account = account;
        }

        @Override
        void round() throws Exception {
            try (Connection connection = connected(account)) {
                for (int packetId = 1; packetId < 60_000; packetId++) {
                    connection.send(
                            subscribe(packetId, Qos.AT_LEAST_ONCE, longTopic(account, number())));
                    tally().count("sent");
                    connection.drain(20);
                    Thread.sleep(10);
                }
            }
        }
    }

    /** Sessions that are away and miss much, and come back without acknowledging. */
    static final class Offline extends Attack {
        private static final int SESSIONS = 25;
        private static final long DAY = 86_400;

        private final Account account;
        private int next;

        Offline(Orders orders, Tally tally, String address, Account account) {
            super("sessions that are away", orders, tally, address);
            this.account = account;
        }

        @Override
        void round() throws Exception {
            int session = next++ % SESSIONS;
            try (Connection connection = open()) {
                Account own = account.as(account.clientId() + "-" + session);
                if (!connection.accepted(Connection.connect(own, false, DAY))) {
                    throw new IOException("refused");
                }
                connection.send(subscribe(1, Qos.AT_LEAST_ONCE, "attack/flood"));
                connection.drain(50);
            }
            Thread.sleep(200);
        }
    }

    /** Subscribers to everything that do not read. */
    static final class NotReading extends Attack {
        private static final int CONNECTIONS = 80;
        private static final int RECEIVE_BUFFER = 4 << 10;

        private final Account account;
        private final List<Connection> connections = new ArrayList<>();

        NotReading(Orders orders, Tally tally, String address, Account account) {
            super("subscribers to # that do not read", orders, tally, address);
            this.account = account;
        }

        @Override
        void round() throws Exception {
            if (connections.size() == CONNECTIONS) {
                // Some of them come anew, should the server have ended them.
                connections.remove(0).close();
                Thread.sleep(1_000);
            }
            Connection connection = open(RECEIVE_BUFFER);
            connections.add(connection);
            Account own = account.as("deaf" + number());
            if (!connection.accepted(Connection.connect(own, true, 0))) {
                throw new IOException("refused");
            }
            Qos qos = connections.size() % 2 == 0 ? Qos.AT_LEAST_ONCE : Qos.AT_MOST_ONCE;
            connection.send(subscribe(1, qos, "#"));
            tally().count("subscribed");
            Thread.sleep(20);
        }
    }

    /** One write that makes the server look through all retained messages thousands of times. */
    static final class PipelinedSubscribes extends Attack {
        private static final byte[] ALL = all();

        private final Account account;

        PipelinedSubscribes(Orders orders, Tally tally, String address, Account account) {
            super("2,500 SUBSCRIBE +/+/+/x at once", orders, tally, address);
            this.account = account;
        }

        private static byte[] all() {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (int packetId = 1; packetId <= 2_500; packetId++) {
                all.writeBytes(Packets.bytes(subscribe(packetId, Qos.AT_MOST_ONCE, "+/+/+/x")));
            }
            return all.toByteArray();
        }

        @Override
        void round() throws Exception {
            try (Connection connection = connected(account)) {
                connection.send(ALL);
                tally().add("sent", 2_500);
                connection.drain(5_000);
            }
            Thread.sleep(1_000);
        }
    }

    /** The tree of subscriptions changes all the time. */
    static final class SubscribeStorm extends Attack {
        private final Account account;

        SubscribeStorm(Orders orders, Tally tally, String address, Account account) {
            super("SUBSCRIBE and UNSUBSCRIBE", orders, tally, address);
            this.account = account;
        }

        @Override
        void round() throws Exception {
            try (Connection connection = connected(account)) {
                while (true) {
                    for (int packetId = 1; packetId <= 50; packetId++) {
                        String filter = "attack/" + account.username() + "/+/" + number() % 500;
                        connection.send(
                                subscribe(packetId, Qos.AT_LEAST_ONCE, filter),
                                new Unsubscribe(
                                        packetId + 100,
                                        List.of(),
                                        List.of(TopicFilter.of(filter))));
                        tally().count("sent");
                    }
                    connection.drain(100);
                    Thread.sleep(50);
                }
            }
        }
    }

    /** Connects with its own Client Identifier while it is connected. */
    static final class TakeOver extends Attack {
        private final Account account;

        TakeOver(Orders orders, Tally tally, String address, Account account) {
            super("take-over of one Client Identifier", orders, tally, address);
            this.account = account;
        }

        @Override
        void round() throws Exception {
            List<Connection> connections = new ArrayList<>();
            try {
                for (int i = 0; i < 20; i++) {
                    Connection connection = open();
                    connections.add(connection);
                    connection.send(Connection.connect(account, false, 60));
                    tally().count("sent");
                }
                for (Connection connection : connections) {
                    try {
                        connection.drain(5);
                    } catch (IOException ended) {
                        tally().count("taken over");
                    }
                }
            } finally {
                connections.forEach(Connection::close);
            }
            Thread.sleep(500);
        }
    }

    /** CONNECT with passwords that are wrong, or that have to be verified slowly. */
    static final class Passwords extends Attack {
        private final Account account;
        private final boolean wrong;

        Passwords(
                String name,
                Orders orders,
                Tally tally,
                String address,
                Account account,
                boolean wrong) {
            super(name, orders, tally, address);
            this.account = account;
            this.wrong = wrong;
        }

        @Override
        void round() throws Exception {
            List<Connection> connections = new ArrayList<>();
            try {
                for (int i = 0; i < 10; i++) {
                    Connection connection = open();
                    connections.add(connection);
                    Account own = account.as("door" + number());
                    connection.send(
                            Connection.connect(wrong ? own.withWrongPassword() : own, true, 0));
                    tally().count("sent");
                }
                for (Connection connection : connections) {
                    try {
                        connection.next(2_000);
                    } catch (IOException ended) {
                        tally().count("closed without an answer");
                    }
                }
            } finally {
                connections.forEach(Connection::close);
            }
            Thread.sleep(250);
        }
    }

    /** Begins a large PUBLISH and never ends it. */
    static final class Incomplete extends Attack {
        private static final int CONNECTIONS = 60;

        private final Account account;
        private final Deque<Connection> connections = new ArrayDeque<>();

        Incomplete(Orders orders, Tally tally, String address, Account account) {
            super("packets that are never complete", orders, tally, address);
            this.account = account;
        }

        @Override
        void round() throws Exception {
            if (connections.size() == CONNECTIONS) {
                connections.removeFirst().close();
                Thread.sleep(500);
            }
            Connection connection = connected(account.as("half" + number()));
            connections.add(connection);
            byte[] whole = Packets.bytes(publish("attack/half", new byte[4_000_000], false, 1));
            connection.send(Arrays.copyOf(whole, 2 << 20));
            tally().count("begun");
            connection.drain(20);
            Thread.sleep(50);
        }
    }

    private static String longTopic(Account account, long number) {
        String begin = "attack/" + account.username() + "/" + number + "/";
        return begin + "x".repeat(LONG - begin.length());
    }
}
