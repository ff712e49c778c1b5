package io.busbar.itests.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the launcher divides the memory of a machine or container, with made-up control groups. */
class LauncherMemoryTest {
    private static final long MIB = 1 << 20;
    private static final Path SCRIPT = Path.of("..", "..", "busbar").toAbsolutePath();

    @TempDir private Path system;

    private final Map<String, String> environment = new TreeMap<>();

    @Test
    void machine_givesAQuarterWithinBounds() throws Exception {
        machine(64 * 1024);
        assertTold("memory: heap 1138 MB, direct 256 MB, store 128 MB of 65536 MB (machine)");
        machine(4096);
        assertTold("memory: heap 504 MB, direct 128 MB, store 64 MB of 4096 MB (machine)");
        machine(1024);
        assertTold("memory: heap 188 MB, direct 64 MB, store 32 MB of 1024 MB (machine)");
        machine(512);
        assertTold("memory: heap 108 MB, direct 48 MB, store 24 MB of 512 MB (machine)");
    }

    @Test
    void container_ofControlGroups2_givesAllButNoMoreThanTwoGigabytes() throws Exception {
        machine(64 * 1024);
        file("proc/self/cgroup", "0::/\n");
        file("sys/fs/cgroup/memory.max", 512 * MIB + "\n");
        assertTold("memory: heap 188 MB, direct 64 MB, store 32 MB of 512 MB (container)");
        file("sys/fs/cgroup/memory.max", 8192 * MIB + "\n");
        assertTold("memory: heap 1138 MB, direct 256 MB, store 128 MB of 8192 MB (container)");
        file("sys/fs/cgroup/memory.max", "max\n");
        assertTold("memory: heap 1138 MB, direct 256 MB, store 128 MB of 65536 MB (machine)");
    }

    @Test
    void limitOfAGroupAbove_counts() throws Exception {
        machine(64 * 1024);
        file("proc/self/cgroup", "0::/plant.slice/busbar.service\n");
        file("sys/fs/cgroup/plant.slice/memory.max", 512 * MIB + "\n");
        file("sys/fs/cgroup/plant.slice/busbar.service/memory.max", "max\n");
        assertTold("memory: heap 188 MB, direct 64 MB, store 32 MB of 512 MB (container)");
        file("sys/fs/cgroup/plant.slice/busbar.service/memory.high", 256 * MIB + "\n");
        assertTold("memory: heap 62 MB, direct 32 MB, store 24 MB of 256 MB (container)");
    }

    @Test
    void container_ofControlGroups1_isFound() throws Exception {
        machine(64 * 1024);
        file("proc/self/cgroup", "9:name=systemd:/\n4:cpu,memory:/docker/0123\n0::/\n");
        file("sys/fs/cgroup/memory/docker/0123/memory.limit_in_bytes", 256 * MIB + "\n");
        file("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
        assertTold("memory: heap 62 MB, direct 32 MB, store 24 MB of 256 MB (container)");
    }

    @Test
    void pathThatOnlyTheHostSees_looksAtTheTop() throws Exception {
        machine(64 * 1024);
        file("proc/self/cgroup", "4:memory:/docker/0123\n");
        file("sys/fs/cgroup/memory/memory.limit_in_bytes", 512 * MIB + "\n");
        assertTold("memory: heap 188 MB, direct 64 MB, store 32 MB of 512 MB (container)");
        file("proc/self/cgroup", "4:memory:/../../elsewhere\n");
        assertTold("memory: heap 188 MB, direct 64 MB, store 32 MB of 512 MB (container)");
    }

    @Test
    void parts_areNoMoreThanTheWhole() throws Exception {
        machine(64 * 1024);
        for (int whole : new int[] {256, 300, 383, 384, 512, 1024, 2048, 4096, 16384}) {
            String text = run("memory", "--memory", whole + "m").text;
            long java = number(text, "-Xmx") + number(text, "-XX:MaxDirectMemorySize=");
            long netty = number(text, "-Dio.netty.maxDirectMemory=") / MIB;
            long store = number(text, "-Dbusbar.storage.memory=") / MIB;
            long code =
                    number(text, "-XX:MaxMetaspaceSize=")
                            + number(text, "-XX:ReservedCodeCacheSize=");
            long others = whole - java - netty - store - code;
            assertThat(others).as("MB for all else: %s", text).isGreaterThanOrEqualTo(60);
        }
    }

    @Test
    void operator_comesFirst() throws Exception {
        machine(4096);
        assertTold(
                "memory: heap 188 MB, direct 64 MB, store 32 MB of 512 MB (--memory)",
                "--memory=536870912");
        environment.put("BUSBAR_JAVA_OPTS", "-Xmx2g");
        String text =
                assertTold(
                        "memory: heap as -Xmx2g says, direct 128 MB, store 64 MB of 4096 MB"
                                + " (machine)");
        assertThat(optionsIn(text)).doesNotContain("-Xmx");
        environment.put("BUSBAR_JAVA_OPTS", "-Xmx4g");
        assertTold(
                "memory: heap as -Xmx4g says, direct 128 MB, store 64 MB of 4096 MB (machine): that"
                        + " can be more than there is; at most -Xmx3632m fits");
        environment.clear();
        environment.put("JAVA_MAX_MEM", "1g");
        text =
                assertTold(
                        "memory: heap as -Xmx1g says, direct 128 MB, store 64 MB of 4096 MB"
                                + " (machine)");
        assertThat(optionsIn(text)).contains("-Xmx1g");
    }

    @Test
    void tooLittle_isRefusedInOneLine() throws Exception {
        machine(4096);
        assertRefused(
                1, "busbar: --memory 200m is too little: take at least 256m", "--memory", "200m");
        assertRefused(
                1,
                "busbar: --memory 8g is more than the 4096 MB of this machine: take less, or give"
                        + " the machine more",
                "--memory",
                "8g");
        assertRefused(
                2,
                "busbar: --memory: 'much' is not a size (expected: for example 512m or 2g)",
                "--memory",
                "much");
        file("proc/self/cgroup", "0::/\n");
        file("sys/fs/cgroup/memory.max", 200 * MIB + "\n");
        assertRefused(
                1,
                "busbar: the container gives 200 MB of memory, which is too little: raise its limit"
                        + " to at least 256 MB");
        file("sys/fs/cgroup/memory.max", "max\n");
        machine(300);
        assertRefused(
                1,
                "busbar: this machine has 300 MB of memory, which is too little: 342 MB are the"
                        + " least");
    }

    private void machine(int mega) throws IOException {
        file("proc/meminfo", "MemTotal:       " + mega * 1024 + " kB\nMemFree: 1 kB\n");
    }

    private void file(String name, String text) throws IOException {
        Path file = system.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private String assertTold(String line, String... options) throws Exception {
        String[] all = new String[options.length + 1];
        all[0] = "memory";
        System.arraycopy(options, 0, all, 1, options.length);
        Run run = run(all);
        assertThat(run.code).as(run.text).isZero();
        assertThat(run.text.lines().findFirst()).contains(line);
        return run.text;
    }

    private void assertRefused(int code, String line, String... options) throws Exception {
        String[] all = new String[options.length + 1];
        all[0] = "memory";
        System.arraycopy(options, 0, all, 1, options.length);
        Run run = run(all);
        assertThat(run.text.lines().findFirst()).contains(line);
        assertThat(run.code).as(run.text).isEqualTo(code);
    }

    private Run run(String... options) throws Exception {
        String[] command = new String[options.length + 1];
        command[0] = SCRIPT.toString();
        System.arraycopy(options, 0, command, 1, options.length);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment()
                .keySet()
                .removeAll(
                        Set.of(
                                "BUSBAR_JAVA_OPTS",
                                "JAVA_MAX_MEM",
                                "JAVA_TOOL_OPTIONS",
                                "JDK_JAVA_OPTIONS"));
        builder.environment().put("BUSBAR_SYSTEM_ROOT", system.toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), text);
    }

    private static String optionsIn(String text) {
        return text.substring(text.indexOf('\n'));
    }

    private static long number(String text, String option) {
        Matcher matcher = Pattern.compile(Pattern.quote(option) + "(\\d+)").matcher(text);
        assertThat(matcher.find()).as("%s in %s", option, text).isTrue();
        return Long.parseLong(matcher.group(1));
    }

    private record Run(int code, String text) {}
}
