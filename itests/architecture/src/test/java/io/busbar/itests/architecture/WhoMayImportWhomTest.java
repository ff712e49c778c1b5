package io.busbar.itests.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.osgi.annotation.bundle.Export;

/**
 * Holds the house up: the floors and wings of the architecture page, for every bundle that there
 * is.
 *
 * <p>The trunk is {@code mqtt-transport → mqtt-broker → mqtt-codec → api}. The ground stones are
 * {@code api}, {@code json} and, for bundles that answer HTTP, {@code web}. Every other bundle is a
 * wing: it compiles against ground stones only and meets the others through services.
 */
class WhoMayImportWhomTest {
    /** Bundles with rules of their own, and the bundles that they may import. */
    private static final Map<String, Set<String>> OWN_RULES =
            Map.of(
                    "api", Set.of(),
                    "json", Set.of(),
                    "web", Set.of("api", "json"),
                    "mqtt-codec", Set.of("api"),
                    "mqtt-broker", Set.of("api", "mqtt-codec"),
                    "mqtt-transport", Set.of("api", "mqtt-codec", "mqtt-broker"),
                    "web-console", Set.of());

    /** Wings that have nothing to do with HTTP. */
    private static final Set<String> FAMILIES_WITHOUT_HTTP =
            Set.of("auth", "storage", "uns", "shell", "startup", "karaf");

    private static final Set<String> GROUND = Set.of("api", "json");
    private static final Set<String> GROUND_OF_HTTP = Set.of("api", "json", "web");
    private static final Set<String> MAY_KNOW_NETTY =
            Set.of("mqtt-codec", "mqtt-broker", "mqtt-transport");
    private static final Set<String> MAY_KNOW_SERVLETS = Set.of("web", "web-console");

    private static final DescribedPredicate<JavaClass> EXPORTED =
            DescribedPredicate.describe(
                    "are in a package with @Export",
                    type -> type.getPackage().isAnnotatedWith(Export.class));

    private static Bundles bundles;

    @BeforeAll
    static void readBundles() throws Exception {
        bundles = Bundles.read();
    }

    private static Stream<DynamicTest> forEachBundle(Consumer<String> test) {
        return bundles.names().stream()
                .map(name -> DynamicTest.dynamicTest(name, () -> test.accept(name)));
    }

    private static Set<String> mayImport(String bundle) {
        Set<String> own = OWN_RULES.get(bundle);
        if (own != null) {
            return own;
        }
        String family = bundle.split("-")[0];
        return FAMILIES_WITHOUT_HTTP.contains(family) ? GROUND : GROUND_OF_HTTP;
    }

    @TestFactory
    Stream<DynamicTest> bundle_importsOnlyWhatItMay() {
        return forEachBundle(
                bundle -> {
                    Set<String> allowed = new TreeSet<>(mayImport(bundle));
                    allowed.add(bundle);

                    noClasses()
                            .that(bundles.in(bundle))
                            .should()
                            .dependOnClassesThat(bundles.outside(allowed))
                            .check(bundles.classes());
                });
    }

    /** What is not exported, no other bundle sees at run time. */
    @TestFactory
    Stream<DynamicTest> bundle_importsOnlyWhatOthersExport() {
        return forEachBundle(
                bundle ->
                        noClasses()
                                .that(bundles.in(bundle))
                                .should()
                                .dependOnClassesThat(
                                        bundles.outside(Set.of(bundle))
                                                .and(DescribedPredicate.not(EXPORTED)))
                                .check(bundles.classes()));
    }

    @TestFactory
    Stream<DynamicTest> bundle_livesInItsOwnPackage() {
        return forEachBundle(
                bundle ->
                        classes()
                                .that(bundles.in(bundle))
                                .should()
                                .resideInAPackage(Bundles.root(bundle) + "..")
                                .check(bundles.classes()));
    }

    @Test
    void package_isInOneBundleOnly() {
        assertThat(ambiguous(bundles.classes().stream(), JavaClass::getPackageName, bundles::of))
                .isEmpty();
    }

    @TestFactory
    Stream<DynamicTest> bundle_hasNoCirclesBetweenItsPackages() {
        return forEachBundle(
                bundle ->
                        slices().assignedFrom(
                                        by(
                                                "the packages of " + bundle,
                                                type ->
                                                        bundle.equals(bundles.of(type))
                                                                ? type.getPackageName()
                                                                : null))
                                .should()
                                .beFreeOfCycles()
                                .check(bundles.classes()));
    }

    @Test
    void bundles_haveNoCircles() {
        slices().assignedFrom(by("the bundles", bundles::of))
                .should()
                .beFreeOfCycles()
                .check(bundles.classes());
    }

    @Test
    void netty_isKnownToTheTrunkOnly() {
        noClasses()
                .that(bundles.outside(MAY_KNOW_NETTY))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty..")
                .check(bundles.classes());
    }

    /** Who has a servlet of its own goes around the checks of web. */
    @Test
    void servlets_areKnownToWebAndConsoleOnly() {
        noClasses()
                .that(bundles.outside(MAY_KNOW_SERVLETS))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jakarta.servlet..")
                .check(bundles.classes());
    }

    /** One word for one thing: within a bundle, and between it and the vocabulary of api. */
    @TestFactory
    Stream<DynamicTest> className_standsForOneThing() {
        return forEachBundle(
                bundle -> {
                    Stream<JavaClass> known =
                            bundles.classes().stream()
                                    .filter(bundles.in(bundle).or(bundles.in("api")))
                                    .filter(JavaClass::isTopLevelClass)
                                    .filter(type -> !type.getSimpleName().equals("package-info"));

                    assertThat(
                                    ambiguous(
                                            known,
                                            JavaClass::getSimpleName,
                                            JavaClass::getPackageName))
                            .isEmpty();
                });
    }

    /** Keys of classes that have more than one value, with the values. */
    private static Map<String, Set<String>> ambiguous(
            Stream<JavaClass> types,
            Function<JavaClass, String> key,
            Function<JavaClass, String> value) {
        Map<String, Set<String>> found =
                types.collect(
                        Collectors.groupingBy(
                                key, TreeMap::new, Collectors.mapping(value, Collectors.toSet())));
        found.values().removeIf(values -> values.size() == 1);
        return found;
    }

    /** Slices by a name; a class without one is in none. */
    private static SliceAssignment by(
            String description, Function<JavaClass, @Nullable String> name) {
        return new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass type) {
                String slice = name.apply(type);
                return slice == null ? SliceIdentifier.ignore() : SliceIdentifier.of(slice);
            }

            @Override
            public String getDescription() {
                return description;
            }
        };
    }
}
