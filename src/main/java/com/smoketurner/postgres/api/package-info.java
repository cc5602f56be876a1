/** The custom resources as records: the contract with the user. A leaf package: it depends on nothing of ours. */
@NullMarked
package com.smoketurner.postgres.api;

import org.jspecify.annotations.NullMarked;
