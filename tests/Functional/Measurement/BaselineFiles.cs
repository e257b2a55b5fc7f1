using Snakepit.Measurement.Baselines;
using Snakepit.Measurement.Comparison;

namespace Snakepit.Tests.Functional.Measurement;

public sealed class BaselineFiles : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("snakepit-files-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void A_baseline_keeps_rounded_quartiles_by_machine_and_is_the_same_after_it_was_read()
    {
        var metric = Synthetic.Metric("time", 0) with { Candidate = [123.456, 1.23456, 99999], Pin = [1, 1, 1] };
        var session = Synthetic.Session(metric, Synthetic.Count("count", 17, rounds: 3));
        var text = Synthetic.Accepting(session).With(session, Synthetic.Machine).ToText();
        var path = Path.Combine(_directory, "Startup.verified.json");
        File.WriteAllText(path, text);
        var read = Baseline.Load(path, "Startup");
        Assert.Equal(text, read.ToText());
        Assert.Equal([62.3, 123, 50100], read.Machines[Synthetic.Machine.Key].Values["time"].AsEnumerable());
        Assert.Contains("\"time\": [62.3, 123, 50100]", text, StringComparison.Ordinal);
        Assert.Equal("1.51", read.Machines[Synthetic.Machine.Key].Versions!["grpcio"].GetString());
        Assert.Equal((1, 17, "made up", Synthetic.Pin), (read.Metrics["time"].Ratio, read.Counts["count"], read.Reason, read.Pin));
    }

    [Theory]
    [InlineData("it's 5 < 6 & \"quoted\"; ≥ 2, über")]
    [InlineData("two  spaces, [1,  2], { \"unit\":  3 }\tand a tab")]
    public void A_reason_is_written_and_read_as_it_was_given(string reason)
    {
        var text = (Synthetic.Accepting(Synthetic.Session(Synthetic.Metric("time", 0))) with { Reason = reason }).ToText();
        Assert.Equal(reason, Baseline.Parse(text, "Startup.verified.json", "Startup").Reason);
        Assert.DoesNotContain("\\u", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_baseline_has_one_line_per_metric_sorted_keys_and_four_digits()
    {
        var session = Synthetic.Session(
            Synthetic.Metric("wait", 0.123456, 0.0234567), Synthetic.Metric("time", 0.25), Synthetic.Count("count", 17));
        var proposal = Synthetic.Propose(
            ScenarioVerdict.Of(session, Baseline.Empty("Startup", Synthetic.Pin), Synthetic.Policy),
            Baseline.Empty("Startup", Synthetic.Pin))!;
        Golden.Equal("Baseline.verified.json", proposal.With(session, Synthetic.Machine).ToText());
    }

    [Fact]
    public void The_values_of_another_machine_are_added_and_those_of_the_same_machine_replaced()
    {
        var session = Synthetic.Session(Synthetic.Metric("time", 0));
        var baseline = Synthetic.Accepting(session).With(session, Synthetic.Machine).With(
            session, Synthetic.Machine with { Cores = 4 }).With(session, Synthetic.Machine);
        Assert.Equal(2, baseline.Machines.Count);
    }
}
