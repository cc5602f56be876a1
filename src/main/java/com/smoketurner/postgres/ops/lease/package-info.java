/** Leader election: which process reconciles (docs/adr/0008-leader-election.md). */
@NullMarked
package com.smoketurner.postgres.ops.lease;

import org.jspecify.annotations.NullMarked;
