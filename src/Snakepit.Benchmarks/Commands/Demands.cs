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

    /// <summary>As many rounds as bounds can be computed for, if it is said how many.</summary>
    public static void PossibleRounds(OptionResult result)
    {
        if (result.GetValueOrDefault<int?>() is { } value and (< 1 or > SignedRankDistribution.Most))
        {
            result.AddError($"{result.Option.Name} must be from 1 to {SignedRankDistribution.Most}; it is {value}.");
        }
    }
}
