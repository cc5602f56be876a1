/** What the reconcilers of the three kinds share. Pure; knows no kind of its own. */
@NullMarked
package com.smoketurner.postgres.reconcile;

import org.jspecify.annotations.NullMarked;
