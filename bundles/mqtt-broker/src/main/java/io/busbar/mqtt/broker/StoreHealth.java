package io.busbar.mqtt.broker;

import io.busbar.api.health.Finding;
import io.busbar.api.health.spi.HealthCheck;
import io.busbar.api.storage.StorageException;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Says that the broker's store cannot write, for as long as that is so. */
record StoreHealth(String store, Supplier<@Nullable StorageException> trouble)
        implements HealthCheck {
    @Override
    public List<Finding> findings() {
        StorageException now = trouble.get();
        return now == null
                ? List.of()
                : List.of(
                        Finding.degraded(
                                "broker store",
                                "the store "
                                        + store
                                        + " cannot write, and what would have to survive is"
                                        + " refused: "
                                        + now.getMessage()));
    }
}
