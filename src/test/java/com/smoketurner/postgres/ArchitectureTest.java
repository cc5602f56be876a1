package com.smoketurner.postgres;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameStartingWith;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.smoketurner.postgres.cluster.run.MemberMemory;
import com.smoketurner.postgres.cluster.run.Remembers;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/** Who may use whom. */
@AnalyzeClasses(packages = ArchitectureTest.ROOT, importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    static final String ROOT = "com.smoketurner.postgres";

    private static final List<String> PACKAGES = List.of(
            "api",
            "naming",
            "reconcile",
            "backup",
            "cluster",
            "database",
            "upgrade",
            "kube",
            "patroni",
            "postgres",
            "sql",
            "ops",
            "cli",
            "build");

    /** The rooms of capabilities. */
    private static final List<String> ROOMS = List.of(
            "autoscaling", "backup", "network", "parameters", "pooler", "rebuild", "restore", "upgrade", "verify");

    private static final DescribedPredicate<JavaClass> KUBERNETES_CLIENTS = DescribedPredicate.describe(
            "Kubernetes clients",
            type -> type.getFullName().equals("io.fabric8.kubernetes.client.KubernetesClient")
                    || type.getFullName().equals("io.fabric8.kubernetes.client.Client"));

    private static final DescribedPredicate<JavaClass> MUTABLE = DescribedPredicate.describe(
            "a map, a set or what is made for several threads",
            type -> type.isAssignableTo(Map.class)
                    || type.isAssignableTo(Set.class)
                    || type.isAssignableTo(MemberMemory.class)
                    || type.getPackageName().startsWith("java.util.concurrent"));

    @ArchTest
    static final ArchRule API_IS_A_LEAF = only("api");

    @ArchTest
    static final ArchRule NAMING_USES_THE_API = only("naming", "api");

    @ArchTest
    static final ArchRule RECONCILE_KNOWS_NO_KIND = only("reconcile", "naming", "api");

    @ArchTest
    static final ArchRule POSTGRES_USES_NAMES = only("postgres", "naming", "api");

    @ArchTest
    static final ArchRule BACKUP_IS_PURE = only("backup", "reconcile", "naming", "api");

    @ArchTest
    static final ArchRule BACKUP_KNOWS_NO_CLIENT_AND_NO_CLOCK = noClasses()
            .that()
            .resideInAPackage(ROOT + ".backup..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.fabric8.kubernetes.client..", "io.javaoperatorsdk..", "java.net.http..", "java.nio.file..")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.time.Clock");

    @ArchTest
    static final ArchRule PATRONI_REACHES_PODS = only("patroni", "kube", "postgres", "naming", "api");

    @ArchTest
    static final ArchRule SQL_REACHES_PODS = only("sql", "kube", "postgres", "naming", "api");

    @ArchTest
    static final ArchRule KUBE_USES_NAMES = only("kube", "naming", "api");

    @ArchTest
    static final ArchRule KINDS_MEET_IN_THE_API_ONLY_CLUSTER =
            only("cluster", "backup", "reconcile", "sql", "kube", "patroni", "postgres", "naming", "api");

    @ArchTest
    static final ArchRule KINDS_MEET_IN_THE_API_ONLY_DATABASE =
            only("database", "reconcile", "sql", "kube", "patroni", "postgres", "naming", "api");

    @ArchTest
    static final ArchRule KINDS_MEET_IN_THE_API_ONLY_UPGRADE =
            only("upgrade", "reconcile", "kube", "patroni", "postgres", "naming", "api");

    @ArchTest
    static final ArchRule THE_PLUG_IN_USES_NOTHING_OF_THE_OPERATOR_AS_A_PROCESS =
            only("cli", "cluster", "backup", "reconcile", "sql", "kube", "patroni", "postgres", "naming", "api");

    @ArchTest
    static final ArchRule NO_RECONCILIATION_USES_THE_PREVIEW = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT + ".cli..", ROOT + ".cluster.preview..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ROOT + ".cluster.preview..");

    /** Each room can be read, changed and removed by itself. What the rooms share is in {@code cluster.run} and below. */
    @ArchTest
    static final ArchRule ROOMS_DO_NOT_USE_EACH_OTHER =
            CompositeArchRule.of(ROOMS.stream().map(ArchitectureTest::alone).toList());

    /** The caches are below everything else that talks to the API server. */
    @ArchTest
    static final ArchRule CACHES_USE_NOTHING_ELSE_OF_KUBE = noClasses()
            .that()
            .resideInAnyPackage(ROOT + ".kube.cache..", ROOT + ".kube.exec..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ROOT + ".kube");

    @ArchTest
    static final ArchRule DESIRED_OBJECTS_ARE_PURE = noClasses()
            .that()
            .resideInAPackage(ROOT + ".cluster.desired..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    ROOT + ".kube..",
                    ROOT + ".ops..",
                    ROOT + ".cluster",
                    ROOT + ".cluster.step..",
                    "io.javaoperatorsdk..",
                    "java.net.http..",
                    "java.util.random..")
            .orShould()
            .dependOnClassesThat(KUBERNETES_CLIENTS)
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.time.Clock")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.security.SecureRandom")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName(ROOT + ".patroni.PatroniClient")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule PLANS_FOR_DATABASES_ARE_PURE = noClasses()
            .that()
            .resideInAPackage(ROOT + ".database.plan..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ROOT + ".kube..", ROOT + ".sql..", ROOT + ".database", "io.javaoperatorsdk..")
            .orShould()
            .dependOnClassesThat(KUBERNETES_CLIENTS)
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.time.Clock")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.security.SecureRandom");

    /** What is handed a ClusterRun could write. */
    @ArchTest
    static final ArchRule DECISIONS_CANNOT_WRITE = noClasses()
            .that()
            .resideInAnyPackage(ROOT + ".cluster.plan..", ROOT + ".cluster.status..", ROOT + ".cluster.lag..")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName(ROOT + ".cluster.run.ClusterRun")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName(ROOT + ".kube.Applier");

    @ArchTest
    static final ArchRule CLIENTS_STAY_WHERE_TALKING_IS_DONE = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT + ".kube..", ROOT + ".ops..", ROOT + ".cli..")
            .and()
            .haveSimpleNameNotEndingWith("Observer")
            .should()
            .dependOnClassesThat(KUBERNETES_CLIENTS)
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule TIME_AND_CHANCE_ARE_PASSED_IN = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT + ".ops..", ROOT + ".build..")
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Math.class, "random")
            .orShould()
            .callMethod(UUID.class, "randomUUID")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.util.Random")
            .allowEmptyShould(true);

    /** Those of JOSDK 5.3 lose events that come in beside a write. */
    @ArchTest
    static final ArchRule WRITES_GO_THROUGH_OUR_OWN_APPLIER = noClasses()
            .should()
            .callMethodWhere(target(owner(name("io.javaoperatorsdk.operator.api.reconciler.UpdateControl")))
                    .and(target(nameStartingWith("patch"))))
            .orShould()
            .callMethodWhere(target(owner(name("io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl")))
                    .and(target(nameStartingWith("patch"))))
            .orShould()
            .callMethodWhere(target(name("resourceOperations")))
            .allowEmptyShould(true);

    /** What stays in memory between reconciliations has one owner of forgetting, which is the deletion of the cluster. */
    @ArchTest
    static final ArchRule BEANS_OF_CLUSTERS_REMEMBER_ONLY_WHAT_IS_FORGOTTEN = noFields()
            .that()
            .areNotStatic()
            .and()
            .haveRawType(MUTABLE)
            .should()
            .beDeclaredInClassesThat(DescribedPredicate.describe(
                    "live as long as the operator and do not implement Remembers",
                    type -> type.getPackageName().startsWith(ROOT + ".cluster")
                            && !type.isAssignableTo(Remembers.class)
                            && (type.isAnnotatedWith(Singleton.class)
                                    || type.isAnnotatedWith(ControllerConfiguration.class))));

    @ArchTest
    static final ArchRule NO_CYCLES =
            slices().matching(ROOT + ".(**)..").should().beFreeOfCycles();

    private static ArchRule alone(String room) {
        return noClasses()
                .that()
                .resideInAPackage(ROOT + ".cluster." + room + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        Stream.concat(ROOMS.stream().filter(other -> !other.equals(room)), Stream.of("step", "status"))
                                .map(other -> ROOT + ".cluster." + other + "..")
                                .toArray(String[]::new))
                .allowEmptyShould(true);
    }

    /** A package of ours uses only those other packages of ours. */
    private static ArchRule only(String name, String... allowed) {
        var forbidden = PACKAGES.stream()
                .filter(other -> !other.equals(name) && !List.of(allowed).contains(other))
                .map(other -> ROOT + "." + other + "..");
        return noClasses()
                .that()
                .resideInAPackage(ROOT + "." + name + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        Stream.concat(forbidden, Stream.of("no.such.package")).toArray(String[]::new))
                .allowEmptyShould(true);
    }
}
