package io.busbar.web.door;

import io.busbar.web.http.HttpWing;
import jakarta.servlet.Servlet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows all wings and decides which of them answer. The paths of two answering wings are never the
 * same, and never lie below one another. If they would, the wing with the higher ranking answers,
 * or the one that came first if they rank the same. The other one waits until its path is free.
 * Thread-safe.
 */
final class Wings {
    private static final Logger LOG = LoggerFactory.getLogger(Wings.class);

    private final Function<HttpWing, Servlet> servlets;
    private final BiFunction<String, Servlet, Runnable> register;

    /** By ranking, then in the order of arrival. */
    private final List<Place> places = new ArrayList<>();

    /**
     * Creates an empty set.
     *
     * @param servlets makes the servlet of a wing
     * @param register lets a servlet answer at a path; returns how to end that
     */
    Wings(Function<HttpWing, Servlet> servlets, BiFunction<String, Servlet, Runnable> register) {
        this.servlets = servlets;
        this.register = register;
    }

    /** A wing with its path, and whether it answers there. */
    static final class Place {
        private final String path;
        private final String bundle;
        private final int ranking;
        private final Servlet servlet;

        /** Not null while the wing answers. */
        private @Nullable Runnable registration;

        /** The wing because of which this one waits. */
        private @Nullable Place rival;

        private Place(String path, String bundle, int ranking, Servlet servlet) {
            this.path = path;
            this.bundle = bundle;
            this.ranking = ranking;
            this.servlet = servlet;
        }

        private boolean isInTheWayOf(Place other) {
            return path.equals(other.path)
                    || path.startsWith(other.path + "/")
                    || other.path.startsWith(path + "/");
        }
    }

    /**
     * Adds a wing.
     *
     * @param bundle who it comes from, for the log
     * @throws IllegalArgumentException if its path is not valid
     */
    synchronized Place add(HttpWing wing, String bundle, int ranking) {
        Place place = new Place(wing.path(), bundle, ranking, servlets.apply(wing));
        places.add(place);
        places.sort(Comparator.comparingInt((Place each) -> each.ranking).reversed());
        settle();
        return place;
    }

    /** Removes a wing. One that waited for its path takes over. */
    synchronized void remove(Place place) {
        places.remove(place);
        close(place);
        settle();
    }

    private void settle() {
        List<Place> answering = new ArrayList<>();
        List<Place> refused = new ArrayList<>();
        for (Place place : places) {
            Place before = place.rival;
            place.rival = rival(place, answering);
            if (place.rival == null) {
                answering.add(place);
                continue;
            }
            close(place);
            if (place.rival != before) {
                refused.add(place);
            }
        }
        answering.forEach(this::open);
        refused.forEach(Wings::warn);
    }

    private static @Nullable Place rival(Place place, List<Place> answering) {
        for (Place other : answering) {
            if (other.isInTheWayOf(place)) {
                return other;
            }
        }
        return null;
    }

    private void open(Place place) {
        if (place.registration == null) {
            place.registration = register.apply(place.path, place.servlet);
            LOG.info("HTTP wing answers (path={}, bundle={})", place.path, place.bundle);
        }
    }

    private static void close(Place place) {
        Runnable registration = place.registration;
        if (registration != null) {
            place.registration = null;
            registration.run();
            LOG.info("HTTP wing answers no more (path={}, bundle={})", place.path, place.bundle);
        }
    }

    private static void warn(Place place) {
        Place rival = place.rival;
        if (rival != null) {
            LOG.warn(
                    "HTTP wing does not answer: its path {} is the same as, above or below the path"
                            + " {} of another wing. Change one of the paths, or remove one of the"
                            + " bundles (bundle={}, other={})",
                    place.path,
                    rival.path,
                    place.bundle,
                    rival.bundle);
        }
    }
}
