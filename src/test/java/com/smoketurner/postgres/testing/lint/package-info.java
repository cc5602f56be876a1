/** Linters of manifests, as the lab builds them. */
@NullMarked
package com.smoketurner.postgres.testing.lint;

import org.jspecify.annotations.NullMarked;
