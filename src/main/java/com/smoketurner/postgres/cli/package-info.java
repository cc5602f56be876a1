/** The kubectl plug-in. It runs with the rights of its user and starts nothing of the operator. */
@NullMarked
package com.smoketurner.postgres.cli;

import org.jspecify.annotations.NullMarked;
