using Microsoft.Extensions.Time.Testing;
using Snakepit.Benchmarks.Gate;
using Snakepit.Measurement.Baselines;
using Snakepit.Measurement.Runs;
using Snakepit.Tests.Functional.Measurement;

namespace Snakepit.Tests.Functional.Gate;

/// <summary>Tests the lines that tell, after each round, what is still measured and how long it will take.</summary>
public sealed class ProgressLines
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _told = [];

    [Fact]
    public void Each_round_tells_which_metrics_have_no_verdict_and_how_long_it_takes_to_the_next_look_and_to_the_last()
    {
        var progress = Progress(fixedRounds: null);
        Tell(progress, rounds: 11, seconds: 33);
        Tell(progress, rounds: 12, seconds: 3);
        Tell(progress, rounds: 13, seconds: 2);
        Tell(progress, rounds: 40, seconds: 54);
        Assert.Equal(
            [
                "Startup: 11 rounds; 3 s to the next look, at 12; at most 87 s to the last, at 40",
                "Startup: 12 rounds, 1 of 2 metrics undecided (wait); 18 s to the next look, at 18; at most 84 s to the last, at 40",
                "Startup: 13 rounds, 1 of 2 metrics undecided (wait); 10 s to the next look, at 18; at most 54 s to the last, at 40",
                "Startup: 40 rounds, 1 of 2 metrics undecided (wait)",
            ], _told);
    }

    [Fact]
    public void A_session_with_a_fixed_number_of_rounds_tells_how_long_it_takes_to_the_last()
    {
        var progress = Progress(fixedRounds: 20);
        Tell(progress, rounds: 0, seconds: 3); // the first round was dropped
        Tell(progress, rounds: 12, seconds: 21);
        Assert.Equal(
            [
                "Startup: 0 rounds; 60 s to the last, at 20",
                "Startup: 12 rounds; 16 s to the last, at 20",
            ], _told);
    }

    private SessionProgress Progress(int? fixedRounds) =>
        new(Criteria(), fixedRounds, fixedRounds ?? 40, _told.Add, _time);

    private static Criteria Criteria() => new(Synthetic.Policy, Accepted(), []);

    private static Baseline Accepted() => Synthetic.Accepting(Result(40));

    private void Tell(SessionProgress progress, int rounds, int seconds)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        progress.Report(Result(rounds));
    }

    /// <summary>Returns a session in which one metric is unchanged and the other so noisy that it has no verdict.</summary>
    private static ScenarioResult Result(int rounds) =>
        Synthetic.Session(Synthetic.Metric("time", 0, rounds: rounds), Synthetic.Metric("wait", 0, 0.5, rounds: rounds));
}
