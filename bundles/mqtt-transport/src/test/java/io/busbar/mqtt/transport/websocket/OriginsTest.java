package io.busbar.mqtt.transport.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OriginsTest {
    @ParameterizedTest
    @CsvSource({
        "http://localhost:8080, localhost:8083",
        "http://127.0.0.1:8080, 127.0.0.1:8083",
        "https://192.168.1.5, 192.168.1.5:8084",
        "http://[::1]:8080, [::1]:8083",
        "HTTP://LOCALHOST, LocalHost"
    })
    void page_ofTheSameHost_mayConnect(String origin, String host) {
        assertThat(new Origins(List.of()).allows(origin, host)).isTrue();
    }

    /** A stranger's name that he has led to this server: its page is of the same host. */
    @ParameterizedTest
    @CsvSource({
        "http://evil.example:8083, evil.example:8083",
        "http://127.0.0.1.evil.example, 127.0.0.1.evil.example",
        "http://localhost.evil.example, localhost.evil.example"
    })
    void page_ofANameThatIsNotOurs_mayNot_unlessItIsNamed(String origin, String host) {
        assertThat(new Origins(List.of()).allows(origin, host)).isFalse();
        assertThat(new Origins(List.of(origin)).allows(origin, host)).isTrue();
    }

    @Test
    void page_ofAnotherHost_mayNot() {
        Origins origins = new Origins(List.of());

        assertThat(origins.allows("http://evil.example", "localhost:8083")).isFalse();
        assertThat(origins.allows("null", "localhost:8083")).isFalse();
        assertThat(origins.allows("http://localhost", null)).isFalse();
        assertThat(origins.allows(null, "whatever.example")).isTrue();
    }
}
