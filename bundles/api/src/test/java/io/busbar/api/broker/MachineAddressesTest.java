package io.busbar.api.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MachineAddressesTest {
    private static Collection<InetAddress> machine(String... addresses)
            throws UnknownHostException {
        List<InetAddress> all = new ArrayList<>();
        for (String each : addresses) {
            all.add(InetAddress.getByName(each));
        }
        return all;
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "plant7", "[fd00::7]", "::1", "10.0.0.0"})
    void of_aHost_isItself(String host) {
        assertThat(MachineAddresses.isEvery(host)).isFalse();
        assertThat(MachineAddresses.of(host)).containsExactly(host);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "[::]", "0:0:0:0:0:0:0:0", ""})
    void of_everyAddress_isOneThatSomebodyCanConnectTo(String host) throws Exception {
        assertThat(MachineAddresses.isEvery(host)).isTrue();
        assertThat(MachineAddresses.of(host)).isNotEmpty();
        for (String each : MachineAddresses.of(host)) {
            assertThat(InetAddress.getByName(each).isAnyLocalAddress()).as(each).isFalse();
        }
    }

    @Test
    void of_ipv6_isThatOfNetworks_ipv4First() throws Exception {
        assertThat(
                        MachineAddresses.usable(
                                "::",
                                machine(
                                        "::1",
                                        "127.0.0.1",
                                        "fe80::1",
                                        "2001:db8:0:0:0:0:0:7",
                                        "10.0.0.7",
                                        "192.168.1.7",
                                        "169.254.3.4")))
                .containsExactly("10.0.0.7", "192.168.1.7", "2001:db8:0:0:0:0:0:7");
    }

    @Test
    void of_ipv4_hasNoIpv6() throws Exception {
        assertThat(MachineAddresses.usable("0.0.0.0", machine("2001:db8::7", "10.0.0.7")))
                .containsExactly("10.0.0.7");
    }

    @Test
    void of_aMachineWithoutNetwork_isLoopback() throws Exception {
        assertThat(MachineAddresses.usable("0.0.0.0", machine("127.0.0.1", "fd00::7")))
                .containsExactly("127.0.0.1");
        assertThat(MachineAddresses.usable("0.0.0.0", List.of())).containsExactly("127.0.0.1");
    }
}
