/** What the API server alone can show: the CRDs, the policies, and what the operator writes; no PostgreSQL runs. */
@NullMarked
package com.smoketurner.postgres.apiserver;

import org.jspecify.annotations.NullMarked;
