package com.smoketurner.postgres.cluster.desired;

import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;

/** Amounts of resources in the one form in which the API server keeps them ({@code 0.5} is {@code 500m}). */
final class Quantities {
    private static final List<String> BINARY = List.of("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei");
    private static final List<String> DECIMAL = List.of("m", "", "k", "M", "G", "T", "P", "E");
    private static final List<String> EXPONENT = List.of("e-3", "", "e3", "e6", "e9", "e12", "e15", "e18");
    private static final List<String> FINER = List.of("n", "u");
    private static final int MILLI = 3;
    private static final int NANO = 9;
    private static final BigInteger KILO = BigInteger.valueOf(1000);
    private static final BigInteger KIBI = BigInteger.valueOf(1024);

    private Quantities() {}

    static Quantity canonical(String text) {
        return canonical(Quantity.parse(text));
    }

    /** The amount, rounded up to thousandths, as a whole number with the largest suffix that leaves it one. */
    static Quantity canonical(Quantity quantity) {
        var format = quantity.getFormat() == null ? "" : quantity.getFormat();
        var amount = new BigDecimal(quantity.getAmount()).multiply(unit(format));
        var thousandths =
                amount.movePointRight(MILLI).setScale(0, RoundingMode.CEILING).toBigInteger();
        if (isExponent(format)) {
            return scaled(thousandths, KILO, EXPONENT);
        }
        var whole = thousandths.divideAndRemainder(KILO);
        // As the API server does: what is small or has a fraction is written as a decimal amount.
        return format.endsWith("i") && whole[0].compareTo(KIBI) >= 0 && whole[1].signum() == 0
                ? scaled(whole[0], KIBI, BINARY)
                : scaled(thousandths, KILO, DECIMAL);
    }

    /** Exact, which fabric8's own arithmetic is not beyond 16 digits. */
    private static BigDecimal unit(String suffix) {
        if (isExponent(suffix)) {
            return BigDecimal.ONE.scaleByPowerOfTen(Integer.parseInt(suffix.substring(1)));
        }
        if (FINER.contains(suffix)) {
            return BigDecimal.ONE.scaleByPowerOfTen(MILLI * FINER.indexOf(suffix) - NANO);
        }
        var binary = BINARY.indexOf(suffix);
        return binary > 0
                ? new BigDecimal(KIBI.pow(binary))
                : BigDecimal.ONE.scaleByPowerOfTen(MILLI * (DECIMAL.indexOf(suffix) - DECIMAL.indexOf("")));
    }

    private static boolean isExponent(String suffix) {
        return suffix.length() > 1 && (suffix.charAt(0) == 'e' || suffix.charAt(0) == 'E') && !suffix.equals("Ei");
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
