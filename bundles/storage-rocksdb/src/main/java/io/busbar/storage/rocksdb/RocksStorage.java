package io.busbar.storage.rocksdb;

import io.busbar.api.backup.spi.BackupSource;
import io.busbar.api.config.Restart;
import io.busbar.api.health.spi.HealthCheck;
import io.busbar.api.storage.BrokerStore;
import io.busbar.api.storage.StorageException;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.Hashtable;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.ComponentContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the broker store and registers it as a service, after the files are open. Declarative
 * Services would offer the service earlier, and each user would try again to open what cannot be
 * opened.
 */
@Component(
        service = {},
        immediate = true,
        configurationPid = "io.busbar.storage.rocksdb")
@Designate(ocd = RocksStorage.Config.class)
@Capability(
        namespace = "osgi.service",
        attribute = "objectClass:List<String>=\"io.busbar.api.storage.BrokerStore\"",
        uses = BrokerStore.class)
public final class RocksStorage {
    /** The configuration. */
    @ObjectClassDefinition(name = "Broker store in RocksDB")
    public @interface Config {
        @AttributeDefinition(
                description =
                        "Folder of the files; made with access for the owner only if it is missing."
                                + " Nobody else may write to it")
        String directory() default "${karaf.data}/broker";

        @AttributeDefinition(
                description =
                        "Into how many parts a new store is divided, 1 to 64; a store that exists"
                                + " keeps its number",
                min = "1",
                max = "64")
        int shards() default Settings.SHARDS;

        @AttributeDefinition(
                description =
                        "sync = what was acknowledged survives a loss of power; os = it survives"
                                + " the end of the process, and the disk has less to do",
                options = {
                    @Option(label = "sync", value = "sync"),
                    @Option(label = "os", value = "os")
                })
        String durability() default "sync";

        @AttributeDefinition(
                description =
                        "Bytes of memory outside the heap for what is read often and what is not"
                                + " written yet, at least 25165824; 0 = what the launcher has"
                                + " planned, else an eighth of the heap",
                min = "0")
        long memory_bytes() default 0;

        @AttributeDefinition(
                description =
                        "Bytes of the disk that stay free: with less, publishers are told that"
                                + " there is no room. 0 = use all",
                min = "0")
        long reserve_bytes() default Settings.RESERVE;

        @AttributeDefinition(
                description =
                        "Most bytes of messages and sessions on the disk: with more, publishers are"
                                + " told that there is no room. Logs come on top. 0 = any",
                min = "0")
        long max_bytes() default 0;

        @AttributeDefinition(
                description =
                        "Whether to open what can be read of a damaged store. Everything is read at"
                            + " the start, the log lists what is lost, and the damaged files stay"
                            + " beside the new ones")
        boolean recover() default false;
    }

    private static final Logger LOG = LoggerFactory.getLogger(RocksStorage.class);

    private final Settings settings;
    private final RocksStore store;
    private final ServiceRegistration<?> registration;
    private final ServiceRegistration<?> backup;

    /**
     * Opens the store where the configuration says.
     *
     * @throws StorageException if it cannot be opened; the message says what to do
     */
    @Activate
    public RocksStorage(Config config, BundleContext context) {
        settings = settings(config, context);
        store = RocksStore.open(settings);
        LOG.info(
                "Broker store opened (folder={}, memory={} MB)",
                settings.folder(),
                settings.memoryBytes() / Settings.MB);
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put("store.name", store.name());
        registration =
                context.registerService(
                        new String[] {BrokerStore.class.getName(), HealthCheck.class.getName()},
                        store,
                        properties);
        backup = context.registerService(BackupSource.class, new RocksBackup(store), null);
    }

    /**
     * Whatever changes in the store, it is opened anew; whatever else is in the file disturbs
     * nobody.
     */
    @Modified
    void modified(Config config, ComponentContext component) {
        if (!settings(config, component.getBundleContext()).equals(settings)) {
            Restart.of(component, RocksStorage.class);
        }
    }

    /** Takes the service away, then writes what waits and lets go of the files. */
    @Deactivate
    void deactivate() {
        backup.unregister();
        registration.unregister();
        store.close();
    }

    private static Settings settings(Config config, BundleContext context) {
        return new Settings(
                folder(config.directory(), context.getProperty("karaf.data")),
                config.shards(),
                !config.durability().equals("os"),
                memory(config.memory_bytes(), context.getProperty("busbar.storage.memory")),
                config.reserve_bytes(),
                config.max_bytes(),
                config.recover()
                        || Boolean.parseBoolean(context.getProperty("busbar.storage.recover")));
    }

    /** What is configured, else what the launcher has planned, else an eighth of the heap. */
    static long memory(long configured, @Nullable String planned) {
        long bytes = configured;
        if (bytes == 0 && planned != null) {
            bytes = Long.parseLong(planned);
        } else if (bytes == 0) {
            bytes = Runtime.getRuntime().maxMemory() / 8;
        }
        return Math.max(Settings.LEAST_MEMORY, bytes);
    }

    /** Karaf replaces the variable in files, but not in the annotation's default. */
    static Path folder(String configured, @Nullable String data) {
        return Path.of(configured.replace("${karaf.data}", data == null ? "data" : data))
                .toAbsolutePath()
                .normalize();
    }
}
