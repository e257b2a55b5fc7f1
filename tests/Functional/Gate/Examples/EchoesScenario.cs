using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Measurement.Samples;

namespace Snakepit.Benchmarks.Scenarios;

/// <summary>Measures how long it takes to send a text of 10,000 characters to a worker and back.</summary>
internal sealed class EchoesScenario : Scenario
{
    private const int Workers = 2;
    private const int Turns = 6;

    private static readonly PayloadSlot Echo = new(Characters: 10_000, Count: 50);

    private static readonly Reading<List<TimesReply>>[] OfEchoes =
    [
        new("echoes.10k.p50", "ms", Worse.Higher, "10,000 characters there and back, median", replies => replies.Milliseconds().Median)
            { Cause = "JSON and transport" },
        new("echoes.10k.p99", "ms", Worse.Higher, "the 99th percentile", replies => replies.Milliseconds().Quantile(0.99)),
    ];

    public override string Name => "Echoes";

    public override string Description => $"a text of 10,000 characters to one of {Workers} workers and back";

    public override bool IsSettled => true;

    public override IReadOnlyList<Reading> Readings => OfEchoes;

    public override async Task MeasureAsync(Round round)
    {
        await round.TogetherAsync(new StartSlot(Workers));
        await round.EachAsync(arm => round.RunAsync(arm, Echo)); // warms up the host and the workers
        await round.RecordAsync(Turns, Echo, OfEchoes);
    }
}
