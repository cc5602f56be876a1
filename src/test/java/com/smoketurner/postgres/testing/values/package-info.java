/** Values for unit tests: clusters, members and observations as they would be read. */
@NullMarked
package com.smoketurner.postgres.testing.values;

import org.jspecify.annotations.NullMarked;
