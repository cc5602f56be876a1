package com.smoketurner.postgres.cluster.desired;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantitiesTest {
    private static final Map<String, BigDecimal> UNITS = Map.ofEntries(
            Map.entry("m", new BigDecimal("0.001")),
            Map.entry("", BigDecimal.ONE),
            Map.entry("k", new BigDecimal("1e3")),
            Map.entry("M", new BigDecimal("1e6")),
            Map.entry("G", new BigDecimal("1e9")),
            Map.entry("T", new BigDecimal("1e12")),
            Map.entry("P", new BigDecimal("1e15")),
            Map.entry("E", new BigDecimal("1e18")),
            Map.entry("Ki", new BigDecimal(1L << 10)),
            Map.entry("Mi", new BigDecimal(1L << 20)),
            Map.entry("Gi", new BigDecimal(1L << 30)),
            Map.entry("Ti", new BigDecimal(1L << 40)),
            Map.entry("Pi", new BigDecimal(1L << 50)),
            Map.entry("Ei", new BigDecimal(1L << 60)));

    /** Right: what an API server 1.35 made of the left as an amount of memory. */
    @ParameterizedTest
    @CsvSource({
        "100Gi,100Gi",
        "1024Mi,1Gi",
        "1.5Gi,1536Mi",
        "1536Mi,1536Mi",
        "1.5Ki,1536",
        "0.5Ki,512",
        "1Ki,1Ki",
        "0Gi,0",
        "0.5,500m",
        "500m,500m",
        "1000m,1",
        "2,2",
        "2.0,2",
        "1500m,1500m",
        "1000,1k",
        "1500M,1500M",
        "1000M,1G",
        "0,0",
        "0.1m,1m",
        "1e3,1e3",
        "12e2,1200",
        "1.5e3,1500",
        "128974848,128974848",
        "1Ei,1Ei",
        "1048576000,1048576k",
        "1000Mi,1000Mi",
        "0.001Ki,1024m",
        "1.0001Ki,1024103m",
        "1500u,2m",
        "100n,1m",
        "1E,1E",
        "0.5Gi,512Mi",
        "3000k,3M",
        "1.5,1500m"
    })
    void areWrittenAsTheApiServerWritesThem(String text, String canonical) {
        assertThat(Quantities.canonical(text)).hasToString(canonical);
    }

    @Property
    void keepTheirAmount(@ForAll @LongRange(min = 0, max = 1L << 40) long amount) {
        UNITS.keySet().forEach(suffix -> {
            var quantity = Quantity.parse(amount + suffix);
            var canonical = Quantities.canonical(quantity);
            assertThat(exact(canonical)).isEqualByComparingTo(exact(quantity));
            assertThat(Quantities.canonical(canonical)).hasToString(canonical.toString());
        });
    }

    private static BigDecimal exact(Quantity quantity) {
        return new BigDecimal(quantity.getAmount()).multiply(UNITS.get(quantity.getFormat()));
    }
}
