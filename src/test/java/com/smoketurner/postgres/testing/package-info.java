/** What the tests share: the test environment, the programs under test, and the link to the acceptance list. */
@NullMarked
package com.smoketurner.postgres.testing;

import org.jspecify.annotations.NullMarked;
