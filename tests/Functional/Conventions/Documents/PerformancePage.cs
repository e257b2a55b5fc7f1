using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Snakepit.Tests.Functional.Conventions.Documents;

/// <summary>Tests that the page on performance states the same thresholds as <c>baselines/policy.json</c>.</summary>
public sealed partial class PerformancePage
{
    private static readonly Document Page = Document.Of("docs/performance.md");

    private static readonly JsonElement Policy = JsonDocument.Parse(RepositoryFiles.Read("baselines/policy.json")).RootElement;

    [Theory]
    [InlineData("time", "when, for times")]
    [InlineData("amount", "when, for amounts such as bytes and frames")]
    public void Its_table_of_verdicts_has_the_thresholds_of_the_policy(string rule, string column)
    {
        // The page's table shows each number of a rule except "tau", the standard deviation between runs. Those numbers are factors near 1,
        // such as 1.05. Tau is far below 1, so numbers above 0.5 are all numbers but tau.
        var percents = Policy.GetProperty("rules").GetProperty(rule).EnumerateObject()
            .Select(property => property.Value.GetDouble())
            .Where(factor => factor > 0.5)
            .Select(factor => (int)Math.Round(Math.Abs(factor - 1) * 100));
        var table = Page.Tables.Single(table => table.Head.Contains(column));
        var told = table.Column(column).SelectMany(cell => Percent().Matches(cell))
            .Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));
        Assert.Equal(percents.Distinct().Order(), told.Distinct().Order());
    }

    [Fact]
    public void It_says_after_how_many_rounds_the_metrics_are_judged()
    {
        var rounds = PolicyRounds().Match(RepositoryFiles.Read("baselines/policy.json")).Groups[1].Value.Split(", ");
        Assert.Contains($"After {string.Join(", ", rounds[..^1])} and {rounds[^1]} rounds", Page.Prose, StringComparison.Ordinal);
        Assert.Contains($"{string.Join(", ", rounds)} rounds", Page.Prose, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"(\d+) %")]
    private static partial Regex Percent();

    [GeneratedRegex("""
                    "rounds": \[([\d, ]+)\]
                    """)]
    private static partial Regex PolicyRounds();
}
