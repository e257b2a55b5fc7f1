using Snakepit.Measurement.Baselines;

namespace Snakepit.Tests.Functional.Measurement;

public sealed class PinMoves
{
    [Fact]
    public void Without_a_baseline_the_new_pin_itself_is_accepted()
    {
        var first = PinMove.Of(
            Synthetic.Session(Synthetic.Metric("time", 0.5), Synthetic.Count("count", 17), Synthetic.Metric("unheard_of", 3)),
            baseline: null,
            Synthetic.Policy);
        Assert.Equal(Synthetic.Pin, first.Pin);
        Assert.Equal(["time"], first.Metrics.Keys);
        Assert.Equal(1, first.Metrics["time"].Ratio);
        Assert.True(first.Metrics["time"].Bounds is [1, 1]);
        Assert.Equal(17, Assert.Single(first.Counts).Value);
    }

    [Fact]
    public void Accepted_ratios_are_converted_to_the_new_pin()
    {
        var accepted = Synthetic.Accepting(Synthetic.Session(Synthetic.Metric("time", 0), Synthetic.Count("count", 17)));
        var time = accepted.Metrics["time"] with { Ratio = 1.2, Bounds = [1.19, 1.21] };
        accepted = accepted with { Metrics = accepted.Metrics.SetItem("time", time) };
        // In this session the old pin is the candidate. It takes 1.25 times as long as the new pin.
        var moved = PinMove.Of(Synthetic.Session(Synthetic.Metric("time", 0.25), Synthetic.Count("count", 16)), accepted, Synthetic.Policy);
        Assert.Equal(1.5, moved.Metrics["time"].Ratio);
        Assert.True(moved.Metrics["time"].Bounds is [> 1.4 and < 1.5, > 1.5 and < 1.6]);
        Assert.Equal(17, moved.Counts["count"]);
    }

    [Fact]
    public void A_metric_that_was_not_in_the_baseline_is_accepted_as_the_new_pin_has_it()
    {
        var before = Synthetic.Accepting(Synthetic.Session(Synthetic.Metric("time", 0)));
        var session = Synthetic.Session(
            Synthetic.Metric("time", 0),
            Synthetic.Metric("wait", 0.25),
            Synthetic.Count("count", 16) with { Pin = [.. Enumerable.Repeat(17.0, 12)] });
        var moved = PinMove.Of(session, before, Synthetic.Policy);
        Assert.Equal(1, moved.Metrics["wait"].Ratio);
        Assert.Equal(17, moved.Counts["count"]);
    }

    [Fact]
    public void A_session_without_a_pin_is_refused() =>
        Assert.Throws<ArgumentException>(
            () => PinMove.Of(Synthetic.Session(Synthetic.Metric("time", 0)) with { Pin = null }, baseline: null, Synthetic.Policy));
}
