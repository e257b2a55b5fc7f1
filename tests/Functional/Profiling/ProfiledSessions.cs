using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Host.Faults;
using Snakepit.Benchmarks.Profiling;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Benchmarks.Scenarios;
using Snakepit.Tests.Functional.Gate;

namespace Snakepit.Tests.Functional.Profiling;

/// <summary>Tests that a profiled session finds the function that was made slower on the candidate's side, with real hosts and workers.</summary>
public sealed class ProfiledSessions : IDisposable
{
    private const int Rounds = 3;
    private const double Microseconds = 200;

    private readonly string _directory = Directory.CreateTempSubdirectory("snakepit-profiles-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(WorkerTransport.Grpc)]
    [InlineData(WorkerTransport.Direct)]
    public async Task A_slower_function_in_Python_is_named_first(WorkerTransport transport)
    {
        var slower = SourcePatch.Before("dispatch/plain_calls.py", "found = self._catalog.find(call)", PythonDelay.Spin(Microseconds));
        var explanation = await ExplainAsync(transport, builds => Array.ForEach([false, true], swapped => slower.ApplyTo(builds.Staging.DirectoryOf(Side.Candidate, swapped))));
        var first = explanation.Ranking!.Significant.First();
        Assert.Equal(("PlainCallRunner.run", "snakepit_worker/dispatch/plain_calls.py"), (first.Function.Function, first.Function.Module));
        Assert.InRange(first.Growth, Microseconds / 2, Microseconds * 2);
    }

    [Theory]
    [InlineData(WorkerTransport.Grpc)]
    [InlineData(WorkerTransport.Direct)]
    public async Task A_slower_function_in_NET_is_named_first(WorkerTransport transport)
    {
        var explanation = await ExplainAsync(transport, _ => { }, new Fault(nameof(SlowCaller), Microseconds));
        var first = explanation.Ranking!.Significant.First();
        Assert.Equal("BusyWait.Spin", first.Function.Function);
        Assert.InRange(first.Growth, Microseconds / 2, Microseconds * 2);
    }

    private async Task<Explanation> ExplainAsync(WorkerTransport transport, Action<Builds> change, Fault? fault = null)
    {
        await using var profiler = Profiler.Start(Path.Combine(_directory, "samples"));
        await SmallSession.WithBuildsAsync(async (builds, python, log) =>
        {
            change(builds);
            var plan = new SessionPlan(1, 1, Swap: false, Rounds, _ => new HashSet<string> { "throughput.8.rate" })
            {
                Fault = fault ?? Fault.None,
                Observer = profiler.Observe,
            };
            return await new Session(new ScenarioOver(transport), builds, python, log).RunAsync(plan, _ => { }, CancellationToken.None);
        });
        var explanation = profiler.Explain("Throughput", ["throughput.8.rate"]);
        Assert.Empty(explanation.Failures);
        Assert.Equal(("call", Rounds), (explanation.Unit, explanation.Rounds.Length));
        return explanation;
    }

    /// <summary>Sends pings over a transport.</summary>
    private sealed class ScenarioOver(WorkerTransport transport) : Scenario
    {
        private static readonly ClosedLoopSlot Load = new(Callers: 4, Milliseconds: 150);

        public override string Name => "Throughput";

        public override string Description => "pings";

        public override bool IsSettled => true;

        public override IReadOnlyList<Reading> Readings => new ThroughputScenario().Readings;

        public override async Task MeasureAsync(Round round)
        {
            await round.EachAsync(arm => round.RunAsync(arm, new TransportSlot(transport)));
            await round.TogetherAsync(new StartSlot(Workers: 2));
            await round.EachAsync(arm => round.RunAsync(arm, Load with { Milliseconds = 300 }));
            await round.RepliesAsync(4, Load);
        }
    }
}
