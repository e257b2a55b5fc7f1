using System.Globalization;
using Snakepit.Measurement.Profiles;

namespace Snakepit.Benchmarks.Profiling;

/// <summary>Says in lines of text what a profiled session has found.</summary>
internal static class ExplanationText
{
    private const int Shown = 5;

    /// <summary>Returns the lines; none if there is no explanation.</summary>
    public static IReadOnlyList<string> LinesOf(Explanation? explanation) => explanation is null ? [] : [.. Lines(explanation)];

    private static IEnumerable<string> Lines(Explanation explanation)
    {
        if (explanation.Ranking is not { } ranking)
        {
            yield return $"{explanation.Scenario} could not be profiled, so no function is named: {ReasonOf(explanation)}";
            yield break;
        }

        if (explanation.Failures is [var first, .. var others])
        {
            yield return $"Samples are missing: {first}{(others.Length > 0 ? $"; and {others.Length} times more" : "")}";
        }

        var unit = explanation.Unit;
        yield return $"CPU time of a {unit} in {explanation.Rounds.Length} profiled rounds: {Number(ranking.Candidate)} µs, "
            + $"and {Number(ranking.Pin)} µs on the pin's side.";
        var grown = ranking.Significant.Take(Shown).ToList();
        if (grown.Count == 0)
        {
            yield return "No function takes more CPU time than chance explains. "
                + "Look for what waits, such as for a lock, a timer or the disk, and for memory.";
        }

        foreach (var growth in grown)
        {
            yield return $"  +{Number(growth.Growth)} µs in {NameOf(growth, explanation)}";
        }

        var fallen = ranking.Functions.Reverse().Where(IsFallen).Take(Shown).ToList();
        if (grown.Count > 0 && fallen.Count > 0)
        {
            var names = fallen.Select(growth => $"−{Number(-growth.Growth)} µs in {growth.Function.Function}");
            yield return $"  Meanwhile less in others, so that some of it may only have moved: {string.Join(", ", names)}";
        }
    }

    private static string NameOf(FunctionGrowth growth, Explanation explanation)
    {
        var place = explanation.Places.GetValueOrDefault(growth.Function);
        var where = place?.ToString() ?? growth.Function.Module;
        var library = growth.Library is { } name ? $", most of it in {name}" : "";
        var change = place is { ChangedBy: [var newest, ..] } ? $", last changed by {newest}" : "";
        return $"{growth.Function.Function} ({where}): {Number(growth.Candidate)} against {Number(growth.Pin)} µs{library}{change}";
    }

    private static bool IsFallen(FunctionGrowth growth) => growth.Function.IsOwn && growth.Score <= -FunctionGrowth.FewestErrors;

    private static string ReasonOf(Explanation explanation) =>
        explanation.Failures.Length > 0 ? string.Join("; ", explanation.Failures) : "there are too few rounds with samples of both sides";

    private static string Number(double value) => value.ToString(Math.Abs(value) < 10 ? "0.00" : "0.0", CultureInfo.InvariantCulture);
}
