/** Patroni: its configuration as the operator renders it, and the records it keeps in the Kubernetes API. */
@NullMarked
package com.smoketurner.postgres.patroni;

import org.jspecify.annotations.NullMarked;
