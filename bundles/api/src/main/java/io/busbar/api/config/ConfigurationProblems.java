package io.busbar.api.config;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** Tells which lines of the files are not used at the moment. Thread-safe. */
@ProviderType
public interface ConfigurationProblems {
    /** The lines that are not used, sorted by file and key; empty if all are. */
    List<ConfigurationProblem> list();
}
