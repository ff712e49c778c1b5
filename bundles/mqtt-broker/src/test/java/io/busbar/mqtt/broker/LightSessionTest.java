package io.busbar.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.memory.MemoryArea;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.storage.BrokerStore;
import io.busbar.api.storage.DeliveryMark;
import io.busbar.api.storage.Durability;
import io.busbar.api.storage.RetainedView;
import io.busbar.api.storage.SessionRecord;
import io.busbar.api.storage.ShardOwner;
import io.busbar.api.storage.ShardView;
import io.busbar.api.storage.SubscriptionRecord;
import io.busbar.mqtt.broker.loop.Loop;
import io.busbar.mqtt.broker.session.Session;
import io.busbar.storage.memory.MemoryStore;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sessions whose clients do not come back after a restart: what they take, and who has them. */
class LightSessionTest extends BrokerFixture {
    private static final int SESSIONS = Integer.getInteger("busbar.test.sessions", 30_000);
    private static final int FEW = 800;
    private static final int MOST_BYTES = 450;

    private final ManualEventLoop second = new ManualEventLoop(loops, -1);

    @BeforeEach
    @Override
    void startBroker() {}

    @Override
    List<ManualEventLoop> own() {
        return List.of(home, second);
    }

    private static long heap() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            long used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
            least = Math.min(least, used);
        }
        return least;
    }

    private void restore(int sessions, IntFunction<String> filter) {
        restore(sessions, 0, filter);
    }

    private void restore(int sessions, int marks, IntFunction<String> filter) {
        store = new Kept(sessions, marks, filter);
        broker = newBroker();
        settle();
    }

    @ParameterizedTest
    @CsvSource({
        "commands/device-%06d",
        "plant/device-%06d/commands",
        "plant/+/commands",
    })
    void sessionWithASubscription_isLight_andCountsForWhatItTakes(String filter) {
        long before = heap();

        restore(SESSIONS, i -> String.format(filter, i));

        long each = (heap() - before) / SESSIONS;
        long counted = memory.use(MemoryArea.HEAP).usedBytes() / SESSIONS;
        assertThat(broker.stats().sessions().offline()).isEqualTo(SESSIONS);
        assertThat(each).isBetween(100L, (long) MOST_BYTES);
        assertThat((double) counted / each).as("counted / %d", each).isBetween(0.95, 1.6);
    }

    @Test
    void sessionWithAMark_countsForWhatItTakes() {
        long before = heap();

        restore(SESSIONS, 1, i -> "commands/" + clientId(i));

        long each = (heap() - before) / SESSIONS;
        long counted = memory.use(MemoryArea.HEAP).usedBytes() / SESSIONS;
        assertThat((double) counted / each).as("counted / %d", each).isBetween(0.95, 1.6);
    }

    @Test
    void sessions_areSpreadOverTheLoopsOfTheBroker() {
        restore(FEW, i -> "plant/+/commands");

        Map<Loop, Long> of =
                broker.sessions().all().stream()
                        .collect(Collectors.groupingBy(Session::loop, Collectors.counting()));

        assertThat(of).hasSize(2);
        assertThat(of.values()).allMatch(count -> count == FEW / 2);
    }

    @Test
    void sessions_ofEveryLoop_getMessages_andExpire() {
        restore(FEW, i -> "plant/+/commands");
        bindProviders();
        client("p").says(publish("plant/1/commands", "x", Qos.AT_LEAST_ONCE, 1));
        settle();

        assertThat(broker.stats().messages().queued()).isEqualTo(FEW);
        advance(86_401_000);

        assertThat(broker.stats().sessions().offline()).isZero();
        assertThat(broker.stats().subscriptions().total()).isZero();
    }

    private static String clientId(int number) {
        return String.format("device-%06d", number);
    }

    /** A store that has so many sessions, and makes them when they are asked for. */
    private static final class Kept implements BrokerStore {
        private static final int SHARDS = 4;

        private final MemoryStore[] inner = new MemoryStore[SHARDS];
        private final int sessions;
        private final int marks;
        private final IntFunction<String> filter;

        Kept(int sessions, int marks, IntFunction<String> filter) {
            this.sessions = sessions;
            this.marks = marks;
            this.filter = filter;
            Arrays.setAll(inner, shard -> new MemoryStore());
        }

        private ShardView view(int shard, ShardView rest) {
            return proxy(
                    ShardView.class,
                    (method, arguments) -> {
                        if (method.getName().equals("sessions")) {
                            sessions(
                                    shard,
                                    (Consumer<?>) arguments[0],
                                    (ShardView.SubscriptionVisitor) arguments[1]);
                            return null;
                        }
                        if (method.getName().equals("marks")) {
                            marks(shard, (ShardView.MarkVisitor) arguments[0]);
                            return null;
                        }
                        return method.invoke(rest, arguments);
                    });
        }

        private void marks(int shard, ShardView.MarkVisitor visitor) {
            for (int i = shard; i < sessions; i += SHARDS) {
                for (int mark = 1; mark <= marks; mark++) {
                    visitor.visit(
                            i + 1,
                            new DeliveryMark(
                                    shard, i + 1, mark, mark, -7, new long[] {1}, List.of()));
                }
            }
        }

        @SuppressWarnings("unchecked") // what the method of this name has
        private void sessions(
                int shard, Consumer<?> visitor, ShardView.SubscriptionVisitor subscriptions) {
            for (int i = shard; i < sessions; i += SHARDS) {
                ((Consumer<SessionRecord>) visitor)
                        .accept(
                                new SessionRecord(
                                        i + 1,
                                        clientId(i),
                                        "devices".repeat(1),
                                        "",
                                        86_400,
                                        1,
                                        1_800_000_000_000L,
                                        null,
                                        0));
                subscriptions.visit(
                        i + 1,
                        new SubscriptionRecord(
                                filter.apply(i), Qos.AT_LEAST_ONCE, false, false, 0, 0));
            }
        }

        @Override
        public String name() {
            return "kept";
        }

        @Override
        public Durability strongest() {
            return Durability.SAFE;
        }

        @Override
        public int shards() {
            return SHARDS;
        }

        @Override
        public int shardOf(String name) {
            return name.charAt(name.length() - 1) % SHARDS;
        }

        @Override
        public CompletionStage<ShardOwner> own(int shard) {
            return inner[shard]
                    .own(0)
                    .thenApply(
                            owner -> {
                                ShardView view = view(shard, owner.view());
                                return proxy(
                                        ShardOwner.class,
                                        (method, arguments) ->
                                                method.getName().equals("view")
                                                        ? view
                                                        : method.invoke(owner, arguments));
                            });
        }

        @Override
        public RetainedView retained() {
            return inner[0].retained();
        }

        @Override
        public boolean readsAtOnce() {
            return true;
        }

        /** Answers a call. */
        @FunctionalInterface
        private interface Answer {
            Object to(Method method, Object[] arguments) throws ReflectiveOperationException;
        }

        private static <T> T proxy(Class<T> type, Answer answer) {
            return type.cast(
                    Proxy.newProxyInstance(
                            type.getClassLoader(),
                            new Class<?>[] {type},
                            (proxy, method, arguments) -> answer.to(method, arguments)));
        }
    }
}
