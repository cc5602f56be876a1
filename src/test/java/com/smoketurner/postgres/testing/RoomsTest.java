package com.smoketurner.postgres.testing;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may use whom in the harness. */
@AnalyzeClasses(packagesOf = RoomsTest.class)
class RoomsTest {
    private static final String HERE = "com.smoketurner.postgres.testing";

    @ArchTest
    static final ArchRule WHAT_ALL_USE_USES_NO_ROOM = noClasses()
            .that()
            .resideInAPackage(HERE)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(HERE + ".*..");

    @ArchTest
    static final ArchRule ROOMS_HAVE_NO_CYCLES =
            slices().matching(HERE + ".(*)..").should().beFreeOfCycles();
}
