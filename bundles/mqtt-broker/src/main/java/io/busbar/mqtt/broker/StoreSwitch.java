package io.busbar.mqtt.broker;

import io.busbar.api.health.Finding;
import io.busbar.api.health.spi.HealthCheck;
import io.busbar.api.storage.BrokerStore;
import io.busbar.api.storage.Durability;
import io.busbar.mqtt.broker.config.BrokerConfig;
import io.busbar.mqtt.broker.store.ChosenStore;
import io.busbar.mqtt.broker.store.StateHolder;
import io.busbar.mqtt.broker.store.StoreCopy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Offers the broker the store that has its state, and moves the state if the configuration names
 * another store: the broker stops, everything is copied, and it starts again on the other store.
 * Until the copy is complete and durable, the old store counts, also if the process ends meanwhile.
 * Thread-safe.
 */
@Component(immediate = true, configurationPid = "io.busbar.mqtt.broker")
@Capability(
        namespace = "osgi.service",
        attribute = "objectClass:List<String>=\"io.busbar.mqtt.broker.store.ChosenStore\"")
public final class StoreSwitch implements HealthCheck {
    private static final Logger LOG = LoggerFactory.getLogger(StoreSwitch.class);

    private final BundleContext context;
    private final StateHolder holder;
    private final Map<String, BrokerStore> stores = new TreeMap<>();

    private volatile String wanted;
    private volatile @Nullable String holding;
    private volatile @Nullable String failed;
    private volatile @Nullable Thread moving;
    private volatile boolean stopped;

    private @Nullable BrokerStore offered;
    private @Nullable ServiceRegistration<ChosenStore> registration;

    /**
     * Reads which store has the state.
     *
     * @throws IOException if that is written down and cannot be read
     */
    @Activate
    public StoreSwitch(BrokerConfig config, BundleContext context) throws IOException {
        this.context = context;
        this.wanted = config.store();
        this.holder = new StateHolder(Path.of(context.getProperty("karaf.data"), "broker.store"));
        this.holding = holder.read();
    }

    @Reference(
            cardinality = ReferenceCardinality.AT_LEAST_ONE,
            policy = ReferencePolicy.DYNAMIC,
            unbind = "unbindStore")
    synchronized void bindStore(BrokerStore store) {
        stores.put(store.name(), store);
        decide();
    }

    synchronized void unbindStore(BrokerStore store) {
        stores.remove(store.name(), store);
        decide();
    }

    @Modified
    synchronized void modified(BrokerConfig config) {
        if (!config.store().equals(wanted)) {
            wanted = config.store();
            failed = null;
            decide();
        }
    }

    /** Ends a move that is under way: the old store counts. */
    @Deactivate
    void stop() {
        Thread mover;
        synchronized (this) {
            stopped = true;
            withdraw();
            mover = moving;
        }
        if (mover != null) {
            mover.interrupt();
            try {
                mover.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Offers the store that has the state, or moves it if it is to be in another one. */
    private void decide() {
        if (stopped || moving != null) {
            return;
        }
        BrokerStore next = stores.get(wanted);
        String old = holding;
        if (old == null || old.equals(wanted)) {
            offer(next);
            return;
        }
        BrokerStore present = stores.get(old);
        if (present == null) {
            withdraw();
            LOG.warn(
                    "The broker waits for its store: its state is in {}, which is not there"
                            + " (wanted={}, file={})",
                    old,
                    wanted,
                    holder.file());
        } else if (next == null || wanted.equals(failed)) {
            offer(present);
        } else {
            withdraw();
            Thread mover = new Thread(() -> move(present, next), "busbar-store-move");
            moving = mover;
            mover.start();
        }
    }

    private void move(BrokerStore from, BrokerStore to) {
        LOG.info("The broker's state is moved (from={}, to={})", from.name(), to.name());
        boolean done = false;
        try {
            StoreCopy.Copied copied = StoreCopy.run(from, to);
            if (stopped) {
                return;
            }
            remember(to);
            done = true;
            LOG.info(
                    "The broker's state was moved (from={}, to={}, sessions={}, messages={},"
                            + " retained={})",
                    from.name(),
                    to.name(),
                    copied.sessions(),
                    copied.messages(),
                    copied.retained());
            StoreCopy.clear(from);
        } catch (IOException | RuntimeException | OutOfMemoryError failure) {
            LOG.error(
                    done
                            ? "The store that the broker's state was moved from is not empty; what"
                                    + " it has does not count any more"
                            : "The broker's state was not moved, and the broker goes on with the"
                                    + " store that has it",
                    failure);
        } finally {
            moved(to.name(), done);
        }
    }

    private void remember(BrokerStore store) throws IOException {
        if (store.strongest() == Durability.MEMORY) {
            holder.forget();
        } else {
            holder.write(store.name());
        }
    }

    private synchronized void moved(String to, boolean done) {
        moving = null;
        if (done) {
            holding = to;
        } else {
            failed = to;
        }
        decide();
    }

    private void offer(@Nullable BrokerStore store) {
        if (store == offered) {
            return;
        }
        withdraw();
        if (store == null) {
            return;
        }
        if (holding == null) {
            try {
                remember(store);
            } catch (IOException failure) {
                LOG.error(
                        "The broker does not start: {} cannot be written", holder.file(), failure);
                return;
            }
            holding = store.name();
        }
        offered = store;
        registration = context.registerService(ChosenStore.class, new ChosenStore(store), null);
    }

    private void withdraw() {
        ServiceRegistration<ChosenStore> present = registration;
        registration = null;
        offered = null;
        if (present != null) {
            try {
                present.unregister(); // the broker stops meanwhile
            } catch (IllegalStateException ignored) {
                // The bundle is stopping and has done it already.
            }
        }
    }

    @Override
    public List<Finding> findings() {
        String old = holding;
        if (moving != null) {
            return List.of(
                    Finding.down(
                            "broker store",
                            "the broker's state is moved from " + old + " to " + wanted));
        }
        if (wanted.equals(failed)) {
            return List.of(
                    Finding.degraded(
                            "broker store",
                            "the broker's state could not be moved to "
                                    + wanted
                                    + " and still is in "
                                    + old
                                    + ": see log/busbar.log"));
        }
        return List.of();
    }
}
