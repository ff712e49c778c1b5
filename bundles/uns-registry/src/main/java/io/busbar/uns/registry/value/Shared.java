package io.busbar.uns.registry.value;

import io.busbar.uns.registry.payload.Readers;
import io.busbar.uns.registry.payload.SourceTime;
import io.busbar.uns.registry.sample.SampleFeed;

/**
 * What all topics share.
 *
 * @param limits how much is read and kept
 * @param readers read the payloads
 * @param times reads their times
 * @param samples takes what every message brings
 */
record Shared(Limits limits, Readers readers, SourceTime times, SampleFeed samples) {}
