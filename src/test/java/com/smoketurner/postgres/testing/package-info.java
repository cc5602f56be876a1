/**
 * What the tests share. Here is what any test may use and what uses nothing else; the rooms below use it: {@code lab}, then
 * {@code user}, then {@code observe}, {@code standin} and {@code junit}.
 */
@NullMarked
package com.smoketurner.postgres.testing;

import org.jspecify.annotations.NullMarked;
