# Every target is documented by the comment behind its name; `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# A JDK >= 25, found by itself also where the default `java` is older.
export JAVA_HOME := $(shell scripts/find-jdk)
# Maven's own libraries use what the JDK warns about.
export MAVEN_OPTS ?= --sun-misc-unsafe-memory-access=allow
MVN := mvn -B -ntp -q -Dstyle.color=never

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
package: target/quarkus-app/quarkus-run.jar ## the JVM application in target/quarkus-app

target/quarkus-app/quarkus-run.jar: pom.xml $(shell find src/main)
	$(MVN) package -Dmaven.test.skip=true
	touch $@

.PHONY: generate
generate: ## write the generated files: CRDs, reference, status page, golden files, acceptance table, deploy/install.yaml, deploy/namespaced
	$(MVN) test -Dtest=CrdDriftTest,GoldenTest,VerifyJobTest,AcceptanceTest,StatusReferenceTest -Dgenerate -Dgolden.update
	scripts/generate-install

.PHONY: test
test: ## everything: unit and wiring, API server, end to end on the lab; one summary at the end
	scripts/test

.PHONY: one
one: ## one test class of any layer: TEST=RebuildE2E (or Class#method); DEBUG=1 waits for a debugger on port 5005
	@scripts/one "$(TEST)"

.PHONY: soak
soak: ## the end-to-end tests with all repetitions and variants and 2,400 random specs of databases, more than an hour on two cores
	E2E_THOROUGH=1 scripts/test e2e
	E2E_THOROUGH=1 $(MAKE) one TEST=DatabaseFuzzTest

.PHONY: test-lab
test-lab: ## the tests of the lab itself, unless nothing of it has changed since they passed
	scripts/if-changed lab lab -- lab/test

.PHONY: test-images
test-images: images ## the tests of the images, unless nothing of them has changed since they passed
	scripts/if-changed images images -- images/test
	scripts/if-changed operator-image images src/main pom.xml -- images/operator/test target/images/operator.tar

.PHONY: demo
demo: ## from a clone to psql: Kubernetes, the operator, a highly available cluster (CLUSTER=lab|current|k3s)
	scripts/demo up

.PHONY: demo-down
demo-down: ## remove what `make demo` made, but for the cache
	scripts/demo down

.PHONY: run
run: ## the operator as a local process against the current kubeconfig
	scripts/run

.PHONY: images
images: package ## the image archives of the operator and the database, in target/images
	scripts/build-images target/images

.PHONY: release
release: ## commit and tag a release: VERSION=1.2.3 (DRY_RUN=1 shows it and changes nothing)
	scripts/release "$(VERSION)"
