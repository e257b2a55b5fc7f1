using System.Collections.Immutable;
using System.Globalization;

namespace Snakepit.Tests.Functional.Measurement.Proof;

/// <summary>The result of resampling one metric. Each share is a share of the trials.</summary>
/// <param name="Metric">The recorded metric.</param>
/// <param name="Factors">
/// The four factors by which the rounds were made worse: 1 (no change), the negligible change of the rule, the change that the rule says
/// must be detected, and a change 1.25 times as large as the third (such as +25 % if the third is +20 %).
/// </param>
/// <param name="Found">For each factor, the share of trials in which a regression was found and confirmed.</param>
/// <param name="Passed">For the largest factor, the share of trials whose final verdict was unchanged or improved.</param>
/// <param name="Inconclusive">The share of trials in which unchanged code had no verdict after the last interim look.</param>
/// <param name="Rounds">The mean number of rounds until there was a verdict on unchanged code.</param>
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

    /// <summary>Formats a factor as a change in percent, such as <c>+20</c>.</summary>
    public string Change(int index) => string.Create(CultureInfo.InvariantCulture, $"+{(Factors[index] - 1) * 100:0.#}");
}
