package io.busbar.mqtt.transport.loops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.epoll.Epoll;
import org.junit.jupiter.api.Test;

class SocketIoTest {
    private static final String BEST = Epoll.isAvailable() ? "epoll" : "nio";

    @Test
    void auto_takesEpollWhereItIsThere() {
        assertThat(SocketIo.of("auto").name()).isEqualTo(BEST);
        assertThat(SocketIo.of("epoll").name()).isEqualTo(BEST);
    }

    @Test
    void nio_isAlwaysThere() {
        assertThat(SocketIo.of("nio").name()).isEqualTo("nio");
    }

    @Test
    void ioUring_servesIfItIsThere_elseTheBestOfTheOthers() {
        String expected = BEST;
        try {
            Class<?> uring = Class.forName("io.netty.channel.uring.IoUring");
            if (Boolean.TRUE.equals(uring.getMethod("isAvailable").invoke(null))) {
                expected = "io_uring";
            }
        } catch (ReflectiveOperationException e) {
            // Then it is not there.
        }
        assertThat(SocketIo.of("io_uring").name()).isEqualTo(expected);
    }

    @Test
    void anythingElse_isAnError() {
        assertThatThrownBy(() -> SocketIo.of("kqueue")).hasMessageContaining("io_uring");
    }
}
