/** What makes the code an operator: configuration, start and stop, leader election, metrics, health, logs. */
@NullMarked
package com.smoketurner.postgres.ops;

import org.jspecify.annotations.NullMarked;
