/**
 * The change to another major version in place: {@link UpgradePlanner} decides what is next from what members report,
 * {@link UpgradeStep} has it done by the program {@code upgrade} in their pods and by Patroni's records, {@link UpgradeSection} says
 * how far it is.
 */
@NullMarked
package com.smoketurner.postgres.cluster.upgrade;

import org.jspecify.annotations.NullMarked;
