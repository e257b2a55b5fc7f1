using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Protocol;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Measurement.Claims;
using Snakepit.Measurement.Samples;

namespace Snakepit.Benchmarks.Studies;

/// <summary>
/// The document's "1000x": an adapter that fits a model for seconds before it can serve, started one worker after another, each with its own fit, and
/// all at once from a template that has fitted once.
/// </summary>
internal sealed class ThousandfoldStudy : Study
{
    private const int Few = 2; // one after another, really; a worker's share of it times the crowd is what the crowd would take
    private const int Starts = 3;
    private const int Promised = 64;
    private const double Factor = 1_000;

    private static readonly int[] Crowds = [16, Promised, 128];

    private static readonly (WorkerTransport Transport, double Seconds)[] Preparations = [(WorkerTransport.Grpc, 8), (WorkerTransport.Direct, 5)];

    public override string Name => "Thousandfold";

    public override string Description => $"workers of an adapter that prepares for seconds: one after another, and {string.Join(", ", Crowds)} at once from a warm template";

    public override int Rounds => 6;

    public override IReadOnlyList<Metric> Metrics { get; } =
    [
        .. Preparations.SelectMany(one => Crowds.SelectMany(crowd => new[]
        {
            new Metric(Key(one.Transport, $"{crowd}.at_once"), "ms", Worse.Higher, "from a warm template"),
            new Metric(Key(one.Transport, $"{crowd}.one_by_one"), "ms", Worse.Higher, $"one after another: the share of a worker of {Few}, times {crowd}"),
        })),
    ];

    public override IReadOnlyList<Claim> Claims { get; } =
    [
        .. Preparations.SelectMany(one => Crowds.Select(crowd => Claim.Beside(
            $"{one.Transport}, preparation of {one.Seconds} s: {crowd} workers at once, beside one by one",
            Key(one.Transport, $"{crowd}.at_once"),
            Key(one.Transport, $"{crowd}.one_by_one"),
            crowd == Promised ? Factor : null))),
    ];

    public override IReadOnlyList<string> Remarks { get; } =
    [
        $"The factor holds when preparation is what takes the time and is done before workers are wanted: the template has paid for it once, and a pool, or a replacement, pays for forks. One by one was measured with {Few} workers and multiplied; it is the way of a system that starts each worker by itself and waits for it. Starting a pool from nothing costs one preparation, and the factor is then the number of workers at most.",
    ];

    protected override async Task MeasureAsync(Round round, Arm arm)
    {
        foreach (var (transport, seconds) in Preparations)
        {
            await UseAsync(round, arm, transport);
            await round.RunAsync(arm, new SlotRequest(0, "preparation") { Amount = 0 });
            await round.RunAsync(arm, new SlotRequest(0, "start") { Workers = 2, Kind = "cold" }); // compiles what starts need
            await round.RunAsync(arm, new SlotRequest(0, "stop"));
            await round.RunAsync(arm, new SlotRequest(0, "preparation") { Amount = seconds });
            await round.InAnyOrderAsync(() => OneByOneAsync(round, arm, transport), () => AtOnceAsync(round, arm, transport));
        }
    }

    private static async Task OneByOneAsync(Round round, Arm arm, WorkerTransport transport)
    {
        var share = (await round.RunAsync(arm, new SlotRequest(0, "sequential") { Workers = Few }))["ms"] / Few;
        foreach (var crowd in Crowds)
        {
            round.Record(arm, Key(transport, $"{crowd}.one_by_one"), share * crowd);
        }
    }

    private static async Task AtOnceAsync(Round round, Arm arm, WorkerTransport transport)
    {
        await round.RunAsync(arm, new SlotRequest(0, "template") { Workers = Crowds[^1] });
        foreach (var crowd in Crowds)
        {
            var times = new List<double>();
            for (var i = 0; i < Starts; i++)
            {
                times.Add((await round.RunAsync(arm, new SlotRequest(0, "start") { Workers = crowd, Kind = "warm" }))["ms"]);
                await round.RunAsync(arm, new SlotRequest(0, "stop"));
            }

            round.Record(arm, Key(transport, $"{crowd}.at_once"), new Sample(times).Median);
        }
    }

    private static string Key(WorkerTransport transport, string key) => $"thousandfold.{KeyOf(transport)}.{key}";
}
