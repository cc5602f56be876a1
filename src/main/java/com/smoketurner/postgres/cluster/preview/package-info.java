/** What a changed spec costs before it is applied: for {@code kubectl pgc-plan}. No reconciliation uses it. */
@NullMarked
package com.smoketurner.postgres.cluster.preview;

import org.jspecify.annotations.NullMarked;
