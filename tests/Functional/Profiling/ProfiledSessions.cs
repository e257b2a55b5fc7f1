using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Host.Faults;
using Snakepit.Benchmarks.Profiling;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Benchmarks.Scenarios;
using Snakepit.Tests.Functional.Gate;

namespace Snakepit.Tests.Functional.Profiling;

/// <summary>Tests that a profiled session finds the function that was made slower on the candidate's side.</summary>
public sealed class ProfiledSessions : IDisposable
{
    private const int Rounds = 3;
    private const int Calls = 500;
    private const double Microseconds = 400;

    private readonly string _directory = Directory.CreateTempSubdirectory("snakepit-profiles-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(WorkerTransport.Grpc)]
    [InlineData(WorkerTransport.Direct)]
    public async Task A_slower_function_of_the_worker_is_named_first(WorkerTransport transport)
    {
        var slower = SourcePatch.Before("dispatch/plain_calls.py", "found = self._catalog.find(call)", PythonDelay.Spin(Microseconds));
        var explanation = await ExplainAsync(transport, builds =>
        {
            slower.ApplyTo(builds.Staging.DirectoryOf(Side.Candidate, swapped: false));
            slower.ApplyTo(builds.Staging.DirectoryOf(Side.Candidate, swapped: true));
        });
        var first = explanation.Ranking!.Significant.First();
        Assert.Equal(("PlainCallRunner._run", "snakepit_worker/dispatch/plain_calls.py"), (first.Function.Function, first.Function.Module));
        Assert.InRange(first.Growth, Microseconds * Calls / 2, Microseconds * Calls * 2);
    }

    [Theory]
    [InlineData(WorkerTransport.Grpc)]
    [InlineData(WorkerTransport.Direct)]
    public async Task A_slower_function_of_the_host_is_named_first(WorkerTransport transport)
    {
        var explanation = await ExplainAsync(transport, _ => { }, new Fault(nameof(SlowCaller), Microseconds));
        var first = explanation.Ranking!.Significant.First();
        Assert.Equal("BusyWait.Spin", first.Function.Function);
        Assert.InRange(first.Growth, Microseconds * Calls / 2, Microseconds * Calls * 2);
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
        Assert.Equal(("measurement", Rounds), (explanation.Unit, explanation.Rounds.Length));
        return explanation;
    }

    /// <summary>Sends pings over a transport.</summary>
    private sealed class ScenarioOver(WorkerTransport transport) : Scenario
    {
        // A number of calls and not a duration, so that there are as many samples on a busy machine.
        private static readonly SingleCallerSlot Load = new(Calls);

        public override string Name => "Throughput";

        public override string Description => "pings";

        public override bool IsSettled => true;

        public override IReadOnlyList<Reading> Readings => new ThroughputScenario().Readings;

        public override async Task MeasureAsync(Round round)
        {
            await round.EachAsync(arm => round.RunAsync(arm, new TransportSlot(transport)));
            await round.TogetherAsync(new StartSlot(Workers: 2));
            await round.EachAsync(arm => round.RunAsync(arm, Load with { Count = 100 }));
            await round.RepliesAsync(2, Load);
        }
    }
}
