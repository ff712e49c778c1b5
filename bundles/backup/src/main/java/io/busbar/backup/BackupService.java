package io.busbar.backup;

import io.busbar.api.audit.Actor;
import io.busbar.api.backup.Backup;
import io.busbar.api.backup.Backups;
import io.busbar.api.backup.spi.BackupSource;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Offers backups of everything that publishes a {@link BackupSource}, and of the configuration. */
@Component(configurationPid = "io.busbar.backup", immediate = true)
@Designate(ocd = BackupService.Config.class)
public final class BackupService implements Backups {
    /** Where backups go. */
    @ObjectClassDefinition(name = "Backups")
    public @interface Config {
        @AttributeDefinition(
                description =
                        "Folder of the backups, for this server alone; made with access for the"
                                + " owner only if it is missing. Copies beside the backups take as"
                                + " much room as the data while one is made")
        String directory() default "${karaf.data}/backups";

        @AttributeDefinition(
                description =
                        "So many backups are kept in the folder, the oldest is deleted after a new"
                                + " one is complete; 0 = all",
                min = "0",
                max = "1000")
        int keep() default 7;
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    final List<BackupSource> sources = new CopyOnWriteArrayList<>();

    private final @Nullable String data;
    private final BackupRuns runs;

    @Activate
    public BackupService(Config config, BundleContext context) {
        data = context.getProperty("karaf.data");
        String etc = context.getProperty("busbar.etc");
        runs =
                new BackupRuns(
                        new BackupMaker(
                                sources,
                                etc == null ? null : Path.of(etc),
                                data == null ? null : Path.of(data),
                                context.getBundle().getVersion().toString(),
                                Room.REAL),
                        folder(config),
                        config.keep(),
                        Clock.systemUTC());
    }

    /** Takes the new values up; a backup that is being made is not disturbed. */
    @Modified
    void modified(Config config) {
        runs.configure(folder(config), config.keep());
    }

    /** Ends a backup that is being made; nothing is left of it. */
    @Deactivate
    void deactivate() {
        runs.close();
    }

    /** Karaf replaces the variable in files, but not in the annotation's default. */
    private Path folder(Config config) {
        return Path.of(config.directory().replace("${karaf.data}", data == null ? "data" : data))
                .toAbsolutePath()
                .normalize();
    }

    @Override
    public Started start(@Nullable Path folder, Actor actor) {
        return runs.start(folder, actor);
    }

    @Override
    public List<Backup> list() {
        return runs.list();
    }
}
