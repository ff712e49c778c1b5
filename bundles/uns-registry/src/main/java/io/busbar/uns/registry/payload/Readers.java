package io.busbar.uns.registry.payload;

import io.busbar.api.broker.ProviderView;
import io.busbar.api.uns.PayloadFormat;
import io.busbar.api.uns.spi.PayloadReader;
import io.busbar.uns.registry.watch.CallWatch;
import io.busbar.uns.registry.watch.Foreign;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The readers of payloads that are there at the moment, the server's own among them. Thread-safe.
 */
public final class Readers {
    private final Map<PayloadFormat, FormatReader> formats = new ConcurrentHashMap<>();

    /** What was added, the best first. Guarded by this. */
    private final List<Offer> offers = new ArrayList<>();

    /**
     * A reader with what it reads.
     *
     * @param rank the higher one reads what both name
     */
    private record Offer(FormatReader.Used used, Set<PayloadFormat> formats, int rank) {
        boolean isOf(PayloadReader reader) {
            return used.reader() == reader;
        }
    }

    private final CallWatch watch;

    /**
     * Starts with the server's own readers.
     *
     * @param times finds the times in lists of values
     * @param watch notices others that hang
     */
    public Readers(SourceTime times, CallWatch watch) {
        this.watch = watch;
        SpareScan spare = new SpareScan();
        PayloadReader json = new JsonReader(spare, new ValueList(times));
        PayloadReader text = new TextReader();
        PayloadReader bytes = (message, model, into) -> {};
        builtIn(PayloadFormat.JSON, json);
        builtIn(PayloadFormat.TEXT, text);
        builtIn(PayloadFormat.SCALAR, new ScalarReader(spare, json, text));
        builtIn(PayloadFormat.BINARY, bytes);
        builtIn(PayloadFormat.SPARKPLUG_B, bytes);
    }

    private void builtIn(PayloadFormat format, PayloadReader reader) {
        formats.put(format, new FormatReader(format, reader, watch));
    }

    /**
     * Adds a reader, or takes it with other formats or another rank than before.
     *
     * @param name what people call it
     * @return the formats that may have another reader now
     */
    public synchronized Set<PayloadFormat> add(
            PayloadReader reader, String name, Set<PayloadFormat> reads, int rank) {
        Set<PayloadFormat> touched = new HashSet<>(reads);
        FormatReader.Used used =
                offers.stream()
                        .filter(offer -> offer.isOf(reader))
                        .map(Offer::used)
                        .findFirst()
                        .orElseGet(
                                () ->
                                        new FormatReader.Used(
                                                reader, new Foreign("payload reader", name)));
        touched.addAll(take(reader));
        offers.add(new Offer(used, Set.copyOf(reads), rank));
        offers.sort(Comparator.comparingInt(Offer::rank).reversed());
        choose();
        return touched;
    }

    /**
     * Takes a reader out.
     *
     * @return the formats that may have another reader now, or none
     */
    public synchronized Set<PayloadFormat> remove(PayloadReader reader) {
        Set<PayloadFormat> touched = take(reader);
        choose();
        return touched;
    }

    private Set<PayloadFormat> take(PayloadReader reader) {
        Set<PayloadFormat> read = new HashSet<>();
        for (Offer offer : offers) {
            if (offer.isOf(reader)) {
                read.addAll(offer.formats());
            }
        }
        offers.removeIf(offer -> offer.isOf(reader));
        return read;
    }

    private void choose() {
        for (Offer offer : offers) {
            offer.formats().forEach(this::of);
        }
        formats.forEach(
                (format, reader) ->
                        reader.use(
                                offers.stream()
                                        .filter(offer -> offer.formats().contains(format))
                                        .map(Offer::used)
                                        .findFirst()
                                        .orElse(null)));
    }

    /** The reader of a format, which reads or says that it cannot. */
    public FormatReader of(PayloadFormat format) {
        return formats.computeIfAbsent(format, unknown -> new FormatReader(unknown, null, watch));
    }

    /** The readers of other bundles, as operators see them. */
    public synchronized List<ProviderView> views() {
        List<ProviderView> views = new ArrayList<>();
        for (Offer offer : offers) {
            Foreign callee = offer.used().callee();
            if (callee != null) {
                views.add(callee.view());
            }
        }
        return views;
    }

    /** The formats that can be read at the moment: the server's own, then the others by name. */
    public List<PayloadFormat> readable() {
        List<PayloadFormat> readable = new ArrayList<>(PayloadFormat.BUILT_IN);
        Map<String, PayloadFormat> others = new TreeMap<>();
        formats.forEach(
                (format, reader) -> {
                    if (!reader.isMissing()) {
                        others.put(format.name(), format);
                    }
                });
        others.values().stream()
                .filter(format -> !readable.contains(format))
                .forEach(readable::add);
        return readable;
    }
}
