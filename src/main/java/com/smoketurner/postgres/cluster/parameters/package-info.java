/** Whether servers accept the parameters of a spec, and how they come into force. */
@NullMarked
package com.smoketurner.postgres.cluster.parameters;

import org.jspecify.annotations.NullMarked;
