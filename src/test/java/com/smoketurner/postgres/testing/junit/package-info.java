/** The extensions of JUnit that give a test class its Kubernetes. */
@NullMarked
package com.smoketurner.postgres.testing.junit;

import org.jspecify.annotations.NullMarked;
