using System.CommandLine.Parsing;
using Snakepit.Measurement.Statistics;

namespace Snakepit.Benchmarks.Commands;

/// <summary>Validators of options that several commands have.</summary>
internal static class OptionValidators
{
    /// <summary>Rejects a reason that is empty.</summary>
    public static void Reason(OptionResult result)
    {
        if (string.IsNullOrWhiteSpace(result.GetValueOrDefault<string>()))
        {
            result.AddError($"{result.Option.Name} must say why; it is empty.");
        }
    }

    /// <summary>
    /// Returns a validator that rejects fewer rounds than <paramref name="fewest"/>, and more rounds than bounds can be computed for.
    /// </summary>
    public static Action<OptionResult> Rounds(int fewest) => result =>
    {
        if (result.GetValueOrDefault<int?>() is { } value && (value < fewest || value > SignedRankDistribution.MaxCount))
        {
            result.AddError($"{result.Option.Name} must be from {fewest} to {SignedRankDistribution.MaxCount}; it is {value}.");
        }
    };
}
