/** What the API server saw: its audit log, changes of objects, permissions used and granted. */
@NullMarked
package com.smoketurner.postgres.testing.observe;

import org.jspecify.annotations.NullMarked;
