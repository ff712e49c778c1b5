package io.busbar.web.door;

import io.busbar.web.caller.Caller;
import io.busbar.web.head.RequestHead;
import io.busbar.web.http.Answer;
import io.busbar.web.http.BodySource;
import io.busbar.web.http.Failures;
import io.busbar.web.http.HttpCounters;
import io.busbar.web.http.HttpCounters.Cause;
import io.busbar.web.http.Lease;
import io.busbar.web.http.Problem;
import io.busbar.web.http.ProblemType;
import io.busbar.web.http.Request;
import io.busbar.web.http.Route;
import io.busbar.web.http.Router;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request and its answer. The body is read, and the answer written, as the client's socket
 * gives and takes, without a thread that waits; the handler is run when the body is complete. Both
 * have to keep up a rate, else the exchange ends. Thread-safe: the web server, a worker and the
 * clock come at the same time, and the first answer counts.
 */
final class Exchange {
    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
    private static final int CHUNK = 1 << 15;

    /** Of these there are no more than connections. */
    private static final int SMALL_ANSWER = 8192;

    /** What exchanges need of the door. */
    record Means(
            Load load,
            BodyFiles files,
            Workers workers,
            HttpCounters counters,
            Supplier<RequestLimits> limits,
            Supplier<Set<String>> allowedHosts,
            ConnectionCutter cutter) {}

    private enum Phase {
        READING,
        WORKING,
        WRITING
    }

    private final Lease lease;
    private final RequestHead head;
    private final Means means;
    private final AtomicBoolean answered = new AtomicBoolean();
    private final Pace pace = new Pace();
    private volatile Phase phase = Phase.WORKING;

    // Guarded by this.
    private boolean counted;
    private long held;
    private BodyFiles.@Nullable BodyFile file;
    private @Nullable StreamWriter streamed;
    private String holder;

    /** Begins: the answer is given by {@link #answer}, now or later. */
    Exchange(HttpServletRequest request, HttpServletResponse response, Means means) {
        this.means = means;
        this.lease = new Lease(request, response, this::gone);
        this.head = lease.head();
        this.holder = head.address();
        lease.atEnd(this::ended);
    }

    /** What the request says. */
    RequestHead head() {
        return head;
    }

    /** A step on the way to the answer. */
    @FunctionalInterface
    interface Step {
        void take() throws IOException;
    }

    /** Goes on with a worker, unless too many requests are in progress. */
    void begin(boolean urgent, Step step) {
        if (urgent || enter()) {
            work(urgent, step);
        } else {
            means.counters.count(Cause.TOO_MANY_REQUESTS);
            fail(Problem.busy("Too many requests are in progress, in all or from your address."));
        }
    }

    /** Reads the body, if there may be one, and has the route's handler answer. */
    void serve(Router.Match match, @Nullable Caller caller) throws IOException {
        if (caller != null) {
            paidBy(caller.name());
        }
        Route route = match.route();
        if (head.contentLength() > route.maxBodyBytes()) {
            throw tooLarge(route);
        }
        if (hasBody()) {
            lease.use((request, response) -> read(request.getInputStream(), match, caller));
        } else {
            handle(match, caller, new byte[0], null);
        }
    }

    private void read(ServletInputStream in, Router.Match match, @Nullable Caller caller)
            throws IOException {
        pace.begin();
        phase = Phase.READING;
        means.workers.watch(this);
        in.setReadListener(
                match.route().bodyToFile()
                        ? new LargeBody(in, match, caller, beginFile())
                        : new SmallBody(in, match, caller));
    }

    private boolean hasBody() {
        return switch (head.method()) {
            case "POST", "PUT", "PATCH" ->
                    head.contentLength() > 0 || head.header("Transfer-Encoding") != null;
            default -> false;
        };
    }

    private synchronized BodyFiles.BodyFile beginFile() throws IOException {
        BodyFiles.BodyFile begun = means.files.begin();
        file = begun;
        return begun;
    }

    private Problem tooLarge(Route route) {
        means.counters.count(Cause.BODY_TOO_LARGE);
        return Problem.of(
                        ProblemType.PAYLOAD_TOO_LARGE,
                        "The body is larger than "
                                + route.maxBodyBytes()
                                + " bytes. Nothing was changed.")
                .withHeader("Connection", "close");
    }

    private Problem bodiesFull() {
        means.counters.count(Cause.BODIES_FULL);
        return Problem.busy("The bodies of requests take as much memory as they may.")
                .withHeader("Connection", "close");
    }

    private void work(boolean urgent, Step step) {
        phase = Phase.WORKING;
        run(urgent, step);
    }

    /** Has a worker go on with what the clock looks after. */
    private void later(Step step) {
        run(false, step);
    }

    private void run(boolean urgent, Step step) {
        try {
            means.workers.run(
                    urgent,
                    () -> {
                        try {
                            step.take();
                        } catch (RuntimeException | IOException | LinkageError e) {
                            fail(e);
                        }
                    });
        } catch (RejectedExecutionException e) {
            means.counters.count(Cause.TOO_MANY_REQUESTS);
            fail(Problem.busy("Too many requests wait."));
        }
    }

    private void handle(
            Router.Match match, @Nullable Caller caller, byte[] body, @Nullable Path bodyFile)
            throws IOException {
        if (body.length > 0 && !take(Load.weight(body))) {
            throw bodiesFull();
        }
        Answer answer =
                match.route()
                        .handler()
                        .handle(new Request(lease, match.parameters(), body, bodyFile, caller));
        release();
        if (answer != Answer.TAKEN) {
            answer(answer);
        }
    }

    /** Answers with what an exception means. */
    void fail(Throwable e) {
        release();
        answer(Answer.problem(problemOf(e), head.uri()));
    }

    private Problem problemOf(Throwable e) {
        Problem known = e instanceof RuntimeException failure ? Failures.problemOf(failure) : null;
        if (known != null) {
            return known;
        }
        LOG.error("Request failed: {} {}", head.method(), head.uri(), e);
        return Problem.of(
                ProblemType.INTERNAL,
                "The server failed to answer; its log says why. What was asked may or may not have"
                        + " happened: look before you repeat it.");
    }

    /** Sends an answer, if there is still somebody to get it; only the first one counts. */
    void answer(Answer wanted) {
        boolean sent = false;
        try {
            sent =
                    answered.compareAndSet(false, true)
                            && lease.use((request, response) -> send(wanted, response));
        } catch (IOException | IllegalStateException e) {
            gone(e);
        }
        BodySource source = wanted.source();
        if (!sent && source != null && !isStreamed()) {
            source.close();
        }
    }

    private synchronized boolean isStreamed() {
        return streamed != null;
    }

    private void send(Answer wanted, HttpServletResponse response) throws IOException {
        Answer answer = kept(wanted);
        BodySource source = answer.source();
        boolean noBody = head.method().equals("HEAD");
        response.setStatus(answer.status());
        answer.headers().forEach(response::setHeader);
        if (!answer.contentType().isEmpty()) {
            response.setContentType(answer.contentType());
            if (answer.contentType().startsWith("text/")) {
                response.setCharacterEncoding("UTF-8");
            }
            if (source == null) {
                response.setContentLength(answer.body().length);
            }
        }
        if (source != null && !noBody) {
            write(response.getOutputStream(), source);
        } else if (source != null) {
            source.close();
            lease.complete();
        } else if (answer.body().length == 0 || noBody) {
            lease.complete();
        } else {
            pace.begin();
            phase = Phase.WRITING;
            means.workers.watch(this);
            ServletOutputStream out = response.getOutputStream();
            out.setWriteListener(new Writer(out, answer.body()));
        }
    }

    private void write(ServletOutputStream out, BodySource source) {
        StreamWriter writer = new StreamWriter(out, source);
        synchronized (this) {
            streamed = writer;
        }
        pace.begin();
        phase = Phase.WRITING;
        means.workers.watch(this);
        out.setWriteListener(writer);
    }

    /** Closes the connection, so that the client sees that the answer is not complete. */
    private void cut() {
        means.cutter.cut(lease.peer());
    }

    /**
     * The answer, which is held until the client has taken it. If there is no room for a large one,
     * it is held compressed. If there is none for that either, the client is told to come again,
     * unless something may have been changed.
     */
    private Answer kept(Answer answer) {
        int bytes = answer.body().length;
        if (bytes <= SMALL_ANSWER) {
            return answer;
        }
        if (!head.method().equals("GET")) {
            hold(bytes);
            return answer;
        }
        boolean packable = bytes <= PackedBody.MAX_BYTES;
        if ((!packable || hasRoom(bytes)) && take(bytes)) {
            return answer;
        }
        if (packable) {
            PackedBody packed = new PackedBody(answer.body());
            if (packed.packedBytes() <= SMALL_ANSWER || take(packed.packedBytes())) {
                return answer.from(packed);
            }
        }
        means.counters.count(Cause.BODIES_FULL);
        return Answer.problem(
                Problem.busy("Answers that are being taken hold as much memory as they may."),
                head.uri());
    }

    /** Ends the exchange if the client is slower than it has to be; called twice a second. */
    void checkTime() {
        RequestLimits limits = means.limits.get();
        Phase now = phase;
        if (now == Phase.WORKING || pace.keptUp(limits)) {
            return;
        }
        if (now == Phase.READING) {
            means.counters.count(Cause.BODY_TOO_SLOW);
            fail(
                    Problem.of(
                                    ProblemType.REQUEST_TIMEOUT,
                                    "The body came too slowly: after "
                                            + limits.bodySeconds()
                                            + " s it has to come at "
                                            + limits.bytesPerSecond()
                                            + " bytes a second. Nothing was changed.")
                            .withHeader("Connection", "close"));
        } else {
            means.counters.count(Cause.ANSWER_TOO_SLOW);
            means.workers.unwatch(this);
            cut();
        }
    }

    private void gone(Throwable e) {
        LOG.debug("The client is gone: {} {}", head.method(), head.uri(), e);
        answered.set(true);
        means.workers.unwatch(this);
        release();
        lease.complete();
    }

    private synchronized boolean enter() {
        counted = means.load.enter(head.address());
        return counted;
    }

    /** Somebody else with the same account, at another address, pays for himself. */
    private synchronized void paidBy(String user) {
        holder = user + " at " + head.address();
    }

    private synchronized boolean hasRoom(long bytes) {
        return means.load.hasRoom(holder, bytes);
    }

    private synchronized boolean take(long bytes) {
        if (!means.load.take(holder, bytes, held)) {
            return false;
        }
        held += bytes;
        return true;
    }

    private synchronized void hold(long bytes) {
        means.load.hold(holder, bytes);
        held += bytes;
    }

    /** What the request holds apart changes. */
    private synchronized void exchange(long less, long more) {
        means.load.hold(holder, more);
        means.load.give(holder, less);
    }

    /** Gives back what the request took; a stream that goes on counts elsewhere. */
    private synchronized void release() {
        if (held > 0) {
            means.load.give(holder, held);
            held = 0;
        }
        if (file != null) {
            file.close();
            file = null;
        }
        if (counted) {
            counted = false;
            means.load.leave(head.address());
        }
    }

    /** The web server has ended it. */
    private void ended() {
        answered.set(true);
        means.workers.unwatch(this);
        release();
        StreamWriter writer;
        synchronized (this) {
            writer = streamed;
        }
        if (writer != null) {
            writer.end();
        }
    }

    /** Takes the body as it comes. */
    private abstract class Body implements ReadListener {
        final ServletInputStream in;
        final Router.Match match;
        final @Nullable Caller caller;
        private final byte[] buffer = new byte[8192];
        private int taken;
        private long size;

        Body(ServletInputStream in, Router.Match match, @Nullable Caller caller) {
            this.in = in;
            this.match = match;
            this.caller = caller;
        }

        /** Takes all that is there. */
        final void take() throws IOException {
            while (!answered.get() && lease.ask(this::read)) {
                pace.moved(taken);
                size += taken;
                if (size > match.route().maxBodyBytes()) {
                    fail(tooLarge(match.route()));
                } else {
                    keep(buffer, taken);
                }
            }
        }

        private boolean read() throws IOException {
            taken = in.isReady() ? in.read(buffer) : -1;
            return taken >= 0;
        }

        /** Keeps some bytes, or ends the exchange. */
        abstract void keep(byte[] bytes, int length) throws IOException;

        @Override
        public final void onError(Throwable e) {
            LOG.debug("A body ended early or is malformed: {}", head.uri(), e);
            if (!answered.get()) {
                means.counters.count(Cause.MALFORMED_REQUEST);
                fail(
                        Problem.of(
                                        ProblemType.MALFORMED_REQUEST,
                                        "The body ended early, or its chunks are malformed. Nothing"
                                                + " was changed.")
                                .withHeader("Connection", "close"));
            }
        }
    }

    /** A body that is kept in memory. */
    private final class SmallBody extends Body {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        SmallBody(ServletInputStream in, Router.Match match, @Nullable Caller caller) {
            super(in, match, caller);
        }

        @Override
        public void onDataAvailable() throws IOException {
            take();
        }

        @Override
        void keep(byte[] some, int length) {
            if (Exchange.this.take(length)) {
                bytes.write(some, 0, length);
            } else {
                fail(bodiesFull());
            }
        }

        @Override
        public void onAllDataRead() {
            if (!answered.get()) {
                means.workers.unwatch(Exchange.this);
                work(
                        match.route().urgent(),
                        () -> handle(match, caller, bytes.toByteArray(), null));
            }
        }
    }

    /** A body that is kept in a file. A worker writes it: a disk may take its time. */
    private final class LargeBody extends Body {
        private final BodyFiles.BodyFile kept;

        LargeBody(
                ServletInputStream in,
                Router.Match match,
                @Nullable Caller caller,
                BodyFiles.BodyFile kept) {
            super(in, match, caller);
            this.kept = kept;
        }

        @Override
        public void onDataAvailable() {
            later(this::take);
        }

        @Override
        void keep(byte[] bytes, int length) throws IOException {
            kept.write(bytes, length);
        }

        @Override
        public void onAllDataRead() {
            if (!answered.get()) {
                means.workers.unwatch(Exchange.this);
                work(false, () -> handle(match, caller, new byte[0], kept.path()));
            }
        }
    }

    /** Gives the answer as it is taken. */
    private final class Writer implements WriteListener {
        private final ServletOutputStream out;
        private final byte[] bytes;
        private int next;

        Writer(ServletOutputStream out, byte[] bytes) {
            this.out = out;
            this.bytes = bytes;
        }

        @Override
        public void onWritePossible() throws IOException {
            lease.use(
                    (request, response) -> {
                        while (out.isReady()) {
                            if (next == bytes.length) {
                                lease.complete();
                                return;
                            }
                            int n = Math.min(CHUNK, bytes.length - next);
                            out.write(bytes, next, n);
                            next += n;
                            pace.moved(n);
                        }
                    });
        }

        @Override
        public void onError(Throwable e) {
            gone(e);
        }
    }

    /**
     * Makes the answer as it is taken. A worker makes the pieces: the web server's threads only
     * move bytes.
     */
    private final class StreamWriter implements WriteListener {
        /** After so many pieces another exchange may have the worker. */
        private static final int PIECES = 16;

        private final ServletOutputStream out;
        private final BodySource source;

        // Of who makes pieces: one at a time.
        private int pieceBytes;

        // Guarded by this.
        private boolean making;
        private boolean over;
        private boolean closed;

        StreamWriter(ServletOutputStream out, BodySource source) {
            this.out = out;
            this.source = source;
        }

        @Override
        public void onWritePossible() {
            later(this::make);
        }

        private void make() throws IOException {
            synchronized (this) {
                if (over) {
                    return;
                }
                making = true;
            }
            boolean more = false;
            try {
                more = pieces();
            } catch (IOException | IllegalStateException e) {
                gone(e);
            } finally {
                synchronized (this) {
                    making = false;
                }
                closeIfOver();
            }
            if (more) {
                later(this::make);
            }
        }

        /** Some pieces; true if the client takes more. */
        private boolean pieces() throws IOException {
            for (int i = 0; lease.ask(out::isReady); i++) {
                if (i == PIECES) {
                    return true;
                }
                byte[] piece;
                try {
                    piece = source.next();
                } catch (IOException | RuntimeException | LinkageError e) {
                    breakOff(e);
                    return false;
                }
                if (piece == null) {
                    lease.complete();
                    return false;
                }
                inHand(piece.length);
                lease.use((request, response) -> out.write(piece));
                pace.moved(piece.length);
            }
            return false;
        }

        /** Counts a piece, if it is larger than usual, until the client takes the next one. */
        private void inHand(int bytes) {
            int before = pieceBytes;
            pieceBytes = bytes > 2 * CHUNK ? bytes : 0;
            if (before != pieceBytes) {
                exchange(before, pieceBytes);
            }
        }

        private void breakOff(Throwable e) {
            LOG.warn("An answer is broken off: {} {}", head.method(), head.uri(), e);
            cut();
            gone(e);
        }

        @Override
        public void onError(Throwable e) {
            gone(e);
        }

        /** The exchange has ended; no piece is made from now on. */
        void end() {
            synchronized (this) {
                over = true;
            }
            closeIfOver();
        }

        private void closeIfOver() {
            synchronized (this) {
                if (!over || making || closed) {
                    return;
                }
                closed = true;
            }
            inHand(0);
            source.close();
        }
    }
}
