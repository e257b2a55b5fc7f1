using System.CommandLine.Parsing;
using Snakepit.Measurement.Statistics;

namespace Snakepit.Benchmarks.Commands;

/// <summary>What several verbs ask of their options.</summary>
internal static class Demands
{
    /// <summary>A text that says something.</summary>
    public static void AReason(OptionResult result)
    {
        if (string.IsNullOrWhiteSpace(result.GetValueOrDefault<string>()))
        {
            result.AddError($"{result.Option.Name} must say why; it is empty.");
        }
    }

    /// <summary>From so many rounds to as many as bounds can be computed for, if it is said how many.</summary>
    public static Action<OptionResult> Rounds(int fewest) => result =>
    {
        if (result.GetValueOrDefault<int?>() is { } value && (value < fewest || value > SignedRankDistribution.MaxCount))
        {
            result.AddError($"{result.Option.Name} must be from {fewest} to {SignedRankDistribution.MaxCount}; it is {value}.");
        }
    };
}
