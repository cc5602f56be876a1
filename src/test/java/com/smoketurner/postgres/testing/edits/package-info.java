/** Edits of a running cluster, what each may cost, and the measurement of what it does cost. */
@NullMarked
package com.smoketurner.postgres.testing.edits;

import org.jspecify.annotations.NullMarked;
