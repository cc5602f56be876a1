package com.smoketurner.postgres.cluster.parameters;

import java.util.ArrayList;
import java.util.List;

/**
 * What the programs in a pod have answered, in the order of the questions.
 *
 * @param memory of the node, with what it can swap, in bytes
 */
record JudgeAnswers(List<Answer> answers, long memory) {

    /**
     * One answer.
     *
     * @param output the value, where the program succeeded
     * @param errors what it wrote besides
     */
    record Answer(boolean succeeded, String output, List<String> errors) {
        Answer {
            errors = List.copyOf(errors);
        }
    }

    JudgeAnswers {
        answers = List.copyOf(answers);
    }

    static JudgeAnswers parse(String text) {
        List<Answer> answers = new ArrayList<>();
        long memory = 0;
        boolean succeeded = false;
        String output = "";
        List<String> errors = new ArrayList<>();
        boolean open = false;
        for (String line : text.lines().toList()) {
            String word = line.replaceFirst(" .*", "");
            String rest = line.length() > word.length() ? line.substring(word.length() + 1) : "";
            if (open && (word.equals("result") || word.equals("memory"))) {
                answers.add(new Answer(succeeded, output, errors));
                errors.clear();
                open = false;
            }
            switch (word) {
                case "result" -> {
                    succeeded = rest.equals("0");
                    output = "";
                    open = true;
                }
                case "output" -> output = rest;
                case "error" -> errors.add(rest);
                case "memory" -> memory += Long.parseLong(rest) * 1024;
                default -> {
                    // The programs write nothing else.
                }
            }
        }
        if (open) {
            answers.add(new Answer(succeeded, output, errors));
        }
        return new JudgeAnswers(answers, memory);
    }
}
