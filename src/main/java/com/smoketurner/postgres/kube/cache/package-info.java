/** Informers of the objects that the operator owns, and how they are decoded and kept in little memory (ADR-0012). */
@NullMarked
package com.smoketurner.postgres.kube.cache;

import org.jspecify.annotations.NullMarked;
