/** The table of the acceptance list: item, test, layer. */
@NullMarked
package com.smoketurner.postgres.testing.acceptance;

import org.jspecify.annotations.NullMarked;
