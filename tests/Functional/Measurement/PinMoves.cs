using Snakepit.Measurement.Baselines;

namespace Snakepit.Tests.Functional.Measurement;

public sealed class PinMoves
{
    [Fact]
    public void A_first_pin_is_what_is_accepted()
    {
        var first = PinMove.Of(Synthetic.Session(Synthetic.Metric("time", 0.5), Synthetic.Count("count", 17), Synthetic.Metric("unheard_of", 3)), baseline: null, Synthetic.Policy);
        Assert.Equal(Synthetic.Pin, first.Pin);
        Assert.Equal(["time"], first.Metrics.Keys);
        Assert.Equal(1, first.Metrics["time"].Ratio);
        Assert.True(first.Metrics["time"].Bounds is [1, 1]);
        Assert.Equal(17, Assert.Single(first.Counts).Value);
    }

    [Fact]
    public void What_was_accepted_stays_so_measured_by_the_new_pin()
    {
        var accepted = Synthetic.Accepting(Synthetic.Session(Synthetic.Metric("time", 0), Synthetic.Count("count", 17)));
        accepted = accepted with { Metrics = accepted.Metrics.SetItem("time", accepted.Metrics["time"] with { Ratio = 1.2, Bounds = [1.19, 1.21] }) };
        // The old pin is slower than the new one by a quarter.
        var moved = PinMove.Of(Synthetic.Session(Synthetic.Metric("time", 0.25), Synthetic.Count("count", 16)), accepted, Synthetic.Policy);
        Assert.Equal(1.5, moved.Metrics["time"].Ratio);
        Assert.True(moved.Metrics["time"].Bounds is [> 1.4 and < 1.5, > 1.5 and < 1.6]);
        Assert.Equal(17, moved.Counts["count"]);
    }

    [Fact]
    public void What_is_new_begins_with_the_new_pin()
    {
        var before = Synthetic.Accepting(Synthetic.Session(Synthetic.Metric("time", 0)));
        var session = Synthetic.Session(Synthetic.Metric("time", 0), Synthetic.Metric("wait", 0.25), Synthetic.Count("count", 16) with { Pin = [.. Enumerable.Repeat(17.0, 12)] });
        var moved = PinMove.Of(session, before, Synthetic.Policy);
        Assert.Equal(1, moved.Metrics["wait"].Ratio);
        Assert.Equal(17, moved.Counts["count"]);
    }

    [Fact]
    public void Without_a_new_pin_there_is_nothing_to_move_to() =>
        Assert.Throws<ArgumentException>(() => PinMove.Of(Synthetic.Session(Synthetic.Metric("time", 0)) with { Pin = null }, baseline: null, Synthetic.Policy));
}
