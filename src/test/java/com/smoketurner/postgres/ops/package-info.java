@NullMarked
package com.smoketurner.postgres.ops;

import org.jspecify.annotations.NullMarked;
