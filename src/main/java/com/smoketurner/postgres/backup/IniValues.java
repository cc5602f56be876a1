package com.smoketurner.postgres.backup;

import io.quarkus.qute.RawString;
import io.quarkus.qute.TemplateExtension;

/** The only way a value gets into a configuration file of pgBackRest or PgBouncer, which know no quotes: a line is a value. */
@TemplateExtension
final class IniValues {
    private IniValues() {}

    /** The value as it is; IllegalArgumentException for one of several lines, which would be other settings. */
    @TemplateExtension(matchName = "ini")
    static RawString line(String value) {
        if (value.chars().anyMatch(Character::isISOControl) || !value.equals(value.strip())) {
            throw new IllegalArgumentException(
                    "a value of a configuration file has control characters or white space around it");
        }
        return new RawString(value);
    }
}
