/**
 * The only package that writes to the API server. Its classes do what they are told and report what happened; they
 * decide nothing.
 */
@NullMarked
package com.smoketurner.postgres.kube;

import org.jspecify.annotations.NullMarked;
