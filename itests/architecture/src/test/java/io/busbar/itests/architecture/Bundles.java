package io.busbar.itests.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The bundles of this build: every folder in {@code bundles/} with a {@code pom.xml}. A new one is
 * found without being named anywhere here.
 */
final class Bundles {
    private static final Path FOLDER = Path.of("..", "..", "bundles");

    private final Map<String, String> bundleOfClass = new HashMap<>();
    private final List<String> names;
    private final JavaClasses classes;

    private Bundles(List<String> names) throws IOException {
        this.names = names;
        for (String name : names) {
            for (String type : types(classes(name))) {
                bundleOfClass.put(type, name);
            }
        }
        classes =
                new ClassFileImporter().importPaths(names.stream().map(Bundles::classes).toList());
    }

    /** Reads what the build has compiled. */
    static Bundles read() throws IOException {
        try (Stream<Path> folders = Files.list(FOLDER)) {
            return new Bundles(
                    folders.filter(folder -> Files.exists(folder.resolve("pom.xml")))
                            .map(folder -> folder.getFileName().toString())
                            .sorted()
                            .toList());
        }
    }

    private static Path classes(String name) {
        return FOLDER.resolve(Path.of(name, "target", "classes"));
    }

    /** Names of all classes in a folder. */
    private static Set<String> types(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IllegalStateException(
                    folder.normalize() + " is missing: build all bundles before this module");
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.map(file -> folder.relativize(file).toString())
                    .filter(file -> file.endsWith(".class"))
                    .map(file -> file.substring(0, file.length() - ".class".length()))
                    .map(file -> file.replace('/', '.').replace('\\', '.'))
                    .collect(Collectors.toSet());
        }
    }

    /** Their names, which are those of their folders. */
    List<String> names() {
        return names;
    }

    /** The classes of all of them. */
    JavaClasses classes() {
        return classes;
    }

    /** The package that a bundle has for itself: {@code io.busbar.auth.file} of auth-file. */
    static String root(String name) {
        return "io.busbar." + name.replace('-', '.');
    }

    /** The bundle that a class is in, or null if it is in none. */
    @Nullable String of(JavaClass type) {
        return bundleOfClass.get(type.getName());
    }

    /** The classes of one. */
    DescribedPredicate<JavaClass> in(String name) {
        return DescribedPredicate.describe(
                "are in the bundle " + name, type -> name.equals(of(type)));
    }

    /** The classes of bundles, but not of these. */
    DescribedPredicate<JavaClass> outside(Collection<String> allowed) {
        return DescribedPredicate.describe(
                "are in a bundle, outside of " + allowed,
                type -> {
                    String name = of(type);
                    return name != null && !allowed.contains(name);
                });
    }
}
