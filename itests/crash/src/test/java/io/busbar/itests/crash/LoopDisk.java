package io.busbar.itests.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * A file system of its own in a file. What the file has at a moment is what a disk would have after
 * a loss of power: what the kernel has not written yet is not in it.
 */
final class LoopDisk implements AutoCloseable {
    private static final String SIZE = "768M";
    private static final int COPIES = 20;

    private final Path image;
    private final Path folder;

    /** Makes and mounts it. */
    LoopDisk(Path image, Path folder) throws Exception {
        this.image = image;
        this.folder = Files.createDirectories(folder);
        Shell.run("truncate", "-s", SIZE, image.toString());
        Shell.run("mkfs.ext4", "-q", image.toString());
        mount();
    }

    /** Why it cannot be used here, or nothing. */
    static Optional<String> obstacle(Path scratch) throws Exception {
        try (LoopDisk disk = new LoopDisk(scratch.resolve("probe.img"), scratch.resolve("probe"))) {
            return Optional.empty();
        } catch (IOException notAllowed) {
            return Optional.of(notAllowed.getMessage().strip());
        } finally {
            Files.deleteIfExists(scratch.resolve("probe.img"));
        }
    }

    Path folder() {
        return folder;
    }

    private void mount() throws Exception {
        Shell.run("mount", "-o", "loop", image.toString(), folder.toString());
    }

    /**
     * Cuts the power of a server whose data is here: from now on the folder has what had reached
     * the disk.
     */
    void cut(Server server) throws Exception {
        Shell.run("kill", "-STOP", String.valueOf(server.pid()));
        Path copy = image.resolveSibling(image.getFileName() + ".cut");
        copyAtOnce(copy);
        server.kill();
        Shell.run("umount", folder.toString());
        Files.move(copy, image, StandardCopyOption.REPLACE_EXISTING);
        mount();
    }

    /** The kernel may write meanwhile; a copy counts if nothing has changed when it is complete. */
    private void copyAtOnce(Path copy) throws Exception {
        for (int i = 0; i < COPIES; i++) {
            Shell.run("cp", "--sparse=always", image.toString(), copy.toString());
            try {
                Shell.run("cmp", image.toString(), copy.toString());
                return;
            } catch (IOException changed) {
                continue;
            }
        }
        throw new IOException(image + " changed during each of " + COPIES + " copies");
    }

    @Override
    public void close() throws Exception {
        Shell.run("umount", folder.toString());
    }
}
