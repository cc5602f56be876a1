package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonValue;

/** How backups and WAL are compressed. */
public enum Compression {
    LZ4("lz4"),
    LZMA("lzma"),
    BROTLI("brotli"),
    ZSTD("zstd"),
    NONE("none");

    private final String label;

    Compression(String label) {
        this.label = label;
    }

    /** The word in manifests and in status. */
    @JsonValue
    public String label() {
        return label;
    }
}
