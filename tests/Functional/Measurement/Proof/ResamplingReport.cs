using System.Globalization;

namespace Snakepit.Tests.Functional.Measurement.Proof;

/// <summary>Compares the results of resampling with the error rates that the gate promises, and formats the results as a table.</summary>
internal static class ResamplingReport
{
    private const double MostRounds = 15;

    /// <summary>Returns the promises that the results break; empty if the gate keeps all of them.</summary>
    public static IEnumerable<string> Problems(this Resampling resampling)
    {
        if (resampling.Red > 0)
        {
            yield return $"{resampling.Red} of {resampling.Trials} trials of the whole suite were red although nothing had changed";
        }

        if (resampling.MeanRounds > MostRounds)
        {
            yield return $"{Number(resampling.MeanRounds)} rounds at 0 % on average over the metrics, more than {MostRounds}";
        }

        var largest = ChiSquareQuantile(resampling.Corpus.Jobs.Length);
        foreach (var (row, problem) in resampling.Metrics.SelectMany(row => Problems(row, largest).Select(problem => (row, problem))))
        {
            yield return $"{row.Name}: {problem}";
        }
    }

    /// <summary>Returns the results as a table, one line per metric.</summary>
    public static IEnumerable<string> Table(this Resampling resampling)
    {
        var jobs = resampling.Corpus.Jobs;
        yield return $"{jobs.Length} jobs ({jobs.Count(job => job.IsLoaded)} of them loaded), {resampling.Trials} trials; "
            + "regressed and confirmed at no change, at the rule's negligible change, at what it must detect, and a quarter beyond, in %";
        yield return $"{"metric",-26}{"worse by",18}{"regressed",26}{"passed",8}{"incon.",8}{"rounds",8}"
            + $"{"round sd",10}{"quiet",8}{"loaded",8}{"job sd",8}{"bias",8}{"chi²",8}";
        foreach (var row in resampling.Metrics)
        {
            var metric = row.Metric;
            var changes = string.Join(' ', Enumerable.Range(0, row.Factors.Length).Select(row.Change));
            yield return $"{row.Name,-26}{changes,18}{string.Join(' ', row.Found.Select(Share)),26}"
                + $"{Share(row.Passed),8}{Share(row.Inconclusive),8}{Number(row.Rounds),8}"
                + $"{Synthetic.Percent(metric.RoundSd),10}{Synthetic.Percent(metric.QuietSd),8}{Synthetic.Percent(metric.LoadedSd),8}"
                + $"{Synthetic.Percent(row.BetweenJobSd),8}{Synthetic.Percent(metric.Bias),8}{Number(metric.ChiSquare),8}";
        }

        yield return $"whole suite at no change: {resampling.Red} of {resampling.Trials} red; "
            + $"{Number(resampling.MeanRounds)} rounds on average over the metrics";
    }

    /// <summary>
    /// Returns the value that a chi-square variable exceeds with a probability of 0.1 %. The approximation (Wilson and Hilferty 1931) is
    /// within 1 % of the exact value from 8 degrees of freedom on.
    /// </summary>
    internal static double ChiSquareQuantile(int degrees)
    {
        const double NormalQuantile = 3.0902;
        var variance = 2.0 / (9 * degrees);
        return degrees * Math.Pow(1 - variance + (NormalQuantile * Math.Sqrt(variance)), 3);
    }

    private static IEnumerable<string> Problems(MetricRow row, double largestChiSquare)
    {
        var fewestFound = row.Name.EndsWith(".p99", StringComparison.Ordinal) ? 0.94 : 0.97;
        (bool IsWrong, string Problem)[] checks =
        [
            (
                row.FoundNegligible > 0.01,
                $"called regressed in {Synthetic.Percent(row.FoundNegligible)} % at {row.Change(1)}, more than 1 %"),
            (row.FoundMustDetect < fewestFound,
                $"detected in only {Synthetic.Percent(row.FoundMustDetect)} % at {row.Change(2)}, "
                + $"less than {Synthetic.Percent(fewestFound)} %"),
            (row.FoundLargest < 0.999,
                $"detected in only {Synthetic.Percent(row.FoundLargest)} % at {row.Change(3)}, less than 99.9 %"),
            (row.Passed > 0.001, $"passed in {Synthetic.Percent(row.Passed)} % at {row.Change(3)}, more than 0.1 %"),
            (row.Metric.ChiSquare > largestChiSquare,
                "its jobs differ by more than their rounds and the rule's spread between jobs explain: "
                + $"chi-square {Number(row.Metric.ChiSquare)}, more than {Number(largestChiSquare)}"),
            (row.Inconclusive > 0.01, $"inconclusive in {Synthetic.Percent(row.Inconclusive)} % at 0 %, more than 1 %"),
        ];
        return checks.Where(check => check.IsWrong).Select(check => check.Problem);
    }

    private static string Share(double share) => (100 * share).ToString("0.0#", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("F1", CultureInfo.InvariantCulture);
}
