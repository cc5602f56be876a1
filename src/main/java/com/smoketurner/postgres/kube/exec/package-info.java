/** Programs, ports and logs of pods, reached through the API server. */
@NullMarked
package com.smoketurner.postgres.kube.exec;

import org.jspecify.annotations.NullMarked;
