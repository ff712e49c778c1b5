package io.busbar.startup;

import io.busbar.api.health.Finding;
import io.busbar.api.health.spi.HealthCheck;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.resource.Namespace;
import org.osgi.resource.Requirement;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says which files of {@code deploy/} do nothing, and why: the platform installs what it can and is
 * silent about the rest. {@link #look} is for one thread, {@link #findings} for any.
 */
@Component(service = {DeployFolder.class, HealthCheck.class})
public final class DeployFolder implements HealthCheck {
    private static final Logger LOG = LoggerFactory.getLogger(DeployFolder.class);

    /** So often a file has to be found as it was: it may be written, or just being installed. */
    private static final int LOOKS = 4;

    private static final Pattern PACKAGE =
            Pattern.compile(Pattern.quote(PackageNamespace.PACKAGE_NAMESPACE) + "=([^)]+)\\)");

    private final BundleContext bundles;
    private final Path folder;
    private final Map<Path, Seen> seen = new HashMap<>();
    private volatile List<Finding> findings = List.of();

    @Activate
    public DeployFolder(BundleContext bundles) {
        this(
                bundles,
                Path.of(Objects.requireNonNullElse(bundles.getProperty("karaf.data"), "."))
                        .resolve("deploy"));
    }

    /** For tests. */
    DeployFolder(BundleContext bundles, Path folder) {
        this.bundles = bundles;
        this.folder = folder;
    }

    /** How a file was the last times. */
    private record Seen(String state, int looks) {}

    @Override
    public List<Finding> findings() {
        return findings;
    }

    /** Looks at the folder; to be called about once a second. */
    void look() {
        Map<Path, String> problems = new TreeMap<>();
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(folder, "*.jar")) {
            for (Path jar : jars) {
                files.add(jar);
                String problem = isSettled(jar) ? problem(jar) : null;
                if (problem != null) {
                    problems.put(jar, problem);
                }
            }
        } catch (NoSuchFileException noFolder) {
            // Nothing is deployed.
        } catch (IOException | RuntimeException e) {
            LOG.debug("Cannot look into {}", folder, e);
            return;
        }
        seen.keySet().retainAll(files);
        tell(problems);
    }

    private void tell(Map<Path, String> problems) {
        List<Finding> before = findings;
        List<Finding> now = new ArrayList<>();
        problems.forEach(
                (jar, problem) ->
                        now.add(
                                Finding.degraded(
                                        "deploy", "deploy/" + jar.getFileName() + problem)));
        now.stream()
                .filter(finding -> !before.contains(finding))
                .forEach(finding -> LOG.warn("{}", finding.detail()));
        findings = List.copyOf(now);
    }

    private boolean isSettled(Path jar) throws IOException {
        String state;
        try {
            Bundle bundle = bundleOf(jar);
            state =
                    Files.getLastModifiedTime(jar)
                            + "/"
                            + Files.size(jar)
                            + "/"
                            + (bundle == null ? "" : bundle.getState());
        } catch (NoSuchFileException gone) {
            return false;
        }
        Seen last = seen.get(jar);
        int looks = last != null && last.state().equals(state) ? last.looks() + 1 : 1;
        seen.put(jar, new Seen(state, looks));
        return looks >= LOOKS;
    }

    private @Nullable String problem(Path jar) {
        Bundle bundle = bundleOf(jar);
        if (bundle == null) {
            return whyNoBundle(jar);
        }
        return switch (bundle.getState()) {
            case Bundle.INSTALLED -> " does nothing: " + whyUnresolved(bundle);
            case Bundle.RESOLVED ->
                    bundle.getHeaders().get(Constants.FRAGMENT_HOST) == null
                            ? " is stopped: log/busbar.log says why, if it failed to start"
                            : null;
            default -> null;
        };
    }

    private @Nullable Bundle bundleOf(Path jar) {
        String uri = jar.toUri().toString();
        for (Bundle bundle : bundles.getBundles()) {
            String location = bundle.getLocation();
            if (location != null
                    && location.contains(
                            uri.substring("file:".length()).replaceFirst("^/+", "/"))) {
                return bundle;
            }
        }
        return null;
    }

    private static String whyNoBundle(Path jar) {
        try (JarFile file = new JarFile(jar.toFile())) {
            Manifest manifest = file.getManifest();
            boolean named =
                    manifest != null
                            && manifest.getMainAttributes().getValue(Constants.BUNDLE_SYMBOLICNAME)
                                    != null;
            return named
                    ? " was not installed: a bundle of the same name and version is there already,"
                            + " or log/busbar.log says why"
                    : " does nothing: it is no OSGi bundle, its manifest has no"
                            + " Bundle-SymbolicName";
        } catch (IOException e) {
            return " does nothing: it cannot be read as a jar ("
                    + e.getMessage()
                    + "). Copy it again";
        }
    }

    /** What a bundle needs and nobody gives. */
    private String whyUnresolved(Bundle bundle) {
        FrameworkWiring framework = bundles.getBundle(0).adapt(FrameworkWiring.class);
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        TreeSet<String> missing = new TreeSet<>();
        for (Requirement need : revision.getRequirements(null)) {
            boolean optional =
                    Namespace.RESOLUTION_OPTIONAL.equals(
                            need.getDirectives().get(Namespace.REQUIREMENT_RESOLUTION_DIRECTIVE));
            String effective = need.getDirectives().get(Namespace.REQUIREMENT_EFFECTIVE_DIRECTIVE);
            if (!optional
                    && (effective == null || effective.equals(Namespace.EFFECTIVE_RESOLVE))
                    && framework.findProviders(need).isEmpty()) {
                missing.add(named(need));
            }
        }
        return missing.isEmpty()
                ? "it does not resolve, although each thing that it needs is there: two of them may"
                        + " not go together; log/busbar.log may say more"
                : "missing is "
                        + String.join(", ", missing)
                        + ". Put a bundle beside it that has it";
    }

    private static String named(Requirement need) {
        String filter =
                need.getDirectives()
                        .getOrDefault(Namespace.REQUIREMENT_FILTER_DIRECTIVE, need.toString());
        Matcher aPackage = PACKAGE.matcher(filter);
        return aPackage.find()
                ? "the package " + aPackage.group(1) + versions(filter)
                : need.getNamespace() + " " + filter;
    }

    private static String versions(String filter) {
        return filter.contains("(version") ? " in the version that it asks for " + filter : "";
    }
}
