package com.smoketurner.postgres.kube.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.javaoperatorsdk.operator.api.reconciler.Constants;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SourceNamesTest {

    @Test
    void oneSourceFollowsAllNamespacesOrASingleOne() {
        for (Set<String> watched : Set.of(Constants.WATCH_ALL_NAMESPACE_SET, Set.of("team-a"))) {
            var names = new SourceNames(watched);
            assertThat(names.all("Secret")).containsExactly("Secret");
            assertThat(names.of("Secret", "team-a")).isEqualTo("Secret");
            assertThat(SourceNames.namespace("Secret")).isEmpty();
            assertThat(SourceNames.kind("Secret")).isEqualTo("Secret");
        }
    }

    @Test
    void severalNamespacesHaveOneEach() {
        var names = new SourceNames(Set.of("team-b", "team-a"));
        assertThat(names.all("Secret")).containsExactly("Secret/team-a", "Secret/team-b");
        assertThat(names.of("Secret", "team-b")).isEqualTo("Secret/team-b");
        assertThat(SourceNames.namespace("Secret/team-b")).contains("team-b");
        assertThat(SourceNames.kind("Secret/team-b")).isEqualTo("Secret");
    }
}
