using System.Globalization;
using System.Text;
using Snakepit.Measurement.Profiles;

namespace Snakepit.Benchmarks.Profiling;

/// <summary>Says in words what a profiled session has found.</summary>
internal static class ExplanationText
{
    private const int Shown = 8;

    public static string Of(Explanation explanation)
    {
        var text = new StringBuilder();
        foreach (var failure in explanation.Failures)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"Samples are missing: {failure}");
        }

        if (explanation.Ranking is not { } ranking)
        {
            return text.AppendLine("Too few rounds have samples of both sides, so no function can be named.").ToString();
        }

        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"A {explanation.Unit} costs {Number(ranking.Candidate)} µs of CPU time on the candidate's side and {Number(ranking.Pin)} on the pin's ({explanation.Rounds.Length} rounds).");
        var significant = ranking.Significant.ToList();
        text.AppendLine(significant.Count > 0
            ? "Functions whose cost has grown, the most likely cause first:"
            : "No function has grown more than chance explains. The largest differences:");
        foreach (var growth in (significant.Count > 0 ? significant : [.. ranking.Functions.Where(one => one.Growth > 0)]).Take(Shown))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {LineOf(growth, explanation)}");
        }

        var fallen = ranking.Functions.Reverse().TakeWhile(one => one.Score <= -FunctionGrowth.FewestErrors).Take(Shown / 2).ToList();
        if (fallen.Count > 0)
        {
            text.AppendLine("Functions whose cost has fallen, for what may only have moved:");
            foreach (var growth in fallen)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"  {LineOf(growth, explanation)}");
            }
        }

        return text.ToString();
    }

    private static string LineOf(FunctionGrowth growth, Explanation explanation)
    {
        var line = new StringBuilder();
        line.Append(CultureInfo.InvariantCulture, $"{(growth.Growth < 0 ? "−" : "+")}{Number(Math.Abs(growth.Growth))} µs  {growth.Function.Function}");
        line.Append(explanation.Places.TryGetValue(growth.Function, out var place) ? $" ({place})" : $" ({growth.Function.Module})");
        line.Append(CultureInfo.InvariantCulture, $"  {Number(growth.Pin)} → {Number(growth.Candidate)}, {Math.Abs(growth.Score):0.0} standard errors");
        if (growth.Library is { } library)
        {
            line.Append(CultureInfo.InvariantCulture, $", in {library}");
        }

        if (place is { ChangedBy: [var newest, ..] })
        {
            line.Append(CultureInfo.InvariantCulture, $", changed by {newest}");
        }

        return line.ToString();
    }

    private static string Number(double value) => value.ToString(Math.Abs(value) < 10 ? "0.00" : "0.0", CultureInfo.InvariantCulture);
}
