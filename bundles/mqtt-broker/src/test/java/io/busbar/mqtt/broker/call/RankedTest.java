package io.busbar.mqtt.broker.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RankedTest {
    private final Ranked<String> services = new Ranked<>();

    @Test
    void inOrder_highestRankingFirst_thenOldest() {
        services.bind("young", Map.of("service.id", 9L));
        services.bind("old", Map.of("service.id", 3L));
        services.bind("high", Map.of("service.id", 10L, "service.ranking", 5));
        services.bind("low", Map.of("service.id", 1L, "service.ranking", -5));
        services.bind("last", Map.of("service.id", 2L, "service.ranking", Integer.MIN_VALUE));

        assertThat(services.inOrder()).containsExactly("high", "old", "young", "low", "last");
    }

    @Test
    void bind_again_takesTheNewRanking() {
        String service = "a";
        services.bind(service, Map.of("service.id", 1L));
        services.bind("b", Map.of("service.id", 2L));
        services.bind(service, Map.of("service.id", 1L, "service.ranking", -1));

        assertThat(services.inOrder()).containsExactly("b", "a");
    }

    @Test
    void unbind_forgets() {
        String service = "a";
        services.bind(service, Map.of("service.id", 1L));

        services.unbind(service);

        assertThat(services.inOrder()).isEmpty();
    }
}
