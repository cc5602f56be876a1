package com.smoketurner.postgres.testing.observe;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Values that nobody may see, and where they come from. What is found is told by place and origin: the value itself
 * would end up in the report of a failed test.
 */
public final class Needles {
    /** Anything shorter is also found where it means something else. */
    private static final int SHORTEST = 8;

    /** A line of base64 of a private key: a whole one has 64 characters. */
    private static final int SHORTEST_KEY_LINE = 32;

    /** Keys of Secrets whose values are public: who and where, certificates, and the notes of the operator. */
    private static final Pattern PUBLIC_KEYS = Pattern.compile(
            "username|replication-username|rest-username|host|port|database|revision|AWS_ACCESS_KEY_ID|claimed|engine|path|.*\\.crt|applied-.*");

    /** Files of settings, which have secrets on some of their lines. */
    private static final Pattern FILES = Pattern.compile(".*\\.(conf|env|yml|yaml|ini|json|txt)");

    private static final Pattern SECRET_LINE = Pattern.compile(
            "(?im)^\\s*[\\w.-]*(?:pass|password|secret|secret_access_key|libsodium_key|token)\\s*[=:]\\s*(.+)$");

    private final Map<String, Set<String>> originsByForm = new LinkedHashMap<>();

    /** Adds a value in the forms in which it might be written: as it is, in base64 and in a URL. */
    public void add(String origin, String value) {
        String text = value.strip();
        if (text.length() < SHORTEST) {
            return;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        String url = URLEncoder.encode(text, StandardCharsets.UTF_8);
        Stream.of(text, Base64.getEncoder().withoutPadding().encodeToString(bytes), url, url.replace("+", "%20"))
                .forEach(form -> originsByForm
                        .computeIfAbsent(form, f -> new TreeSet<>())
                        .add(origin));
    }

    /** Adds what is secret in the value of a key of a Secret. */
    public void addSecret(String secret, String key, String value) {
        String origin = "Secret " + secret + " key " + key;
        if (PUBLIC_KEYS.matcher(key).matches()) {
            return;
        }
        if (value.contains("PRIVATE KEY")) {
            add(origin, value);
            value.lines()
                    .filter(line -> !line.startsWith("-----") && line.length() >= SHORTEST_KEY_LINE)
                    .forEach(line -> add(origin, line));
        } else if (FILES.matcher(key).matches()) {
            SECRET_LINE.matcher(value).results().forEach(line -> add(origin, unquoted(line.group(1))));
        } else {
            add(origin, value);
        }
    }

    private static String unquoted(String value) {
        return value.strip().replaceAll("^(['\"])(.*)\\1$", "$2");
    }

    public int size() {
        return originsByForm.size();
    }

    /** Each place where one of the values is, with the origins of the value. */
    public List<String> in(Map<String, String> texts) {
        List<String> found = new ArrayList<>();
        texts.forEach((place, text) -> originsByForm.forEach((form, origins) -> {
            if (text.contains(form)) {
                found.add(place + " has the value of " + String.join(", ", origins));
            }
        }));
        return found;
    }
}
