package io.busbar.storage.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.backup.spi.BackupSource;
import io.busbar.api.health.Finding;
import io.busbar.api.health.spi.HealthCheck;
import io.busbar.api.storage.Documents;
import io.busbar.testkit.config.Configs;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

class SqliteStorageTest {
    @TempDir Path temp;
    private final List<Object> registered = new ArrayList<>();

    /** Of each, in the order in which they came. */
    private final List<Object> missingServices = new ArrayList<>();

    /** What a component throws, Declarative Services write with its stack. */
    @Test
    void damagedFile_isAFindingThatSaysWhatToDo_andNoFailureOfTheComponent() throws IOException {
        Files.writeString(temp.resolve("documents.db"), "this is no database".repeat(500));

        SqliteStorage storage = start();

        assertThat(registered).singleElement().isNotInstanceOf(Documents.class);
        assertThat(missingServices).containsExactly(Documents.class.getName());
        assertThat(((HealthCheck) registered.get(0)).findings())
                .singleElement()
                .satisfies(
                        finding -> {
                            assertThat(finding.severity()).isEqualTo(Finding.Severity.DOWN);
                            assertThat(finding.detail())
                                    .contains("documents.db cannot be opened: it is damaged")
                                    .contains("Restore a backup");
                        });
        storage.deactivate();
        assertThat(registered).isEmpty();
    }

    @Test
    void newFile_isAStoreThatIsWell() {
        SqliteStorage storage = start();

        assertThat(registered).hasSize(2);
        assertThat(registered.get(0)).isInstanceOf(Documents.class);
        assertThat(registered.get(1)).isInstanceOf(BackupSource.class);
        assertThat(((HealthCheck) registered.get(0)).findings()).isEmpty();
        assertThat(missingServices).containsExactly(null, null);
        storage.deactivate();
        assertThat(registered).isEmpty();
    }

    private SqliteStorage start() {
        return new SqliteStorage(
                Configs.of(SqliteStorage.Config.class, "directory", temp.toString()),
                fake(
                        BundleContext.class,
                        (method, arguments) -> {
                            if (!method.equals("registerService")) {
                                return null;
                            }
                            Object service = arguments[1];
                            registered.add(service);
                            missingServices.add(
                                    arguments[2] instanceof Dictionary<?, ?> properties
                                            ? properties.get(HealthCheck.MISSING_SERVICE)
                                            : null);
                            return fake(
                                    ServiceRegistration.class,
                                    (any, none) -> {
                                        registered.remove(service);
                                        return null;
                                    });
                        }));
    }

    private interface Answer {
        @Nullable Object to(String method, Object[] arguments);
    }

    private static <T> T fake(Class<T> type, Answer answer) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (proxy, method, arguments) ->
                                answer.to(
                                        method.getName(),
                                        arguments == null ? new Object[0] : arguments)));
    }
}
