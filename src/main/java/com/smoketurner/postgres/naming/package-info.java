/** Names, labels and metadata of every object the operator owns. Pure; depends on {@code api} alone. */
@NullMarked
package com.smoketurner.postgres.naming;

import org.jspecify.annotations.NullMarked;
