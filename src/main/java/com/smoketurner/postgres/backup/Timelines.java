package com.smoketurner.postgres.backup;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The branches of a database's history, as the history files in its archive tell them. A new timeline begins with each
 * promotion, at a position of an older one.
 *
 * @param histories by timeline, the forks that led to it, oldest first
 */
public record Timelines(SortedMap<Integer, List<Fork>> histories) {
    private static final Pattern LINE = Pattern.compile("\\s*(\\d+)\\s+([0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8})(\\s.*)?");

    /**
     * Where a history leaves a timeline.
     *
     * @param timeline that is left
     * @param at position up to which it is part of the history
     */
    public record Fork(int timeline, Lsn at) {}

    public Timelines {
        var copy = new TreeMap<Integer, List<Fork>>();
        histories.forEach((timeline, forks) -> copy.put(timeline, List.copyOf(forks)));
        histories = Collections.unmodifiableSortedMap(copy);
    }

    /**
     * The timelines of those history files.
     *
     * @param files text of the history file by timeline; IllegalArgumentException when it is not that of a timeline
     */
    public static Timelines parse(Map<Integer, String> files) {
        var histories = new TreeMap<Integer, List<Fork>>();
        files.forEach((timeline, text) -> histories.put(timeline, forks(timeline, text)));
        return new Timelines(histories);
    }

    /** The timelines that are known from history files, with those that the files name, and the first of all. */
    public SortedSet<Integer> known() {
        var known = new TreeSet<>(histories.keySet());
        known.add(1);
        histories.values().forEach(forks -> forks.forEach(fork -> known.add(fork.timeline())));
        return known;
    }

    /** The timeline that this one was forked off, and where; nothing for the first one, or where its history file is missing. */
    public Optional<Fork> origin(int timeline) {
        List<Fork> forks = history(timeline);
        return forks.isEmpty() ? Optional.empty() : Optional.of(forks.getLast());
    }

    /** The timelines on the way to this one, oldest first, and itself. */
    public List<Integer> path(int timeline) {
        var path =
                new ArrayList<>(history(timeline).stream().map(Fork::timeline).toList());
        path.add(timeline);
        return List.copyOf(path);
    }

    /** Whether recovery along a timeline passes a position that was reached on another one. */
    public boolean contains(int timeline, int on, Lsn position) {
        return on == timeline
                || history(timeline).stream()
                        .anyMatch(fork -> fork.timeline() == on && position.compareTo(fork.at()) <= 0);
    }

    /** The timeline on which the history of another one is at a position. */
    public int timelineAt(int timeline, Lsn position) {
        return history(timeline).stream()
                .filter(fork -> position.compareTo(fork.at()) <= 0)
                .map(Fork::timeline)
                .findFirst()
                .orElse(timeline);
    }

    private List<Fork> history(int timeline) {
        return histories.getOrDefault(timeline, List.of());
    }

    private static List<Fork> forks(int timeline, String text) {
        List<Fork> forks = text.lines()
                .map(LINE::matcher)
                .filter(Matcher::matches)
                .map(line -> new Fork(Integer.parseInt(line.group(1)), Lsn.parse(line.group(2))))
                .toList();
        int last = 0;
        for (Fork fork : forks) {
            if (fork.timeline() <= last || fork.timeline() >= timeline) {
                throw new IllegalArgumentException("not the history of timeline %d: %s".formatted(timeline, text));
            }
            last = fork.timeline();
        }
        return forks;
    }
}
