package io.busbar.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MaximaTest {
    private static final long MIB = 1 << 20;

    @Test
    void heap_leavesRoomForTheServerItself() {
        assertThat(Maxima.ofHeap(256 * MIB) / MIB).isEqualTo(61);
        assertThat(Maxima.ofHeap(512 * MIB) / MIB).isEqualTo(259);
        assertThat(Maxima.ofHeap(4096 * MIB) / MIB).isEqualTo(2409);
        assertThat(Maxima.ofHeap(96 * MIB) / MIB).isEqualTo(19);
    }

    @Test
    void directMemory_isWhatTheJvmSays() {
        assertThat(Maxima.directMemory(List.of("-Xmx1g"), 7)).isEqualTo(7);
        assertThat(Maxima.directMemory(List.of("-XX:MaxDirectMemorySize=64m"), 7))
                .isEqualTo(64 * MIB);
        assertThat(Maxima.directMemory(List.of("-XX:MaxDirectMemorySize=2G"), 7))
                .isEqualTo(2048 * MIB);
        assertThat(Maxima.directMemory(List.of("-XX:MaxDirectMemorySize=1000000"), 7))
                .isEqualTo(1_000_000);
        assertThat(Maxima.directMemory(List.of("-XX:MaxDirectMemorySize=0"), 7)).isEqualTo(7);
        assertThat(
                        Maxima.directMemory(
                                List.of(
                                        "-Dio.netty.maxDirectMemory=50331648",
                                        "-XX:MaxDirectMemorySize=16m"),
                                7))
                .isEqualTo(48 * MIB);
        assertThat(Maxima.ofDirect(100 * MIB)).isEqualTo(60 * MIB);
    }
}
