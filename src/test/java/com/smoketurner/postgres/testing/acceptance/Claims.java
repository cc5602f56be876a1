package com.smoketurner.postgres.testing.acceptance;

import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Which items and rows the project claims, and why some between them are left out. */
record Claims(NavigableSet<Integer> items, NavigableSet<Integer> badInput, Map<Integer, String> itemsNotYet) {

    static Claims read() {
        var items = new TreeSet<Integer>();
        var bad = new TreeSet<Integer>();
        var itemsNotYet = new TreeMap<Integer, String>();
        for (String line : Lists.lines("claimed.txt")) {
            String[] word = line.split(" ", 4);
            if (word[0].equals("not")) {
                if (word.length < 4) {
                    throw new IllegalStateException("an exclusion without a reason: " + line);
                }
                int number = Integer.parseInt(word[2]);
                boolean there = (word[1].equals("items") ? items : bad).remove(number);
                if (!there) {
                    throw new IllegalStateException("excluded but not claimed: " + line);
                }
                if (word[1].equals("items")) {
                    itemsNotYet.put(number, word[3]);
                }
            } else {
                String[] range = word[1].split("-", -1);
                int last = Integer.parseInt(range[range.length - 1]);
                for (int n = Integer.parseInt(range[0]); n <= last; n++) {
                    (word[0].equals("items") ? items : bad).add(n);
                }
            }
        }
        return new Claims(items, bad, itemsNotYet);
    }
}
