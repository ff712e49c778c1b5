package io.busbar.itests.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Holds the house up: the floors and wings of the architecture page.
 *
 * <p>The trunk is {@code mqtt-transport → mqtt-broker → mqtt-codec → api}; every other bundle is a
 * wing that compiles against the ground ({@code api}, {@code json}, and what answers over HTTP
 * {@code web}) only and meets the others through services.
 */
class WhoMayImportWhomTest {

    private static final String API = "io.busbar.api..";
    private static final String JSON = "io.busbar.json..";
    private static final String CODEC = "io.busbar.mqtt.codec..";
    private static final String BROKER = "io.busbar.mqtt.broker..";
    private static final String TRANSPORT = "io.busbar.mqtt.transport..";

    /** Bundle {@code web}: what HTTP wings stand on, and the door that they never touch. */
    private static final String[] WEB = {
        "io.busbar.web.http..", "io.busbar.web.session..", "io.busbar.web.caller.."
    };

    private static final String DOOR = "io.busbar.web.door..";

    /** Those of the wings that answer over HTTP behind the door. */
    private static final Set<String> HTTP_WINGS = Set.of("io.busbar.web.api");

    /** Root package of each wing, the one bundle that lives in it. */
    private static final List<String> WINGS =
            List.of(
                    "io.busbar.auth.credentials",
                    "io.busbar.auth.acl",
                    "io.busbar.auth.file",
                    "io.busbar.auth.anonymous",
                    "io.busbar.auth.certificate",
                    "io.busbar.auth.passwords",
                    "io.busbar.auth.users",
                    "io.busbar.storage.memory",
                    "io.busbar.storage.sqlite",
                    "io.busbar.uns.registry",
                    "io.busbar.metrics",
                    "io.busbar.shell",
                    "io.busbar.web.api",
                    "io.busbar.web.console",
                    "io.busbar.startup",
                    "io.busbar.karaf.jdk24");

    private static JavaClasses ours;

    @BeforeAll
    static void importAllBundles() {
        ours =
                new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("io.busbar");
    }

    @TestFactory
    Stream<DynamicTest> everyBundle_isOnTheClassPath() {
        return Stream.concat(
                        Stream.of(API, JSON, DOOR, CODEC, BROKER, TRANSPORT),
                        WINGS.stream().map(WhoMayImportWhomTest::inside))
                .map(
                        bundle ->
                                DynamicTest.dynamicTest(
                                        bundle,
                                        () ->
                                                assertThat(ours.that(resideInAnyPackage(bundle)))
                                                        .isNotEmpty()));
    }

    @Test
    void everyClass_livesInTheRootPackageOfABundle() {
        String[] known =
                Stream.of(
                                Stream.of(
                                        API, JSON, CODEC, BROKER, TRANSPORT, "io.busbar.itests.."),
                                Stream.of(web()),
                                WINGS.stream().map(WhoMayImportWhomTest::inside))
                        .flatMap(each -> each)
                        .toArray(String[]::new);

        classes().should().resideInAnyPackage(known).check(ours);
    }

    @Test
    void api_importsNothingOfOurs() {
        noClasses()
                .that()
                .resideInAPackage(API)
                .should()
                .dependOnClassesThat(oursOutside(API))
                .check(ours);
    }

    @Test
    void json_importsNothingOfOurs() {
        noClasses()
                .that()
                .resideInAPackage(JSON)
                .should()
                .dependOnClassesThat(oursOutside(JSON))
                .check(ours);
    }

    @Test
    void web_importsApiAndJsonOnly() {
        noClasses()
                .that()
                .resideInAnyPackage(web())
                .should()
                .dependOnClassesThat(oursOutside(with(web(), API, JSON)))
                .check(ours);
    }

    @Test
    void codec_importsApiOnly() {
        noClasses()
                .that()
                .resideInAPackage(CODEC)
                .should()
                .dependOnClassesThat(oursOutside(API, CODEC))
                .check(ours);
    }

    @Test
    void broker_importsCodecAndApiOnly() {
        noClasses()
                .that()
                .resideInAPackage(BROKER)
                .should()
                .dependOnClassesThat(oursOutside(API, CODEC, BROKER))
                .check(ours);
    }

    @Test
    void transport_importsTheTrunkOnly() {
        noClasses()
                .that()
                .resideInAPackage(TRANSPORT)
                .should()
                .dependOnClassesThat(oursOutside(API, CODEC, BROKER, TRANSPORT))
                .check(ours);
    }

    @TestFactory
    Stream<DynamicTest> wing_importsGroundStonesOnly() {
        return WINGS.stream()
                .map(
                        wing ->
                                DynamicTest.dynamicTest(
                                        wing,
                                        () ->
                                                noClasses()
                                                        .that()
                                                        .resideInAPackage(inside(wing))
                                                        .should()
                                                        .dependOnClassesThat(
                                                                oursOutside(groundOf(wing)))
                                                        .check(ours)));
    }

    @Test
    void console_importsNothingOfOurs() {
        noClasses()
                .that()
                .resideInAPackage("io.busbar.web.console..")
                .should()
                .dependOnClassesThat(oursOutside("io.busbar.web.console.."))
                .check(ours);
    }

    /** Who has a servlet of its own has no door. */
    @Test
    void servlets_areKnownToWebAndConsoleOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        with(web(), "io.busbar.web.console..", "io.busbar.itests.."))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jakarta.servlet..")
                .check(ours);
    }

    @Test
    void netty_isKnownToTheTrunkOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackages(CODEC, BROKER, TRANSPORT, "io.busbar.itests..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty..")
                .check(ours);
    }

    @Test
    void broker_hasNoCirclesBetweenItsPackages() {
        slices().matching("io.busbar.mqtt.broker.(**)").should().beFreeOfCycles().check(ours);
    }

    @Test
    void api_hasNoCirclesBetweenItsPackages() {
        slices().matching("io.busbar.api.(**)").should().beFreeOfCycles().check(ours);
    }

    private static String[] groundOf(String wing) {
        return HTTP_WINGS.contains(wing)
                ? with(WEB, API, JSON, inside(wing))
                : new String[] {API, JSON, inside(wing)};
    }

    private static String[] web() {
        return with(WEB, DOOR);
    }

    private static String[] with(String[] some, String... more) {
        return Stream.concat(Stream.of(some), Stream.of(more)).toArray(String[]::new);
    }

    private static String inside(String root) {
        return root + "..";
    }

    private static DescribedPredicate<JavaClass> oursOutside(String... allowed) {
        DescribedPredicate<JavaClass> isOurs = resideInAnyPackage("io.busbar..");
        DescribedPredicate<JavaClass> isAllowed = resideInAnyPackage(allowed);
        return describe(
                "are ours, outside of " + List.of(allowed),
                type -> isOurs.test(type) && !isAllowed.test(type));
    }
}
