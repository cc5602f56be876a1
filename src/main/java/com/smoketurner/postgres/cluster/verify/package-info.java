/** Restore tests: a backup is restored on a volume of its own, checked, and thrown away. */
@NullMarked
package com.smoketurner.postgres.cluster.verify;

import org.jspecify.annotations.NullMarked;
