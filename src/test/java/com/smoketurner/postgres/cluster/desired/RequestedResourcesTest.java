package com.smoketurner.postgres.cluster.desired;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RequestedResourcesTest {

    @Test
    void theAnnotationSaysWhatWasAskedFor() {
        var resources = new ResourceRequirementsBuilder()
                .withRequests(Map.of("cpu", new Quantity("500m"), "hugepages-2Mi", new Quantity("4Mi")))
                .withLimits(Map.of("memory", new Quantity("1Ki")))
                .build();
        var requested = RequestedResources.since(7, resources);
        assertThat(requested.text())
                .isEqualTo("generation=7;limits.memory=1024;requests.cpu=0.5;requests.hugepages-2Mi=4194304");
        assertThat(RequestedResources.parse(requested.text())).contains(requested);
    }

    @Test
    void noResourcesAreARequestToo() {
        var none = RequestedResources.atCreation(null);
        assertThat(none.text()).isEqualTo("generation=1");
        assertThat(RequestedResources.parse(none.text())).contains(none);
    }

    @Test
    void whatSomebodyElseHasWrittenIsNoRequest() {
        for (String text : new String[] {"", "generation=", "generation=x", "requests.cpu=1", "generation", "=1"}) {
            assertThat(RequestedResources.parse(text)).as(text).isEmpty();
        }
        assertThat(RequestedResources.parse(null)).isEmpty();
    }
}
