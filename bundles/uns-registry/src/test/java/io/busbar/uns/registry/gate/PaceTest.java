package io.busbar.uns.registry.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How many messages of a topic may come. */
class PaceTest {
    private static final long NOW = 1_800_000_000_000L;

    private static int taken(Pace pace, int messages, long at) {
        int taken = 0;
        for (int i = 0; i < messages; i++) {
            taken += pace.take(at) ? 1 : 0;
        }
        return taken;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 1_000, 1_000_000})
    void thoseOfASecond_mayComeAtOnce_andNotOneMore(int perSecond) {
        Pace pace = new Pace(perSecond);

        assertThat(taken(pace, perSecond, NOW)).isEqualTo(perSecond);
        assertThat(pace.take(NOW)).isFalse();
    }

    @Test
    void afterTheBurst_oneMayComeForEachShareOfASecond() {
        Pace pace = new Pace(10);
        taken(pace, 10, NOW);

        assertThat(pace.take(NOW + 99)).isFalse();
        assertThat(pace.take(NOW + 100)).isTrue();
        assertThat(pace.take(NOW + 100)).isFalse();
        assertThat(taken(pace, 10, NOW + 600)).isEqualTo(5);
    }

    @Test
    void whatIsRefused_takesNothing() {
        Pace pace = new Pace(10);
        taken(pace, 10_000, NOW);

        assertThat(taken(pace, 20, NOW + 1_000)).isEqualTo(10);
    }

    @Test
    void quietTopic_hasNoMoreThanASecond() {
        Pace pace = new Pace(10);
        pace.take(NOW);

        assertThat(taken(pace, 100, NOW + 3_600_000)).isEqualTo(10);
    }

    @Test
    void clockThatIsSetBack_doesNotShutTheTopic() {
        Pace pace = new Pace(10);
        taken(pace, 10, NOW);

        assertThat(pace.take(NOW - 3_600_000)).isTrue();
    }

    @Test
    void threadThatReadTheClockALittleEarlier_getsNoMore() {
        Pace pace = new Pace(1_000);
        taken(pace, 1_000, NOW);

        assertThat(pace.take(NOW - 5)).isFalse();
        assertThat(pace.take(NOW)).isFalse();
    }

    @Test
    void manyThreads_getNoMoreTogether() {
        Pace pace = new Pace(5_000);

        List<CompletableFuture<Integer>> all =
                IntStream.range(0, 4)
                        .mapToObj(i -> CompletableFuture.supplyAsync(() -> taken(pace, 2_000, NOW)))
                        .toList();

        assertThat(all.stream().mapToInt(CompletableFuture::join).sum()).isEqualTo(5_000);
    }
}
