package com.smoketurner.postgres.testing.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class NeedlesTest {
    private static Needles of(String key, String value) {
        var needles = new Needles();
        needles.addSecret("s", key, value);
        return needles;
    }

    @Test
    void aValueIsFoundInEachForm() {
        var needles = of("password", "p@ss wörd/1\n");
        for (String text : new String[] {
            "x p@ss wörd/1 y", "\"cEBzcyB3w7ZyZC8x\"", "u:p%40ss+w%C3%B6rd%2F1@h", "u:p%40ss%20w%C3%B6rd%2F1@h"
        }) {
            assertThat(needles.in(Map.of("the log", text)))
                    .as(text)
                    .containsOnly("the log has the value of Secret s key password");
        }
        assertThat(needles.in(Map.of("the log", "p@ss"))).isEmpty();
    }

    @Test
    void whatIsPublicOrShortIsNotSearched() {
        assertThat(of("username", "administrator").size()).isZero();
        assertThat(of("ca.crt", "certificate of an authority").size()).isZero();
        assertThat(of("password", "short").size()).isZero();
    }

    @Test
    void keysAreSearchedByLineAndFilesBySetting() {
        String line = "A".repeat(64);
        var key = of("tls.key", "-----BEGIN PRIVATE KEY-----\n" + line + "\n-----END PRIVATE KEY-----\n");
        assertThat(key.in(Map.of("a pod", "…" + line))).isNotEmpty();
        assertThat(key.in(Map.of("a pod", "-----BEGIN PRIVATE KEY-----"))).isEmpty();

        var file = of("pgbackrest.conf", "[global]\nrepo1-cipher-pass=0123456789\nrepo1-path=/backups-here\n");
        assertThat(file.in(Map.of("argv", "--pass=0123456789"))).isNotEmpty();
        assertThat(file.in(Map.of("argv", "--path=/backups-here"))).isEmpty();
        assertThat(of("wal-g.env", "AWS_SECRET_ACCESS_KEY='0123456789'\n").in(Map.of("argv", "0123456789")))
                .isNotEmpty();
        assertThat(of("secrets.yml", "    password: \"0123456789\"\n").in(Map.of("argv", "0123456789")))
                .isNotEmpty();
    }
}
