/** Writes under failures, and what became of them. */
@NullMarked
package com.smoketurner.postgres.testing.history;

import org.jspecify.annotations.NullMarked;
