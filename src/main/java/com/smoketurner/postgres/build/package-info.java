/** Code that runs while the project is built, never in the operator. */
@NullMarked
package com.smoketurner.postgres.build;

import org.jspecify.annotations.NullMarked;
