using System.CommandLine.Parsing;
using System.Globalization;
using Snakepit.Measurement.Baselines;
using Snakepit.Measurement.Statistics;

namespace Snakepit.Benchmarks.Commands;

/// <summary>
/// Parsers of values on the command line. Each refuses what it cannot use in one line that names the option. The parsers of the library
/// throw exceptions for some texts, such as an empty path.
/// </summary>
internal static class CommandLineValues
{
    /// <summary>Returns a parser of whole numbers in a range.</summary>
    public static Func<ArgumentResult, int?> Number(int fewest, int most) => result =>
    {
        var text = TextOf(result);
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= fewest && number <= most)
        {
            return number;
        }

        result.AddError($"{NameOf(result)} must be a whole number from {fewest} to {most}; it is '{text}'.");
        return null;
    };

    /// <summary>
    /// Returns a parser of a number of rounds, which refuses fewer than <paramref name="fewest"/>, and more than bounds can be computed
    /// for.
    /// </summary>
    public static Func<ArgumentResult, int?> Rounds(int fewest) => Number(fewest, SignedRankDistribution.MaxCount);

    /// <summary>Parses a seed.</summary>
    public static int? Seed(ArgumentResult result) => Number(int.MinValue, int.MaxValue)(result);

    /// <summary>Parses a reason, which must say something.</summary>
    public static string? Reason(ArgumentResult result)
    {
        var text = TextOf(result);
        if (Acceptance.SaysSomething(text))
        {
            return text;
        }

        result.AddError($"{NameOf(result)} must say why; it is empty.");
        return null;
    }

    /// <summary>Parses the path of a file.</summary>
    public static FileInfo? File(ArgumentResult result)
    {
        var text = TextOf(result);
        if (!string.IsNullOrWhiteSpace(text))
        {
            return new FileInfo(text);
        }

        result.AddError($"{NameOf(result)} must name a file; it is empty.");
        return null;
    }

    private static string TextOf(ArgumentResult result) => string.Join(' ', result.Tokens.Select(token => token.Value));

    private static string NameOf(ArgumentResult result) =>
        result.Parent is OptionResult option ? option.Option.Name : $"'{result.Argument.Name}'";
}
