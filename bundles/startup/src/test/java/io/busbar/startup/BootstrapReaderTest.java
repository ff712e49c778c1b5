package io.busbar.startup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.busbar.api.auth.AclRule;
import io.busbar.api.auth.ClientIdPolicy;
import io.busbar.api.auth.NewCredential;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BootstrapReaderTest {

    @Test
    void read_everything_isThere() throws Exception {
        Bootstrap bootstrap =
                BootstrapReader.read(
                        """
                        {"admin":{"username":"root","password":"correct horse battery"},
                         "credentials":[{"description":"Line 1","clientId":"line1","username":"l1",
                           "password":"secret words","clientIdPolicy":"PREFIX",
                           "otherClientIds":["spare","line1"],
                           "acl":[{"effect":"ALLOW","action":"PUBLISH","filter":"plant/%c/#"}]}],
                         "namespace":[{"name":"plant","type":"PATH"}],
                         "anonymous":true}
                        """);

        assertThat(bootstrap.admin())
                .isEqualTo(new Bootstrap.Admin("root", "correct horse battery"));
        assertThat(bootstrap.credentials()).hasSize(1);
        NewCredential credential = bootstrap.credentials().get(0);
        assertThat(credential.description()).isEqualTo("Line 1");
        assertThat(credential.clientId()).isEqualTo("line1");
        assertThat(credential.username()).isEqualTo("l1");
        assertThat(credential.password()).isEqualTo("secret words");
        assertThat(credential.clientIdPolicy()).isEqualTo(ClientIdPolicy.PREFIX);
        assertThat(credential.otherClientIds()).containsExactly("spare", "line1");
        assertThat(credential.acl())
                .containsExactly(
                        new AclRule(AclRule.Effect.ALLOW, AclRule.Action.PUBLISH, "plant/%c/#"));
        assertThat(bootstrap.namespace())
                .isEqualTo("{\"namespace\":[{\"name\":\"plant\",\"type\":\"PATH\"}]}");
        assertThat(bootstrap.anonymous()).isTrue();
    }

    @Test
    void read_emptyObject_wantsNothing() throws Exception {
        assertThat(BootstrapReader.read("{}")).isEqualTo(Bootstrap.EMPTY);
    }

    @Test
    void read_aclAbsent_isLeftToTheDefault() throws Exception {
        Bootstrap bootstrap =
                BootstrapReader.read(
                        """
                        {"credentials":[{"description":"d","clientId":"c","username":"u","password":"password"}]}
                        """);

        assertThat(bootstrap.credentials().get(0).acl()).isNull();
        assertThat(bootstrap.credentials().get(0).clientIdPolicy()).isNull();
    }

    @Test
    void read_policyAny_needsNoClientIdAndNoDescription() throws Exception {
        NewCredential credential =
                BootstrapReader.read(
                                """
                                {"credentials":[{"username":"u","password":"password","clientIdPolicy":"ANY"}]}
                                """)
                        .credentials()
                        .get(0);

        assertThat(credential.clientId()).isNull();
        assertThat(credential.description()).isEqualTo("u");
    }

    static Stream<Arguments> wrongFiles() {
        return Stream.of(
                Arguments.of("", "not valid JSON"),
                Arguments.of("{\"admin\":", "not valid JSON: End of input at line 1"),
                Arguments.of("{} {}", "not valid JSON: malformed at line 1 column 5"),
                Arguments.of(
                        "{\n \"anonymous\":false,\n \"anonymous\":true}",
                        "name \"anonymous\" stands twice in one object (expected: once) at line 3"
                                + " column 13 in anonymous"),
                Arguments.of(
                        credential("\"username\":\"v\""),
                        "name \"username\" stands twice in one object (expected: once) at line 1"
                                + " column 98 in credentials[0].username"),
                Arguments.of("{\"admin\":null}", "admin: null (expected: a value)"),
                Arguments.of("[]", "the file: a list (expected: an object)"),
                Arguments.of("{\"admn\":{}}", "unknown key \"admn\" in the file"),
                Arguments.of("{\"admin\":{\"user\":\"x\"}}", "unknown key \"user\" in admin"),
                Arguments.of("{\"admin\":{\"username\":\"x\"}}", "admin: \"password\" is missing"),
                Arguments.of(
                        "{\"admin\":{\"username\":\"x\",\"password\":\"short\"}}",
                        "admin.password: 5 characters (expected: at least 12)"),
                Arguments.of(
                        "{\"admin\":{\"username\":7,\"password\":\"correct horse battery\"}}",
                        "admin.username: a number (expected: text)"),
                Arguments.of("{\"credentials\":{}}", "credentials: an object (expected: a list)"),
                Arguments.of(
                        "{\"credentials\":[{\"descripton\":\"x\"}]}",
                        "unknown key \"descripton\" in credentials[0]"),
                Arguments.of(
                        "{\"credentials\":[{\"username\":\"\"}]}",
                        "credentials[0].username: is empty"),
                Arguments.of(
                        "{\"credentials\":[{\"username\":\"u\",\"password\":\"password\"}]}",
                        "credentials[0]: \"clientId\" is missing"),
                Arguments.of(
                        credential("\"otherClientIds\":[7]"),
                        "credentials[0].otherClientIds[0]: a number (expected: text)"),
                Arguments.of(
                        credential("\"otherClientIds\":[\"d\",\"" + "x".repeat(121) + "\"]"),
                        "credentials[0].otherClientIds[1]: \""
                                + "x".repeat(60)
                                + "…\" (expected: 1"
                                + " to 120 characters"),
                Arguments.of(
                        credential("\"otherClientIds\":[\" \"]"),
                        "credentials[0].otherClientIds[0]: \" \" (expected: 1 to 120"),
                Arguments.of(
                        credential("\"otherClientIds\":[\"a\\u0007b\"]"),
                        "credentials[0].otherClientIds[0]: \"a\uFFFDb\" (expected: 1 to 120"),
                Arguments.of(
                        "{\"credentials\":[{\"clientId\":\"a\\tb\",\"username\":\" u\","
                                + "\"password\":\"short\",\"description\":\"a\\nb\"}]}",
                        "credentials[0].username: \" u\" (expected: 1 to 120 characters, no control"
                                + " characters, no space at either end);"
                                + " credentials[0].password: 5 characters (expected: 8 to 256);"
                                + " credentials[0].clientId: \"a\uFFFDb\" (expected: 1 to 120"
                                + " characters, no control characters, no space at either end);"
                                + " credentials[0].description: control character (expected: 1 to"
                                + " 255"),
                Arguments.of(
                        credential(
                                "\"acl\":["
                                        + "{\"effect\":\"ALLOW\",\"action\":\"BOTH\",\"filter\":\"a\"},"
                                                .repeat(256)
                                        + "{\"effect\":\"ALLOW\",\"action\":\"BOTH\",\"filter\":\"a\"}]"),
                        "credentials[0].acl: 257 entries (expected: at most 256)"),
                Arguments.of(
                        credential(
                                "\"acl\":[{\"effect\":\"ALLOW\",\"action\":\"BOTH\",\"filter\":\"$share/g/a\"}]"),
                        "credentials[0].acl[0].filter: \"$share/g/a\" is no topic filter: it is a"
                                + " Shared Subscription"),
                Arguments.of(
                        credential("\"clientIdPolicy\":\"SOME\""),
                        "credentials[0].clientIdPolicy: \"SOME\" (expected: EXACT, PREFIX, ANY)"),
                Arguments.of(
                        credential(
                                "\"acl\":[{\"effect\":\"ALLOW\",\"action\":\"BOTH\",\"filter\":\"a/#/b\"}]"),
                        "credentials[0].acl[0].filter: \"a/#/b\" is no topic filter"),
                Arguments.of(
                        credential(
                                "\"acl\":[{\"effect\":\"ALLOW\",\"action\":\"BOTH\",\"filter\":\"#\",\"qos\":1}]"),
                        "unknown key \"qos\" in credentials[0].acl[0]"),
                Arguments.of("{\"namespace\":{}}", "namespace: an object (expected: a list)"),
                Arguments.of(
                        "{\"anonymous\":\"yes\"}", "anonymous: text (expected: true or false)"));
    }

    @ParameterizedTest
    @MethodSource("wrongFiles")
    void read_wrong_namesThePlace(String text, String problem) {
        assertThatThrownBy(() -> BootstrapReader.read(text))
                .isInstanceOf(BootstrapException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void read_severalMistakes_areToldTogether() {
        assertThatThrownBy(
                        () ->
                                BootstrapReader.read(
                                        "{\"admin\":{\"username\":\" \"},"
                                                + "\"credentials\":[7],\"annonymous\":true}"))
                .isInstanceOf(BootstrapException.class)
                .hasMessage(
                        "admin.username: is empty; admin: \"password\" is missing;"
                                + " credentials[0]: a number (expected: an object);"
                                + " unknown key \"annonymous\" in the file (expected: admin,"
                                + " credentials, namespace, anonymous)");
    }

    @Test
    void read_twoCredentialsOfOneClientId_isRefused() {
        String one =
                "{\"description\":\"d\",\"clientId\":\"c\",\"username\":\"u\",\"password\":\"password\"}";
        String two =
                "{\"description\":\"d\",\"clientId\":\"c\",\"username\":\"v\",\"password\":\"password\"}";

        assertThatThrownBy(
                        () -> BootstrapReader.read("{\"credentials\":[" + one + "," + two + "]}"))
                .isInstanceOf(BootstrapException.class)
                .hasMessageContaining("credentials[1].clientId: \"c\" is there twice");
    }

    @Test
    void read_aFurtherClientIdOfAnotherCredential_isRefused() {
        String one =
                "{\"clientId\":\"c\",\"username\":\"u\",\"password\":\"password\",\"otherClientIds\":[\"d\"]}";
        String two = "{\"clientId\":\"d\",\"username\":\"v\",\"password\":\"password\"}";

        assertThatThrownBy(
                        () -> BootstrapReader.read("{\"credentials\":[" + one + "," + two + "]}"))
                .isInstanceOf(BootstrapException.class)
                .hasMessageContaining("credentials[1].clientId: \"d\" is there twice");
        assertThatThrownBy(
                        () -> BootstrapReader.read("{\"credentials\":[" + two + "," + one + "]}"))
                .isInstanceOf(BootstrapException.class)
                .hasMessageContaining("credentials[1].otherClientIds: \"d\" is there twice");
    }

    private static String credential(String more) {
        return "{\"credentials\":[{\"description\":\"d\",\"clientId\":\"c\",\"username\":\"u\",\"password\":\"password\","
                + more
                + "}]}";
    }
}
