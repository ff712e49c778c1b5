package io.busbar.mqtt.broker.intake;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.busbar.api.broker.spi.PublishInterceptor;
import io.busbar.api.broker.spi.PublishOrigin;
import io.busbar.api.broker.spi.PublishVerdict;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicName;
import io.busbar.memory.ProcessMemory;
import io.busbar.mqtt.broker.call.Calls;
import io.busbar.mqtt.broker.link.EventLoop;
import io.busbar.mqtt.broker.loop.Loop;
import io.busbar.mqtt.broker.loop.Loops;
import io.busbar.mqtt.broker.loop.Shards;
import io.busbar.mqtt.broker.memory.BrokerMemory;
import io.busbar.storage.memory.MemoryStore;
import io.busbar.testkit.log.CapturedLog;
import io.busbar.testkit.time.Await;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What asking costs those who are not concerned. */
class InterceptorsTest {
    private static final int ROUNDS = 20_000;

    private final Loops loops =
            new Loops(
                    List.of(new IdleLoop()),
                    Shards.own(new MemoryStore()),
                    new BrokerMemory(new ProcessMemory(1L << 30, 1L << 30, Clock.systemUTC())),
                    Clock.systemUTC(),
                    System::nanoTime,
                    1_000);
    private final Loop loop = loops.home();
    private final Interceptors interceptors =
            new Interceptors(loops, new Calls(loops, 4, 10, 1_000), 1_000);
    private final Message[] messages = new Message[100];

    /** Runs at once what it is given, and no timers. */
    private static final class IdleLoop implements EventLoop {
        @Override
        public int index() {
            return 0;
        }

        @Override
        public boolean inLoop() {
            return true;
        }

        @Override
        public void execute(Runnable action) {
            action.run();
        }

        @Override
        public void executeNextTurn(Runnable action) {
            action.run();
        }

        @Override
        public Timer schedule(Runnable action, long delayMillis) {
            return () -> {};
        }
    }

    InterceptorsTest() {
        for (int i = 0; i < messages.length; i++) {
            messages[i] =
                    new Message(
                            TopicName.of("plant/line" + i + "/speed"),
                            new byte[] {'1'},
                            Qos.AT_MOST_ONCE,
                            false,
                            MessageProperties.NONE,
                            Publisher.SERVER,
                            0);
        }
    }

    private long bytesOfAsking() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long self = Thread.currentThread().getId();
        long before = threads.getThreadAllocatedBytes(self);
        for (int i = 0; i < ROUNDS; i++) {
            Judgement judgement =
                    interceptors.ask(loop, messages[i % messages.length], PublishOrigin.SERVER);
            if (judgement != Judgement.Admitted.AS_IT_CAME) {
                throw new AssertionError(judgement);
            }
        }
        return threads.getThreadAllocatedBytes(self) - before;
    }

    private void isFreeOnceTopicsAreKnown() {
        bytesOfAsking();
        assertThat(bytesOfAsking()).as("bytes in " + ROUNDS + " questions").isLessThan(ROUNDS / 10);
    }

    @Test
    void ask_withNobodyThere_allocatesNothing() {
        isFreeOnceTopicsAreKnown();
    }

    @Test
    void ask_aboutTopicsNobodyAskedFor_allocatesNothing() {
        interceptors.bind(
                (message, origin) -> PublishVerdict.divert("never"),
                Map.of(
                        PublishInterceptor.BLOCKING,
                        false,
                        PublishInterceptor.TOPIC_FILTER,
                        "other/#"));

        isFreeOnceTopicsAreKnown();
    }

    @Test
    void ask_thatPasses_allocatesNothing() {
        interceptors.bind(
                (message, origin) -> PublishVerdict.PASS,
                Map.of(
                        PublishInterceptor.BLOCKING,
                        false,
                        PublishInterceptor.TOPIC_FILTER,
                        "plant/#"));

        isFreeOnceTopicsAreKnown();
    }

    @Test
    void bind_withoutAValidFilter_isNamedOnceAndNotSpokenOfAgain() {
        PublishInterceptor interceptor = (message, origin) -> PublishVerdict.PASS;
        try (CapturedLog log = new CapturedLog()) {
            interceptors.bind(interceptor, Map.of());
            assertThat(log.take()).singleElement().asString().contains("WARN", "never asked");
            interceptors.unbind(interceptor);
            assertThat(log.take()).isEmpty();

            interceptors.bind(interceptor, Map.of());
            interceptors.bind(
                    interceptor,
                    Map.of(
                            PublishInterceptor.BLOCKING,
                            false,
                            PublishInterceptor.TOPIC_FILTER,
                            "plant/#"));
            interceptors.unbind(interceptor);
            assertThat(log.take())
                    .hasSize(3)
                    .satisfies(lines -> assertThat(lines.get(1)).contains("from now on"))
                    .last()
                    .asString()
                    .contains("is gone", "filters=1");
        }
    }

    @Test
    void unbind_keepsNothingOfTheOneThatIsGone() {
        PublishInterceptor interceptor =
                new PublishInterceptor() {
                    @Override
                    public PublishVerdict intercept(Message message, PublishOrigin origin) {
                        return PublishVerdict.PASS;
                    }
                };
        WeakReference<PublishInterceptor> left = new WeakReference<>(interceptor);
        interceptors.bind(
                interceptor,
                Map.of(
                        PublishInterceptor.BLOCKING,
                        false,
                        PublishInterceptor.TOPIC_FILTER,
                        "plant/#"));
        for (Message message : messages) {
            interceptors.ask(loop, message, PublishOrigin.SERVER);
        }

        interceptors.unbind(interceptor);
        interceptor = null;

        Await.until(
                () -> {
                    System.gc();
                    return left.refersTo(null);
                });
    }

    @Test
    void ask_manyTopics_remembersABoundedNumber_andStaysRight() {
        interceptors.bind(
                (message, origin) -> PublishVerdict.divert("asked"),
                Map.of(
                        PublishInterceptor.BLOCKING,
                        false,
                        PublishInterceptor.TOPIC_FILTER,
                        "t/+/asked"));
        for (int i = 0; i < 50_000; i++) {
            String topic = "t/" + i % 30_000 + (i % 3 == 0 ? "/asked" : "/free");
            Message message =
                    new Message(
                            TopicName.of(topic),
                            new byte[0],
                            Qos.AT_MOST_ONCE,
                            false,
                            MessageProperties.NONE,
                            Publisher.SERVER,
                            0);

            assertThat(interceptors.ask(loop, message, PublishOrigin.SERVER))
                    .isInstanceOf(i % 3 == 0 ? Judgement.Diverted.class : Judgement.Admitted.class);
        }
    }
}
