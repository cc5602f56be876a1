package com.smoketurner.postgres.database.plan;

import com.smoketurner.postgres.api.DatabaseConditionType;
import com.smoketurner.postgres.api.DatabaseReason;

/**
 * Why a part of the spec is not carried out.
 *
 * @param part the condition that is False
 * @param message what is wrong and what to do
 */
public record Problem(DatabaseConditionType part, DatabaseReason reason, String message) {}
