using System.Collections.Immutable;
using System.Globalization;

namespace Snakepit.Tests.Functional.Measurement.Proof;

/// <summary>The result of resampling one metric. Shares are shares of the trials.</summary>
/// <param name="Metric">The recorded metric.</param>
/// <param name="Factors">
/// The four factors by which the rounds were made worse: none (1), the negligible change of the rule, the one that must be detected, and
/// one that is larger by a quarter.
/// </param>
/// <param name="Found">The shares in which a regression was found and confirmed, for each factor.</param>
/// <param name="Passed">The share in which the largest factor passed, in either session.</param>
/// <param name="Inconclusive">The share of unchanged code that the last interim look did not decide.</param>
/// <param name="Rounds">The mean number of rounds until unchanged code was decided.</param>
/// <param name="BetweenJobSd">
/// The standard deviation between jobs in the resampled rounds, which is the same for all metrics of a rule.
/// </param>
internal sealed record MetricRow(
    RecordedMetric Metric,
    ImmutableArray<double> Factors,
    ImmutableArray<double> Found,
    double Passed,
    double Inconclusive,
    double Rounds,
    double BetweenJobSd)
{
    public string Name => Metric.Name;

    public double FoundUnchanged => Found[0];

    public double FoundNegligible => Found[1];

    public double FoundMustDetect => Found[2];

    public double FoundLargest => Found[3];

    /// <summary>A factor as a change in percent, such as <c>+20</c>.</summary>
    public string Change(int index) => string.Create(CultureInfo.InvariantCulture, $"+{(Factors[index] - 1) * 100:0.#}");
}
