/** Facts about PostgreSQL itself: quoting, password verifiers, parameters, SQL. */
@NullMarked
package com.smoketurner.postgres.postgres;

import org.jspecify.annotations.NullMarked;
