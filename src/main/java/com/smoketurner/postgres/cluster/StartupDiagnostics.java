package com.smoketurner.postgres.cluster;

import java.util.Map;
import java.util.Set;

/**
 * What is looked up only when a creation does not get on.
 *
 * @param missingClasses names of StorageClasses that claims ask for and that do not exist
 * @param lastWords the last line in the log of each member that does not stay up
 */
record StartupDiagnostics(Set<String> missingClasses, Map<String, String> lastWords) {}
