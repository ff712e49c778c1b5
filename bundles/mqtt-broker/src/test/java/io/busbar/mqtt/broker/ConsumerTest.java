package io.busbar.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.broker.spi.MessageSubscriber;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicName;
import io.busbar.testkit.time.Await;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ConsumerTest extends BrokerFixture {
    private final ManualServer starting = new ManualServer();

    ConsumerTest() {
        starting.up = true;
        server = starting;
    }

    private static String text(Message message) {
        return message.topic()
                + "="
                + new String(message.payload(), java.nio.charset.StandardCharsets.UTF_8);
    }

    @Test
    void consumer_getsRetainedFirst_thenWhatIsPublished() throws InterruptedException {
        client("p").says(retain("t", "old"));
        List<String> got = new CopyOnWriteArrayList<>();
        CountDownLatch both = new CountDownLatch(2);
        MessageSubscriber subscriber =
                (message, retained) -> {
                    got.add(text(message) + (retained ? " retained" : ""));
                    both.countDown();
                };

        broker.consumers().bind(subscriber, Map.of(MessageSubscriber.TOPIC_FILTER, "#"));
        client("p").says(publish("t", "new", Qos.AT_MOST_ONCE, 0));

        assertThat(both.await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(got).containsExactly("t=old retained", "t=new");
    }

    @Test
    void consumer_whileTheServerComesUp_waits_andGetsRetainedFirst() {
        client("p").says(retain("t", "old"));
        List<String> got = new CopyOnWriteArrayList<>();
        starting.up = false;

        broker.consumers()
                .bind(
                        (message, retained) -> got.add(text(message)),
                        Map.of(MessageSubscriber.TOPIC_FILTER, "#"));
        client("p").says(publish("t", "new", Qos.AT_MOST_ONCE, 0));

        assertThat(got).isEmpty();
        starting.up = true;
        Await.until(() -> got.size() == 2);
        assertThat(got).containsExactly("t=old", "t=new");
    }

    @Test
    void consumer_thatCannotHoldWhatIsRetainedMeanwhile_getsItAgain() {
        starting.up = false;
        Set<String> got = ConcurrentHashMap.newKeySet();
        broker.consumers()
                .bind(
                        (message, retained) -> got.add(text(message)),
                        Map.of(MessageSubscriber.TOPIC_FILTER, "t/#"));
        FakeLink publisher = client("p");
        int most = limits().retained().maxMessages();
        for (int i = 0; i < limits().deliveries().consumerQueue(); i++) {
            publisher.says(publish("t/passing/" + i, "x", Qos.AT_MOST_ONCE, 0));
            publisher.says(publish("t/other/" + i, "x", Qos.AT_MOST_ONCE, 0));
        }
        for (int i = 0; i < most; i++) {
            publisher.says(retain("t/" + i, "new"));
        }

        starting.up = true;

        Await.until(() -> got.stream().filter(text -> text.endsWith("=new")).count() == most);
    }

    @Test
    void consumer_thatGetsRetainedMessages_isNotBehindWithOthers() {
        FakeLink retaining = client("r");
        int many = limits().retained().maxMessages();
        for (int i = 0; i < many; i++) {
            retaining.says(retain("r/" + i, "x"));
        }
        int full = limits().deliveries().consumerQueue();
        AtomicLong others = new AtomicLong();
        AtomicLong retainedOnes = new AtomicLong();
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch drained = new CountDownLatch(full + 1);
        CountDownLatch end = new CountDownLatch(1);
        MessageSubscriber subscriber =
                (message, retained) -> {
                    first.countDown();
                    Await.until(() -> goOn.getCount() == 0);
                    if (!retained) {
                        others.incrementAndGet();
                        drained.countDown();
                    } else if (retainedOnes.incrementAndGet() > 1 && drained.getCount() == 0) {
                        Await.until(() -> end.getCount() == 0);
                    }
                };
        broker.consumers().bind(subscriber, Map.of(MessageSubscriber.TOPIC_FILTER, "#"));
        Await.until(() -> first.getCount() == 0);
        FakeLink publisher = client("p");
        publishTopics(publisher, "a/", full + 1);

        goOn.countDown();
        Await.until(() -> drained.getCount() == 0);
        assertThat(retainedOnes).hasValueLessThan(3);
        publishTopics(publisher, "b/", 2 * full);
        end.countDown();

        Await.until(() -> others.get() == 3L * full + 1);
        assertThat(broker.stats().losses().conflated()).isZero();
    }

    private static void publishTopics(FakeLink publisher, String prefix, int count) {
        for (int i = 0; i < count; i++) {
            publisher.says(publish(prefix + i, "x", Qos.AT_MOST_ONCE, 0));
        }
    }

    @Test
    void consumer_tooSlow_getsTheLatestOfEachTopic_andIsCounted() throws InterruptedException {
        List<String> got = new CopyOnWriteArrayList<>();
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch last = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        MessageSubscriber subscriber =
                (message, retained) -> {
                    begun.countDown();
                    try {
                        blocked.await(5, TimeUnit.SECONDS);
                    } catch (InterruptedException ignored) {
                        Thread.currentThread().interrupt();
                    }
                    got.add(text(message));
                    if (text(message).equals("t=999")) {
                        last.countDown();
                    }
                };
        broker.consumers().bind(subscriber, Map.of(MessageSubscriber.TOPIC_FILTER, "t"));
        FakeLink publisher = client("p");
        publisher.says(publish("t", "0", Qos.AT_MOST_ONCE, 0));
        assertThat(begun.await(5, TimeUnit.SECONDS)).isTrue();
        for (int i = 1; i < 1_000; i++) {
            publisher.says(publish("t", "" + i, Qos.AT_MOST_ONCE, 0));
        }
        blocked.countDown();

        assertThat(last.await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(got).startsWith("t=0", "t=1").endsWith("t=999").hasSizeLessThan(1_000);
        assertThat(broker.stats().losses().conflated()).isEqualTo(1_000 - got.size());
    }

    @Test
    void consumer_tooSlow_hearsHowManyItMissed_ofEachTopicThatItCanTellApart()
            throws InterruptedException {
        SlowSubscriber slow = new SlowSubscriber();
        broker.consumers().bind(slow, Map.of(MessageSubscriber.TOPIC_FILTER, "#"));
        FakeLink publisher = client("p");
        publisher.says(publish("begin", "", Qos.AT_MOST_ONCE, 0));
        assertThat(slow.begun.await(5, TimeUnit.SECONDS)).isTrue();
        int sent = 1;
        for (int topic = 0; topic < 300; topic++) {
            for (int i = 0; i < 3; i++) {
                publisher.says(publish("t/" + topic, "" + i, Qos.AT_MOST_ONCE, 0));
                sent++;
            }
        }
        slow.go.countDown();

        int all = sent;
        Await.until(() -> slow.accounted() == all);
        assertThat(slow.missedOf).hasSize(100).containsEntry("t/50", 2L);
        assertThat(slow.missedElsewhere).hasPositiveValue();
        assertThat(slow.toldLate).isEmpty();
        assertThat(broker.stats().losses().conflated()).isEqualTo(all - slow.messages.get());
    }

    /** Stands still until it may go, and counts. */
    private static final class SlowSubscriber implements MessageSubscriber {
        final CountDownLatch begun = new CountDownLatch(1);
        final CountDownLatch go = new CountDownLatch(1);
        final Map<String, Long> missedOf = new ConcurrentHashMap<>();
        final List<String> toldLate = new CopyOnWriteArrayList<>();
        final AtomicLong missedElsewhere = new AtomicLong();
        final AtomicLong messages = new AtomicLong();
        private String missedNow = "";

        long accounted() {
            return messages.get()
                    + missedElsewhere.get()
                    + missedOf.values().stream().mapToLong(Long::longValue).sum();
        }

        @Override
        public void onMessage(Message message, boolean retained) {
            begun.countDown();
            try {
                go.await(5, TimeUnit.SECONDS);
            } catch (InterruptedException ignored) {
                Thread.currentThread().interrupt();
            }
            if (!missedNow.isEmpty() && !missedNow.equals(message.topic().value())) {
                toldLate.add(missedNow);
            }
            missedNow = "";
            messages.incrementAndGet();
        }

        @Override
        public void onMissed(@Nullable TopicName topic, long count) {
            if (topic == null) {
                missedElsewhere.addAndGet(count);
            } else {
                missedOf.merge(topic.value(), count, Long::sum);
                missedNow = topic.value();
            }
        }
    }

    @Test
    void consumer_thatFails_getsTheNextMessage() throws InterruptedException {
        CountDownLatch second = new CountDownLatch(2);
        MessageSubscriber subscriber =
                (message, retained) -> {
                    second.countDown();
                    throw new IllegalStateException("bad consumer");
                };
        broker.consumers()
                .bind(subscriber, Map.of(MessageSubscriber.TOPIC_FILTER, new String[] {"t"}));

        client("p")
                .says(
                        publish("t", "1", Qos.AT_MOST_ONCE, 0),
                        publish("t", "2", Qos.AT_MOST_ONCE, 0));

        assertThat(second.await(5, TimeUnit.SECONDS)).isTrue();
    }
}
