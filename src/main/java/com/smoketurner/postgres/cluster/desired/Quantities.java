package com.smoketurner.postgres.cluster.desired;

import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;

/** Quantities in the one form in which the API server keeps them ({@code 0.5} is {@code 500m}). */
final class Quantities {
    private static final List<String> BINARY = List.of("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei");
    private static final List<String> DECIMAL = List.of("n", "u", "m", "", "k", "M", "G", "T", "P", "E");
    private static final int NANO = 9;
    private static final BigInteger KILO = BigInteger.valueOf(1000);
    private static final BigInteger KIBI = BigInteger.valueOf(1024);

    private Quantities() {}

    static Quantity canonical(String text) {
        return canonical(Quantity.parse(text));
    }

    /** The amount as a whole number with the largest suffix that leaves it one. */
    static Quantity canonical(Quantity quantity) {
        var format = quantity.getFormat() == null ? "" : quantity.getFormat();
        if (isExponent(format)) {
            return quantity;
        }
        var amount = new BigDecimal(quantity.getAmount()).multiply(unit(format));
        // As the API server does: below 1024 a binary quantity is written as a decimal one.
        var binary = format.endsWith("i") && amount.abs().compareTo(new BigDecimal(KIBI)) >= 0;
        return binary
                ? scaled(amount.setScale(0, RoundingMode.CEILING).toBigInteger(), KIBI, BINARY)
                : scaled(
                        amount.movePointRight(NANO)
                                .setScale(0, RoundingMode.CEILING)
                                .toBigInteger(),
                        KILO,
                        DECIMAL);
    }

    /** Exact, which fabric8's own arithmetic is not beyond 16 digits. */
    private static BigDecimal unit(String suffix) {
        var binary = BINARY.indexOf(suffix);
        return binary > 0
                ? new BigDecimal(KIBI.pow(binary))
                : BigDecimal.ONE.scaleByPowerOfTen(3 * (DECIMAL.indexOf(suffix) - DECIMAL.indexOf("")));
    }

    private static boolean isExponent(String format) {
        return format.length() > 1 && (format.charAt(0) == 'e' || format.charAt(0) == 'E') && !format.equals("Ei");
    }

    private static Quantity scaled(BigInteger amount, BigInteger base, List<String> suffixes) {
        if (amount.signum() == 0) {
            return new Quantity("0", "");
        }
        var i = 0;
        while (i + 1 < suffixes.size() && amount.mod(base).signum() == 0) {
            amount = amount.divide(base);
            i++;
        }
        return new Quantity(amount.toString(), suffixes.get(i));
    }
}
