/**
 * Backups and restores without any talking: where they are kept, what the engines are told and what their answers mean, when a
 * backup is due, which ones are kept, and which one a restore starts from. Values in, values out; the time is passed in.
 */
@NullMarked
package com.smoketurner.postgres.backup;

import org.jspecify.annotations.NullMarked;
