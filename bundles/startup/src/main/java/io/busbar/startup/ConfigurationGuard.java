package io.busbar.startup;

import io.busbar.api.config.spi.ValueCheck;
import io.busbar.api.health.Finding;
import io.busbar.api.health.spi.HealthCheck;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.cm.ConfigurationListener;
import org.osgi.service.cm.ConfigurationPlugin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands between the files of configuration and the components. It compares each value with the
 * type, bounds and options that the component declares. A value that is not allowed does not reach
 * the component: it keeps the last good value of the key. A key that nobody knows is left out. Both
 * are logged and can be asked for, so that the terminal and {@code /health/ready} tell them.
 *
 * <p>If there is no last good value the default holds. A new instance of a factory, such as a
 * listener, gets its values unchanged and refuses them itself: nothing of it was running. Rules
 * that span keys are the component's own. Forms that an annotation cannot say are those of {@link
 * ValueCheck}. Thread-safe.
 */
@Component(
        service = {
            ConfigurationGuard.class,
            ConfigurationPlugin.class,
            ConfigurationListener.class,
            HealthCheck.class
        },
        immediate = true,
        // After the plugin that fills in $[...] (500); beyond 1000 changes are ignored.
        property = "service.cmRanking:Integer=900")
public final class ConfigurationGuard
        implements ConfigurationPlugin, ConfigurationListener, HealthCheck {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigurationGuard.class);
    private static final String OURS = "io.busbar.";
    private static final String FILE = "felix.fileinstall.filename";

    /** Keys that belong to the platform and not to a component. */
    private static final List<String> PLATFORM =
            List.of("service.", "felix.", "component.", "osgi.", "org.", ".", "busbar.");

    private final Function<String, @Nullable Map<String, ConfigurationRule>> schema;
    private final Map<String, Map<String, Object>> lastGood = new HashMap<>();
    private final Map<String, List<ConfigurationProblem>> problems = new HashMap<>();

    /** For what annotations cannot say. */
    @Reference(policy = ReferencePolicy.DYNAMIC)
    volatile List<ValueCheck> checks = List.of();

    @Activate
    public ConfigurationGuard(BundleContext bundles) {
        this(new Declared(bundles)::keys);
    }

    /**
     * For tests.
     *
     * @param schema the keys of a PID or factory PID; null if nobody declares it
     */
    ConfigurationGuard(Function<String, @Nullable Map<String, ConfigurationRule>> schema) {
        this.schema = schema;
    }

    @Override
    public synchronized void modifyConfiguration(
            @Nullable ServiceReference<?> reference, Dictionary<String, Object> properties) {
        if (!(properties.get("service.pid") instanceof String pid)) {
            return;
        }
        boolean factory = properties.get("service.factoryPid") instanceof String;
        String declaredBy = factory ? (String) properties.get("service.factoryPid") : pid;
        Map<String, ConfigurationRule> rules = schema.apply(declaredBy);
        if (rules == null) {
            return;
        }
        Map<String, Object> good = lastGood.get(pid);
        boolean replaces = good != null || !factory;
        String file = fileOf(properties.get(FILE), pid);
        List<ConfigurationProblem> found = new ArrayList<>();
        for (String key : Collections.list(properties.keys())) {
            ConfigurationRule rule = rules.get(key);
            Object value = properties.get(key);
            if (rule == null) {
                if (!isOfThePlatform(key)) {
                    properties.remove(key);
                    found.add(unknown(file, key));
                }
                continue;
            }
            String allowed = allowed(declaredBy, key, rule, value);
            if (allowed == null) {
                if (value instanceof String text && !rule.type().equals("String")) {
                    properties.put(key, text.strip());
                }
            } else {
                found.add(notAllowed(file, key, rule.elements(value), allowed));
                if (replaces) {
                    Object kept = good == null ? null : good.get(key);
                    if (kept == null) {
                        properties.remove(key);
                    } else {
                        properties.put(key, kept);
                    }
                }
            }
        }
        if (replaces || found.stream().allMatch(ConfigurationProblem::unknown)) {
            lastGood.put(pid, copy(properties));
        }
        tell(pid, found);
    }

    /** A file that is gone has neither good values nor problems. */
    @Override
    public synchronized void configurationEvent(ConfigurationEvent event) {
        if (event.getType() == ConfigurationEvent.CM_DELETED) {
            lastGood.remove(event.getPid());
            problems.remove(event.getPid());
        }
    }

    @Override
    public List<Finding> findings() {
        return list().stream()
                .map(problem -> Finding.degraded("configuration", problem.text()))
                .toList();
    }

    /** The lines that are not used, sorted by file and key; empty if all are. */
    synchronized List<ConfigurationProblem> list() {
        return problems.values().stream()
                .flatMap(List::stream)
                .sorted(
                        Comparator.comparing(ConfigurationProblem::file)
                                .thenComparing(ConfigurationProblem::key))
                .toList();
    }

    private void tell(String pid, List<ConfigurationProblem> found) {
        List<ConfigurationProblem> before =
                found.isEmpty() ? problems.remove(pid) : problems.put(pid, found);
        for (ConfigurationProblem problem : found) {
            if (before == null || !before.contains(problem)) {
                LOG.warn("{}", problem.text());
            }
        }
    }

    private static ConfigurationProblem unknown(String file, String key) {
        return new ConfigurationProblem(
                file, key, true, file + ": " + key + " is not used: no such key");
    }

    /** What is allowed instead of the value, in words; null if it is allowed itself. */
    private @Nullable String allowed(String pid, String key, ConfigurationRule rule, Object value) {
        for (String element : rule.elements(value)) {
            if (!rule.allows(element)) {
                return rule.allowed();
            }
            for (ValueCheck check : checks) {
                String allowed = check.pid().equals(pid) ? check.allowed(key, element) : null;
                if (allowed != null) {
                    return allowed;
                }
            }
        }
        return null;
    }

    private static ConfigurationProblem notAllowed(
            String file, String key, List<String> values, String allowed) {
        return new ConfigurationProblem(
                file,
                key,
                false,
                file
                        + ": "
                        + key
                        + " = "
                        + String.join(", ", values)
                        + " is not used: allowed is "
                        + allowed);
    }

    private static String fileOf(@Nullable Object location, String pid) {
        String path = location == null ? pid + ".cfg" : location.toString();
        return "etc/" + path.substring(path.lastIndexOf('/') + 1);
    }

    private static boolean isOfThePlatform(String key) {
        return key.endsWith(".target") || PLATFORM.stream().anyMatch(key::startsWith);
    }

    private static Map<String, Object> copy(Dictionary<String, Object> properties) {
        Map<String, Object> copy = new HashMap<>();
        for (String key : Collections.list(properties.keys())) {
            copy.put(key, properties.get(key));
        }
        return copy;
    }

    /** What the installed bundles of this server declare. */
    private static final class Declared {
        private final BundleContext bundles;
        private final Map<Long, Read> read = new HashMap<>();

        Declared(BundleContext bundles) {
            this.bundles = bundles;
        }

        @Nullable Map<String, ConfigurationRule> keys(String pid) {
            if (!pid.startsWith(OURS)) {
                return null;
            }
            for (Bundle bundle : bundles.getBundles()) {
                String name = bundle.getSymbolicName();
                if (name != null && name.startsWith(OURS)) {
                    Map<String, ConfigurationRule> keys = schemaOf(bundle).keys(pid);
                    if (keys != null) {
                        return keys;
                    }
                }
            }
            return null;
        }

        private ConfigurationSchema schemaOf(Bundle bundle) {
            Read known = read.get(bundle.getBundleId());
            if (known == null || known.modified() != bundle.getLastModified()) {
                ConfigurationSchema schema = new ConfigurationSchema();
                try {
                    schema = ConfigurationSchema.of(bundle);
                } catch (IOException | IllegalStateException problem) {
                    LOG.warn(
                            "Configuration of {} is not checked: {}",
                            bundle.getSymbolicName(),
                            problem.toString());
                }
                known = new Read(bundle.getLastModified(), schema);
                read.put(bundle.getBundleId(), known);
            }
            return known.schema();
        }

        private record Read(long modified, ConfigurationSchema schema) {}
    }
}
