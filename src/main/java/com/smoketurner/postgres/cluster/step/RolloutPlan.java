package com.smoketurner.postgres.cluster.step;

import com.smoketurner.postgres.cluster.run.Member;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which pod is made anew next, so that all get the current template: broken ones first, then replicas from the highest
 * ordinal down, the primary last, and never one while another member is away.
 */
final class RolloutPlan {

    private final List<Member> members;
    private final int desired;
    private final @Nullable String templateHash;
    private final @Nullable ResourceRequirements resources;

    /**
     * @param desired members asked for
     * @param templateHash hash of the current template
     * @param resources of the current template's server container
     */
    RolloutPlan(
            List<Member> members,
            int desired,
            @Nullable String templateHash,
            @Nullable ResourceRequirements resources) {
        this.members = members;
        this.desired = desired;
        this.templateHash = templateHash;
        this.resources = resources;
    }

    /** Members that do not run the current template. */
    List<Member> outdated() {
        return members.stream().filter(this::outdated).toList();
    }

    /** The pod to make anew now; nothing when all are current or another member has to come back first. */
    Optional<Member> next() {
        if (outdated().isEmpty() || members.stream().anyMatch(Member::terminating)) {
            return Optional.empty();
        }
        Optional<Member> broken =
                outdated().stream().filter(Predicate.not(Member::ready)).max(Comparator.comparingInt(Member::ordinal));
        if (broken.isPresent()) {
            return broken;
        }
        if (members.size() < desired || !members.stream().allMatch(RolloutPlan::serves)) {
            return Optional.empty();
        }
        return outdated().stream()
                .max(Comparator.comparing(Predicate.not(Member::primary)::test).thenComparingInt(Member::ordinal));
    }

    private static boolean serves(Member member) {
        return member.ready() && (member.primary() || member.streaming());
    }

    private boolean outdated(Member member) {
        return !Objects.equals(member.templateHash(), templateHash)
                || !amounts(member.resources()).equals(amounts(resources));
    }

    private static Map<String, BigDecimal> amounts(@Nullable ResourceRequirements requirements) {
        Map<String, BigDecimal> amounts = new TreeMap<>();
        if (requirements != null) {
            add(amounts, "requests.", requirements.getRequests());
            add(amounts, "limits.", requirements.getLimits());
        }
        return amounts;
    }

    private static void add(Map<String, BigDecimal> amounts, String kind, @Nullable Map<String, Quantity> quantities) {
        if (quantities != null) {
            amounts.putAll(quantities.entrySet().stream()
                    .collect(Collectors.toMap(
                            entry -> kind + entry.getKey(),
                            entry -> entry.getValue().getNumericalAmount().stripTrailingZeros())));
        }
    }
}
