/** Benchmarks that take a real API server. {@code bench/} starts them; no test run does. */
@NullMarked
package com.smoketurner.postgres.bench;

import org.jspecify.annotations.NullMarked;
