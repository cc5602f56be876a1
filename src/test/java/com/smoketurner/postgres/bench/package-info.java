/** Benchmarks: they measure and print, and are started by the scripts of the folder {@code bench}, never by a test run. */
@NullMarked
package com.smoketurner.postgres.bench;

import org.jspecify.annotations.NullMarked;
