using Snakepit.Benchmarks.Repository;

namespace Snakepit.Benchmarks.Gate;

/// <summary>
/// Tells whether the environment asks for a full run of the performance suite, which measures all metrics. Other runs leave out the metrics
/// for which the policy asks only in full runs, so that they are short enough for every pull request.
/// </summary>
internal static class FullRun
{
    /// <summary>The setting that asks for a full run, as in a shell.</summary>
    public const string Setting = $"{Variable}={Full}";

    private const string Variable = "SNAKEPIT_PERF";
    private const string Full = "full";

    /// <summary>Is true if the environment variable asks for a full run.</summary>
    /// <exception cref="NotComparableException">The variable has another value, which may be a misspelt one.</exception>
    public static bool IsAsked => IsAskedBy(Environment.GetEnvironmentVariable(Variable));

    /// <summary>Returns true if this value of the environment variable asks for a full run.</summary>
    public static bool IsAskedBy(string? value) => value switch
    {
        null or "" => false,
        Full => true,
        _ => throw new NotComparableException(
            $"the environment variable {Variable} is '{value}', which says nothing", $"set it to '{Full}' for a full run, or unset it"),
    };
}
