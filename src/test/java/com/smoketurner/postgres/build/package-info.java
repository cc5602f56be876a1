@NullMarked
package com.smoketurner.postgres.build;

import org.jspecify.annotations.NullMarked;
