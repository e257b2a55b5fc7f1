using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Machines;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Measurement.Baselines;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Policies;
using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Samples;

namespace Snakepit.Tests.Functional.Gate;

/// <summary>
/// Tests that a pin whose host is too old for some slot or value can still be used: only the metrics that need this slot or value are not
/// comparable.
/// </summary>
public sealed class OldHosts : IDisposable
{
    /// <summary>
    /// The Python code of a program that makes a real host look older. It passes lines between the orchestrator and the host, but removes
    /// the version from the greeting, pretends not to have some slots, and removes some values from replies.
    /// </summary>
    private const string Script =
        """
        import json, subprocess, sys

        changes = json.loads(sys.argv[1])
        host = subprocess.Popen(sys.argv[2:], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        greeting = json.loads(host.stdout.readline())
        greeting.pop("protocol")
        greeting.update(changes["greeting"])
        print(json.dumps(greeting), flush=True)
        for line in sys.stdin:
            request = json.loads(line)
            if request["slot"] in changes["slots"]:
                print(json.dumps({"id": request["id"], "unknown": True}), flush=True)
                continue
            host.stdin.write(line)
            host.stdin.flush()
            reply = json.loads(host.stdout.readline())
            for value in changes["values"]:
                reply["values"].pop(value, None)
            print(json.dumps(reply), flush=True)
        host.stdin.close()
        host.wait()
        """;

    private readonly string _directory = Directory.CreateTempSubdirectory("snakepit-old-host-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task A_greeting_without_a_version_is_one_of_the_first_protocol()
    {
        await using var arm = await StartAsync();
        Assert.Equal(1, arm.Greeting.Protocol);
    }

    [Fact]
    public async Task A_host_of_an_unknown_protocol_is_not_comparable_and_the_message_says_what_to_do()
    {
        var refused = await Assert.ThrowsAsync<NotComparableException>(() => StartAsync(greeting: """{"protocol": 99}"""));
        Assert.Contains("the host of the pin speaks protocol 99", refused.Message, StringComparison.Ordinal);
        Assert.Contains("bench pin", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_slot_that_the_pin_does_not_have_leaves_out_its_metrics_and_no_others()
    {
        var result = await MeasureAsync(slots: """["single"]""");
        Assert.Equal(["single"], result.Metrics.Where(metric => metric.Pin.IsEmpty).Select(metric => metric.Key));
        Assert.All(result.Metrics, metric => Assert.Single(metric.Candidate));
        Assert.Equal(
            "not comparable: single, because the host of the pin has no slot 'single' yet; move the pin to a newer commit with 'bench pin'",
            Assert.Single(result.Warnings));
    }

    [Fact]
    public async Task A_value_that_the_pin_does_not_send_leaves_out_its_metrics_and_no_others()
    {
        var result = await MeasureAsync(values: """["frames"]""");
        Assert.Equal(["frames"], result.Metrics.Where(metric => metric.Pin.IsEmpty).Select(metric => metric.Key));
        Assert.All(result.Metrics, metric => Assert.Single(metric.Candidate));
        var warning = Assert.Single(result.Warnings);
        Assert.StartsWith(
            "not comparable: frames, because the host of the pin does not measure 'frames' yet", warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task If_the_host_of_the_pin_lacks_the_slot_that_prepares_the_others_only_the_candidate_is_measured()
    {
        var result = await MeasureAsync(slots: """["transport"]""");
        Assert.All(result.Metrics, metric => Assert.Equal((1, 0), (metric.Candidate.Length, metric.Pin.Length)));
        Assert.StartsWith("not comparable: rate, frames, single, because", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_metric_that_the_pin_cannot_measure_passes_only_if_nothing_was_accepted_for_it_yet()
    {
        var result = await MeasureAsync(values: """["frames"]""");
        var policy = Policy.Load(Path.Combine(Conventions.Repository.Root, "baselines", "policy.json"));
        policy = policy with { Metrics = policy.Metrics.SetItem("frames", policy.Metrics["throughput.8.rate"]) };
        var baseline = Baseline.Empty(result.Scenario, result.Pin!);
        var asNew = ScenarioVerdict.Of(result, baseline, policy).Metrics.Single(metric => metric.Key == "frames");
        Assert.Equal(MetricOutcome.New, asNew.Outcome);
        Assert.Contains("does not measure 'frames' yet", asNew.Problem, StringComparison.Ordinal);

        var ratio = new AcceptedRatio("frames/call", Worse.Higher, 1, [1, 1], 40, 1);
        baseline = baseline with { Metrics = baseline.Metrics.Add("frames", ratio) };
        var accepted = ScenarioVerdict.Of(result, baseline, policy).Metrics.Single(metric => metric.Key == "frames");
        Assert.Equal((MetricOutcome.NotComparable, asNew.Problem), (accepted.Outcome, accepted.Problem));
    }

    /// <summary>Measures one round with two hosts. The pin's host is made to look as if it lacked the given slots and values.</summary>
    private async Task<ScenarioResult> MeasureAsync(string slots = "[]", string values = "[]")
    {
        var scenario = new Loads();
        await using var pin = await StartAsync(slots: slots, values: values);
        await using var candidate = await Arm.StartAsync(
            Side.Candidate, CandidateBuild.Directory, await ThisMachine.PythonAsync(), settled: false, CancellationToken.None);
        var round = new Round(
            1, [candidate, pin], new Random(1), scenario.Keys, _ => throw new NotSupportedException(), _ => { }, CancellationToken.None);
        await scenario.MeasureAsync(round);
        var rounds = new SessionRounds(scenario, new string('a', 40), seed: 1);
        rounds.Add(round);
        return rounds.ToResult();
    }

    private async Task<Arm> StartAsync(string greeting = "{}", string slots = "[]", string values = "[]")
    {
        var (real, script) = (HostProgram.In(CandidateBuild.Directory), Path.Combine(_directory, "old_host.py"));
        await File.WriteAllTextAsync(script, Script);
        var python = await ThisMachine.PythonAsync();
        var changes = $$"""{"greeting": {{greeting}}, "slots": {{slots}}, "values": {{values}}}""";
        var program = new HostProgram(python, [script, changes, real.FileName, .. real.Arguments], real.Directory);
        return await Arm.StartAsync(Side.Pin, program, python, settled: false, CancellationToken.None);
    }

    private sealed class Loads : Scenario
    {
        private static readonly Reading<List<LoopReply>>[] OfLoop =
        [
            new("rate", "calls/s", Worse.Lower, "", replies => replies.Rate()),
            new("frames", "frames/call", Worse.Higher, "", replies => replies.PerCall(reply => reply.Frames)),
        ];

        private static readonly Reading<List<TimesReply>>[] OfSingle =
            [new("single", "ms", Worse.Higher, "", replies => replies.Milliseconds().Median)];

        public override string Name => "Loads";

        public override string Description => "two independent parts";

        public override IReadOnlyList<Reading> Readings { get; } = [.. OfLoop, .. OfSingle];

        public override async Task MeasureAsync(Round round)
        {
            await round.EachAsync(arm => round.RunAsync(arm, new TransportSlot(WorkerTransport.Direct)));
            await round.TogetherAsync(new StartSlot(Workers: 2));
            await round.InAnyOrderAsync(
                () => round.RecordAsync(2, new ClosedLoopSlot(Callers: 2, Milliseconds: 20), OfLoop),
                () => round.RecordAsync(2, new SingleCallerSlot(Count: 5), OfSingle));
        }
    }
}
