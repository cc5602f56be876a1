/** The Kubernetes that tests run on, and the operator on it. */
@NullMarked
package com.smoketurner.postgres.testing.lab;

import org.jspecify.annotations.NullMarked;
