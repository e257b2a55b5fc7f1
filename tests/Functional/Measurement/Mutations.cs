using Snakepit.Measurement.Baselines;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Files;
using Snakepit.Measurement.Policies;
using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Samples;

namespace Snakepit.Tests.Functional.Measurement;

/// <summary>A gate that somebody has tampered with, on purpose or not, is not green.</summary>
public sealed class Mutations
{
    private static readonly ScenarioResult Same = Synthetic.Session(
        Synthetic.Metric("time", 0), Synthetic.Metric("rate", 0, worse: Worse.Lower, unit: "calls/s"), Synthetic.Metric("memory", 0, 0.001, unit: "MB"), Synthetic.Count("count", 17));

    private static readonly Baseline Accepted = Synthetic.Accepting(Same);

    [Fact]
    public void Untouched_it_is_green() => Assert.Equal(GateOutcome.Passed, ScenarioVerdict.Of(Same, Accepted, Synthetic.Policy).Outcome);

    [Fact]
    public void A_metric_whose_direction_or_unit_was_edited_breaks_the_gate()
    {
        // With its sign swapped, a regression would be an improvement.
        var slower = Synthetic.Metric("time", 0.3);
        foreach (var edited in new[] { slower with { Worse = Worse.Lower }, slower with { Unit = "s" } })
        {
            var verdict = ScenarioVerdict.Of(With(edited), Accepted, Synthetic.Policy);
            Assert.Equal(GateOutcome.Broken, verdict.Outcome);
            Assert.Contains("time was accepted in ms, more is worse, and measured in", verdict.Metrics[0].Problem, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Swapped_sides_turn_an_improvement_into_a_regression_and_never_into_no_change()
    {
        // That a side is the build that it is taken for is the session's to check; here, nothing may look the same from both ends.
        Assert.Equal(GateOutcome.Regressed, ScenarioVerdict.Of(With(Swapped(Synthetic.Metric("time", -0.25))), Accepted, Synthetic.Policy).Outcome);
        Assert.Equal(GateOutcome.Regressed, ScenarioVerdict.Of(With(Swapped(Synthetic.Metric("rate", -0.25, worse: Worse.Lower, unit: "calls/s"))), Accepted, Synthetic.Policy).Outcome);
        var regressed = ScenarioVerdict.Of(With(Swapped(Synthetic.Metric("time", 0.25))), Accepted, Synthetic.Policy);
        Assert.Equal(MetricOutcome.Improved, regressed.Metrics[0].Outcome);
        Assert.NotNull(Proposal.Of(regressed, Accepted));
    }

    [Fact]
    public void Every_metric_that_is_dropped_breaks_the_gate()
    {
        foreach (var metric in Same.Metrics)
        {
            var verdict = ScenarioVerdict.Of(Same with { Metrics = Same.Metrics.Remove(metric) }, Accepted, Synthetic.Policy);
            Assert.Equal((GateOutcome.Broken, metric.Key), (verdict.Outcome, Assert.Single(verdict.WithOutcome(MetricOutcome.Broken)).Key));
        }
    }

    [Fact]
    public void A_metric_that_the_policy_judges_no_more_breaks_the_gate()
    {
        foreach (var metric in Same.Metrics)
        {
            foreach (var edited in new[] { Synthetic.Policy.Metrics.Remove(metric.Key), Synthetic.Policy.Metrics.SetItem(metric.Key, new MetricPolicy(Must: 1e9)) })
            {
                var verdict = ScenarioVerdict.Of(Same, Accepted, Synthetic.Policy with { Metrics = edited });
                Assert.Equal((GateOutcome.Broken, metric.Key), (verdict.Outcome, Assert.Single(verdict.WithOutcome(MetricOutcome.Broken)).Key));
            }
        }
    }

    [Fact]
    public void A_ratio_that_became_a_count_and_a_count_that_became_a_ratio_break_the_gate()
    {
        var ratioAsCount = Synthetic.Policy.Metrics.SetItem("time", new MetricPolicy(MetricPolicy.Exact));
        var countAsRatio = Synthetic.Policy.Metrics.SetItem("count", new MetricPolicy("time"));
        Assert.Equal(GateOutcome.Broken, ScenarioVerdict.Of(Same, Accepted, Synthetic.Policy with { Metrics = ratioAsCount }).Outcome);
        Assert.Equal(GateOutcome.Broken, ScenarioVerdict.Of(Same, Accepted, Synthetic.Policy with { Metrics = countAsRatio }).Outcome);
    }

    [Theory]
    [InlineData("\"noAlarm\": 1.05", "\"noAlarm\": 0.95", "noAlarm ≤ edge")]
    [InlineData("\"noAlarm\": 1.05", "\"noAlarm\": 1.16", "noAlarm ≤ edge")]
    [InlineData("\"edge\": 1.15", "\"edge\": 1.25", "edge ≤ catch")]
    [InlineData("\"catch\": 1.2,", "\"catch\": 1.3,", "catch < control")] // the control could not be told from what must be caught
    [InlineData("\"better\": 0.95", "\"better\": 1.0", "better < 1")]
    [InlineData("\"better\": 0.95", "\"better\": -1", "better < 1")]
    [InlineData("\"tau\": 0.02", "\"tau\": -0.02", "tau ≥ 0")]
    [InlineData("\"control\": 1.3", "\"control\": 1.1", "catch < control")]
    [InlineData("[12, 18, 27, 40]", "[]", "looks must ascend")]
    [InlineData("[12, 18, 27, 40]", "[18, 12]", "looks must ascend")]
    [InlineData("[12, 18, 27, 40]", "[12, 12, 18]", "looks must ascend")]
    [InlineData("[12, 18, 27, 40]", "[0, 12]", "looks must ascend")]
    [InlineData("[12, 18, 27, 40]", "[12, 61]", "looks must ascend")]
    [InlineData("[12, 18, 27, 40]", "[9, 18, 27, 40]", "no bound")]
    [InlineData("\"level\": 0.005", "\"level\": 0", "no bound")]
    [InlineData("\"level\": 0.005", "\"level\": 0.5", "no bound")]
    [InlineData("\"level\": 0.005", "\"level\": 0.0000001", "no bound")]
    [InlineData("\"wait\": { \"rule\": \"time\" }", "\"wait\": { \"rule\": \"tiem\" }", "'tiem'")]
    [InlineData("\"must\": 50,", "\"mist\": 50,", "mist")]
    [InlineData("\"wait\":", "\"time\":", "damaged")] // twice
    [InlineData("\"tau\": 0.02", "\"tau\": \"much\"", "damaged")]
    [InlineData(", \"tau\": 0.02", "", "damaged")]
    [InlineData("\"schema\": 2", "\"schema\": 3", "schema 3")]
    [InlineData("\"schema\": 2", "\"schema\": \"2\"", "damaged")]
    [InlineData("\"looks\"", "\"look\"", "damaged")]
    public void A_policy_that_contradicts_itself_is_refused(string there, string edited, string told)
    {
        var text = Synthetic.PolicyText.Replace(there, edited, StringComparison.Ordinal);
        Assert.NotEqual(Synthetic.PolicyText, text);
        var exception = Assert.Throws<UnreadableFileException>(() => Policy.Parse(text, "baselines/policy.json"));
        Assert.StartsWith("baselines/policy.json: ", exception.Message, StringComparison.Ordinal);
        Assert.Contains(told, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_truncated_file_is_refused_wherever_it_ends()
    {
        var run = Synthetic.Run("x", Same);
        var baseline = Accepted.With(Same, Synthetic.Machine).ToText().TrimEnd();
        var policy = Synthetic.PolicyText.TrimEnd();
        var text = System.Text.Json.JsonSerializer.Serialize(run, JsonFile.Format);
        for (var share = 0; share < 100; share++)
        {
            Assert.Throws<UnreadableFileException>(() => Baseline.Parse(baseline[..(baseline.Length * share / 100)], "b", "Startup"));
            Assert.Throws<UnreadableFileException>(() => Policy.Parse(policy[..(policy.Length * share / 100)], "p"));
            Assert.Throws<UnreadableFileException>(() => RunStore.Parse(text[..(text.Length * share / 100)], "r"));
        }

        Assert.Throws<UnreadableFileException>(() => Baseline.Parse(baseline[..^1], "b", "Startup"));
    }

    [Theory]
    [InlineData("\"ratio\": 1", "\"ratio\": 1.5", "outside of its own bounds")]
    [InlineData("\"ratio\": 1", "\"ratio\": -1", "not positive")]
    [InlineData("\"ratio\": 1", "\"ratio\": 0", "not positive")]
    [InlineData("\"ratio\": 1", "\"ratio\": \"1\"", "damaged")]
    [InlineData("\"ratio\": 1", "\"rtaio\": 1", "damaged")]
    [InlineData("\"bounds\": [1, 1]", "\"bounds\": [1, 1, 1]", "bounds")]
    [InlineData("\"bounds\": [1, 1]", "\"bounds\": [2, 3]", "bounds")]
    [InlineData("\"bounds\": [1, 1]", "\"bounds\": null", "damaged")]
    [InlineData("\"worse\": \"higher\"", "\"worse\": \"sideways\"", "damaged")]
    [InlineData("\"worse\": \"higher\", ", "", "damaged")]
    [InlineData("\"rate\":", "\"time\":", "damaged")] // twice
    [InlineData("\"counts\"", "\"count\"", "damaged")]
    [InlineData("\"schema\": 2", "\"schema\": 1", "schema 1")]
    [InlineData("\"schema\": 2", "\"schema\": 99", "schema 99")]
    [InlineData("\"schema\": 2,", "", "schema")]
    [InlineData("\"scenario\": \"Startup\"", "\"scenario\": \"Latency\"", "'Latency'")]
    [InlineData("\"pin\": \"aaaa", "\"pin\": \"aaaA", "40 hexadecimal")]
    [InlineData("\"pin\": \"aaaa", "\"pin\": \"aaa", "40 hexadecimal")]
    [InlineData("\"pin\": \"aaaa", "\"pin\": \"main", "40 hexadecimal")]
    [InlineData("\"reason\": \"made up\",", "\"reason\": null,", "damaged")]
    public void A_baseline_that_was_edited_by_hand_into_nonsense_is_refused(string there, string edited, string told)
    {
        var text = Accepted.ToText();
        var other = text.Replace(there, edited, StringComparison.Ordinal);
        Assert.NotEqual(text, other);
        var exception = Assert.Throws<UnreadableFileException>(() => Baseline.Parse(other, "baselines/Startup.verified.json", "Startup"));
        Assert.StartsWith("baselines/Startup.verified.json: ", exception.Message, StringComparison.Ordinal);
        Assert.Contains(told, exception.Message, StringComparison.Ordinal);
        Assert.Contains("version control", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_baseline_edited_into_sense_is_believed_and_judged_by()
    {
        // Nobody but the review of the change can know better; what was accepted as faster makes the same rounds a regression.
        var faster = Accepted.ToText().Replace(
            "\"time\": { \"unit\": \"ms\", \"worse\": \"higher\", \"ratio\": 1, \"bounds\": [1, 1]",
            "\"time\": { \"unit\": \"ms\", \"worse\": \"higher\", \"ratio\": 0.8, \"bounds\": [0.7, 0.9]",
            StringComparison.Ordinal);
        Assert.Equal(GateOutcome.Regressed, ScenarioVerdict.Of(Same, Baseline.Parse(faster, "b", "Startup"), Synthetic.Policy).Outcome);
    }

    private static MetricResult Swapped(MetricResult metric) => metric with { Candidate = metric.Pin, Pin = metric.Candidate };

    private static ScenarioResult With(MetricResult metric) =>
        Same with { Metrics = [.. Same.Metrics.Select(other => other.Key == metric.Key ? metric : other)] };
}
