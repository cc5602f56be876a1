/** What a user of the operator has and sees: namespaces, clusters, pods of applications. */
@NullMarked
package com.smoketurner.postgres.testing.user;

import org.jspecify.annotations.NullMarked;
