package io.busbar.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.memory.MemoryArea;
import io.busbar.mqtt.broker.loop.Loop;
import io.busbar.mqtt.broker.loop.Loops;
import io.busbar.mqtt.broker.loop.Shards;
import io.busbar.mqtt.broker.memory.BrokerMemory;
import io.busbar.mqtt.broker.memory.Footprint;
import io.busbar.mqtt.broker.receipt.Marks;
import io.busbar.mqtt.broker.receipt.Receipt;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Places of marks are used again. */
class MarksTest extends BrokerFixture {
    private Shards shards;
    private BrokerMemory accounts;
    private Loop marking;
    private Marks marks;
    private int number;

    @BeforeEach
    @Override
    void startBroker() {
        shards = Shards.own(store);
        accounts = new BrokerMemory(memory);
        marking =
                new Loops(
                                List.of(home),
                                shards,
                                accounts,
                                loops.clock(),
                                loops.clock()::nanos,
                                1_000)
                        .of(loop);
        loop.run(() -> marks = new Marks(marking));
    }

    @AfterEach
    @Override
    void stopBroker() {
        shards.close();
        accounts.close();
        memory.close();
    }

    private Receipt delivered() {
        Receipt receipt = new Receipt(0, 1, ++number, number, number, null);
        loop.run(
                () -> {
                    marking.touch();
                    marks.delivered(receipt, 0, 2, null);
                });
        settle();
        return receipt;
    }

    private int marks() {
        int[] count = new int[1];
        shards.owners().get(0).view().marks((slot, mark) -> count[0]++);
        return count[0];
    }

    @Test
    void marksBehindOneThatTakesLong_areOverwritten() {
        Receipt slow = delivered();

        for (int i = 0; i < 5; i++) {
            Receipt quick = delivered();
            loop.run(() -> quick.end(null));
            advance(1_000);
        }

        assertThat(marks()).isEqualTo(2);
        assertThat(counted()).isEqualTo(Footprint.RECEIPT);
        loop.run(() -> slow.end(null));
        advance(1_000);
        assertThat(counted()).isZero();
    }

    private long counted() {
        return memory.use(MemoryArea.HEAP).kinds().get("messages that wait for clients");
    }
}
