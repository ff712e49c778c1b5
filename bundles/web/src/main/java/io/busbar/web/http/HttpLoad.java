package io.busbar.web.http;

import org.osgi.annotation.versioning.ProviderType;

/** What is going on over HTTP at the moment. A service. Thread-safe. */
@ProviderType
public interface HttpLoad {
    /** Open connections. */
    int connections();

    /** How many there may be. */
    int connectionsMaximum();

    /** Requests in progress, without live streams. */
    int requests();

    /** Bytes that the bodies of requests, and what is made of them, take. */
    long bodyBytes();
}
