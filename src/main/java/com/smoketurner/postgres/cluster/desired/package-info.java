/**
 * The objects a cluster consists of, as pure functions of its spec, the operator's {@link
 * com.smoketurner.postgres.cluster.desired.Settings settings} and the observed {@link
 * com.smoketurner.postgres.cluster.desired.PodInputs inputs}: one file per object. Equal input gives equal objects in
 * the form in which the API server keeps them, so that applying twice changes nothing.
 *
 * <p>An {@link java.util.Optional} result that is empty means that the object must not exist.
 */
@NullMarked
package com.smoketurner.postgres.cluster.desired;

import org.jspecify.annotations.NullMarked;
