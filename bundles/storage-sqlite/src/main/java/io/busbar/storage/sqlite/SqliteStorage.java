package io.busbar.storage.sqlite;

import io.busbar.api.backup.spi.BackupSource;
import io.busbar.api.config.Restart;
import io.busbar.api.health.Finding;
import io.busbar.api.health.spi.HealthCheck;
import io.busbar.api.storage.Documents;
import io.busbar.api.storage.StorageException;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.ComponentContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the document store and registers it as a service. It registers the service itself, after
 * the file is open. Declarative Services would offer the service earlier, and each user would try
 * again to open a file that cannot be opened.
 *
 * <p>A file that cannot be opened is no failure of this component: what Declarative Services say of
 * one, with the stack trace, tells nobody what to do. It is a finding of the server's health, which
 * ends a start with one line.
 */
@Component(
        service = {},
        immediate = true,
        configurationPid = "io.busbar.storage.sqlite")
@Designate(ocd = SqliteStorage.Config.class)
@Capability(
        namespace = "osgi.service",
        attribute = "objectClass:List<String>=\"io.busbar.api.storage.Documents\"",
        uses = Documents.class)
public final class SqliteStorage {
    /** The configuration. */
    @ObjectClassDefinition(name = "Document store in SQLite")
    public @interface Config {
        @AttributeDefinition(
                description =
                        "Folder of the file documents.db; made with access for the owner only if it"
                                + " is missing")
        String directory() default "${karaf.data}/db";
    }

    private static final Logger LOG = LoggerFactory.getLogger(SqliteStorage.class);

    private final Path folder;
    private final @Nullable String data;
    private final @Nullable SqliteDocuments documents;
    private final ServiceRegistration<?> registration;
    private final @Nullable ServiceRegistration<?> backup;

    /** Opens the store where the configuration says, or says why it is not open. */
    @Activate
    public SqliteStorage(Config config, BundleContext context) {
        unpackNativeLibraryInto(context.getDataFile("native"));
        data = context.getProperty("karaf.data");
        folder = folder(config.directory(), data);
        SqliteDocuments opened = null;
        String problem = "";
        try {
            opened = SqliteDocuments.open(folder);
            LOG.info("Document store opened (folder={})", folder);
        } catch (StorageException e) {
            problem = e.getMessage();
            LOG.debug("Document store is not open (folder={})", folder, e);
        }
        documents = opened;
        registration =
                opened == null
                        ? context.registerService(
                                HealthCheck.class,
                                closed(problem),
                                FrameworkUtil.asDictionary(
                                        Map.of(
                                                HealthCheck.MISSING_SERVICE,
                                                Documents.class.getName())))
                        : context.registerService(
                                new String[] {
                                    Documents.class.getName(), HealthCheck.class.getName()
                                },
                                opened,
                                null);
        backup =
                opened == null
                        ? null
                        : context.registerService(
                                BackupSource.class, new SqliteBackup(opened), null);
    }

    private static HealthCheck closed(String problem) {
        List<Finding> findings = List.of(Finding.down("storage", problem));
        return () -> findings;
    }

    /** Another folder is another store; whatever else changes in the file disturbs nobody. */
    @Modified
    void modified(Config config, ComponentContext component) {
        if (!folder(config.directory(), data).equals(folder)) {
            Restart.of(component, SqliteStorage.class);
        }
    }

    /** Takes the service away, then writes everything into the file and lets go of it. */
    @Deactivate
    void deactivate() {
        if (backup != null) {
            backup.unregister();
        }
        registration.unregister();
        if (documents != null) {
            documents.close();
        }
    }

    /**
     * Into the data folder rather than a /tmp that everybody shares, unless somebody has said
     * where.
     */
    private static void unpackNativeLibraryInto(@Nullable File folder) {
        String set = System.getProperty("org.sqlite.tmpdir");
        // One that is gone was set for this bundle's last installation.
        if ((set == null || !new File(set).isDirectory())
                && folder != null
                && (folder.isDirectory() || folder.mkdirs())) {
            System.setProperty("org.sqlite.tmpdir", folder.getPath());
        }
    }

    /** Karaf replaces the variable in files, but not in the annotation's default. */
    static Path folder(String configured, @Nullable String data) {
        return Path.of(configured.replace("${karaf.data}", data == null ? "data" : data))
                .toAbsolutePath()
                .normalize();
    }
}
