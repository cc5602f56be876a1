/** PostgresUpgrade: a cluster moves to a higher major version. Its behaviour is not in this release. */
@NullMarked
package com.smoketurner.postgres.upgrade;

import org.jspecify.annotations.NullMarked;
