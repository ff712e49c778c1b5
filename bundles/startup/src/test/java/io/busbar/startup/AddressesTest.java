package io.busbar.startup;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.broker.MachineAddresses;
import java.lang.reflect.Proxy;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.osgi.framework.ServiceReference;
import org.osgi.service.servlet.runtime.HttpServiceRuntimeConstants;

class AddressesTest {

    @Test
    void console_onIpv6_isAUrl() {
        assertThat(console("http://::1:8080/")).isEqualTo("http://[::1]:8080/");
        assertThat(console("http://0:0:0:0:0:0:0:1:8080"))
                .isEqualTo("http://[0:0:0:0:0:0:0:1]:8080/");
        assertThat(console("http://fe80::1%eth0:8080/")).isEqualTo("http://[fe80::1%25eth0]:8080/");
        assertThat(console("http://[::1]:8080/")).isEqualTo("http://[::1]:8080/");
    }

    @Test
    void console_onIpv4OrByName_staysAsItIs() {
        assertThat(console("http://127.0.0.1:8080/")).isEqualTo("http://127.0.0.1:8080/");
        assertThat(console("http://plant7:8080")).isEqualTo("http://plant7:8080/");
    }

    @Test
    void console_listeningEverywhere_isThisMachinesOwn() {
        assertThat(console("http://10.0.0.7:8080/", "http://127.0.0.1:8080/"))
                .isEqualTo("http://127.0.0.1:8080/");
        assertThat(console("http://2001:db8::7:8080/", "http://::1:8080/"))
                .isEqualTo("http://[::1]:8080/");
        assertThat(console("/")).isNull();
        assertThat(Addresses.consoleOf(null)).isNull();
    }

    /** Nobody can open 0.0.0.0, however often a web server says that it is there. */
    @Test
    void console_boundToEveryAddress_isOneThatABrowserCanOpen() {
        assertThat(console("http://0.0.0.0:8080/")).isEqualTo("http://127.0.0.1:8080/");
        assertThat(console("http://0:0:0:0:0:0:0:0:8080/")).isEqualTo("http://[::1]:8080/");
        assertThat(console("http://[::]:8080/")).isEqualTo("http://[::1]:8080/");
        assertThat(consoleHosts("http://0.0.0.0:8080/"))
                .isEqualTo(
                        MachineAddresses.of("0.0.0.0").stream()
                                .filter(host -> !host.startsWith("127."))
                                .toList());
    }

    /** So a web server names itself that listens on every address of a machine. */
    @Test
    void console_ofNetworks_isOneOfIpv4_andWithoutZone() {
        String[] all = {"http://[fd00:0:0:0:0:0:0:2%eth0]:8080/", "http://192.0.2.2:8080/"};

        assertThat(console(all)).isEqualTo("http://192.0.2.2:8080/");
        assertThat(consoleHosts(all)).containsExactly("[fd00:0:0:0:0:0:0:2]");
        assertThat(console("http://[fd00:0:0:0:0:0:0:2%eth0]:8080/"))
                .isEqualTo("http://[fd00:0:0:0:0:0:0:2]:8080/");
    }

    @Test
    void consoleHosts_areThoseOfNetworks_butTheOneThatIsTold() {
        assertThat(consoleHosts("http://127.0.0.1:8080/")).isEmpty();
        assertThat(consoleHosts("http://plant7:8080")).isEmpty();
        assertThat(
                        consoleHosts(
                                "http://10.0.0.7:8080/",
                                "http://127.0.0.1:8080/",
                                "http://fe80::1%eth0:8080/",
                                "http://fd00::7:8080/",
                                "http://10.0.0.7:8080/"))
                .containsExactly("10.0.0.7", "[fd00::7]");
        assertThat(consoleHosts("http://10.0.0.7:8080/", "http://10.0.0.8:8080/"))
                .containsExactly("10.0.0.8");
        assertThat(Addresses.consoleHosts(null)).isEmpty();
    }

    private static String console(String... endpoints) {
        return Addresses.consoleOf(http(endpoints));
    }

    private static List<String> consoleHosts(String... endpoints) {
        return Addresses.consoleHosts(http(endpoints));
    }

    private static ServiceReference<?> http(String... endpoints) {
        return (ServiceReference<?>)
                Proxy.newProxyInstance(
                        AddressesTest.class.getClassLoader(),
                        new Class<?>[] {ServiceReference.class},
                        (proxy, method, arguments) ->
                                HttpServiceRuntimeConstants.HTTP_SERVICE_ENDPOINT.equals(
                                                arguments[0])
                                        ? endpoints
                                        : null);
    }
}
