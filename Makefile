# Every target is documented by the comment behind its name; `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# A JDK >= 25, found by itself also where the default `java` is older.
export JAVA_HOME := $(shell scripts/find-jdk)
MVN := mvn -B -ntp -q

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

.PHONY: format
format: ## format the Java sources
	$(MVN) spotless:apply

.PHONY: check
check: ## the fast inner loop: format, compile, unit and wiring tests
	$(MVN) spotless:check verify

.PHONY: package
package: ## the JVM application in target/quarkus-app
	$(MVN) package -DskipTests

.PHONY: generate
generate: ## write the generated files anew: CRDs, their reference, deploy/install.yaml
	$(MVN) test -Dtest=CrdDriftTest -Dgenerate
	scripts/generate-install
