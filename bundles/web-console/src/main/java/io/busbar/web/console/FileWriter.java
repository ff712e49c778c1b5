package io.busbar.web.console;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;

/**
 * Gives a file as the browser takes it, without a thread that waits. Who takes nothing of it is
 * left by the web server when the connection has been silent for too long.
 */
final class FileWriter implements WriteListener {
    private static final int CHUNK = 1 << 15;

    private final AsyncContext context;
    private final ServletOutputStream out;
    private final byte[] file;
    private int next;

    private FileWriter(AsyncContext context, ServletOutputStream out, byte[] file) {
        this.context = context;
        this.out = out;
        this.file = file;
    }

    static void send(AsyncContext context, byte[] file) throws IOException {
        context.setTimeout(0);
        ServletOutputStream out = context.getResponse().getOutputStream();
        out.setWriteListener(new FileWriter(context, out, file));
    }

    @Override
    public void onWritePossible() throws IOException {
        while (out.isReady()) {
            if (next == file.length) {
                context.complete();
                return;
            }
            int n = Math.min(CHUNK, file.length - next);
            out.write(file, next, n);
            next += n;
        }
    }

    @Override
    public void onError(Throwable e) {
        // The browser has left.
        context.complete();
    }
}
