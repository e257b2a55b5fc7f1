using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Benchmarks.Scenarios;
using Snakepit.Measurement.Claims;
using Snakepit.Measurement.Samples;

namespace Snakepit.Benchmarks.Studies;

/// <summary>
/// Tests whether workers of an adapter that needs seconds for its preparation can start a thousand times faster. It compares workers that
/// start one after another, each with its own preparation, with workers that start all at once from a template that has done the
/// preparation once.
/// </summary>
internal sealed class ThousandfoldStudy : Study
{
    // The number of workers that are really started one after another. The time for more workers is calculated from the time that these
    // workers take.
    private const int Few = 2;
    private const int Starts = 3;
    private const int Promised = 64;
    private const double Factor = 1_000;

    private static readonly int[] Crowds = [16, Promised, 128];

    private static readonly (WorkerTransport Transport, double Seconds)[] Preparations =
        [(WorkerTransport.Grpc, 8), (WorkerTransport.Direct, 5)];

    public override string Name => "Thousandfold";

    public override string Description =>
        $"workers of an adapter that prepares for seconds: one after another, and {string.Join(", ", Crowds)} at once from a warm template";

    public override int Rounds => FewestRounds;

    public override IReadOnlyList<Reading> Readings { get; } =
    [
        .. Preparations.SelectMany(one => Crowds.SelectMany(
            crowd => new Reading[] { AtOnce(one.Transport, crowd), OneByOne(one.Transport, crowd) })),
    ];

    public override IReadOnlyList<Claim> Claims { get; } =
    [
        .. Preparations.SelectMany(one => Crowds.Select(crowd => Claim.Beside(
            $"{one.Transport}, preparation of {one.Seconds} s: {crowd} workers at once, beside one by one",
            AtOnce(one.Transport, crowd).Key,
            OneByOne(one.Transport, crowd).Key,
            crowd == Promised ? Factor : null))),
    ];

    public override IReadOnlyList<string> Remarks { get; } =
    [
        "The factor holds when the preparation takes most of the time and is done before workers are wanted: the template has paid for it "
        + "once, and a pool, or a replacement of a worker, pays for forks only. "
        + $"One by one was measured with {Few} workers and multiplied; it stands for a system that starts each worker by itself and waits. "
        + "Starting a pool from nothing costs one preparation, and the factor is then the number of workers at most.",
    ];

    protected override async Task MeasureAsync(Round round, Arm arm)
    {
        foreach (var (transport, seconds) in Preparations)
        {
            await UseAsync(round, arm, transport);
            await round.RunAsync(arm, new PreparationSlot(Seconds: 0));
            await round.RunAsync(arm, new StartSlot(Workers: 2)); // compiles methods that later starts need
            await round.RunAsync(arm, new StopSlot());
            await round.RunAsync(arm, new PreparationSlot(seconds));
            await round.InAnyOrderAsync(() => OneByOneAsync(round, arm, transport), () => AtOnceAsync(round, arm, transport));
        }
    }

    private static async Task OneByOneAsync(Round round, Arm arm, WorkerTransport transport)
    {
        var reply = await round.RunAsync(arm, new SequentialStartsSlot(Few));
        round.Record(arm, Crowds.Select(crowd => OneByOne(transport, crowd)), reply);
    }

    private static async Task AtOnceAsync(Round round, Arm arm, WorkerTransport transport)
    {
        await round.RunAsync(arm, new TemplateSlot(Crowds[^1]));
        foreach (var crowd in Crowds)
        {
            var starts = new List<PoolStart>();
            while (starts.Count < Starts)
            {
                starts.Add(await PoolStart.RunAsync(round, arm, new StartSlot(crowd, StartKind.Warm)));
            }

            round.Record(arm, [AtOnce(transport, crowd)], starts);
        }
    }

    private static Reading<List<PoolStart>> AtOnce(WorkerTransport transport, int crowd) => new(
        $"thousandfold.{KeyOf(transport)}.{crowd}.at_once", "ms", Worse.Higher, "from a warm template",
        starts => starts.Sample(start => start.Ms).Median);

    private static Reading<DurationReply> OneByOne(WorkerTransport transport, int crowd) => new(
        $"thousandfold.{KeyOf(transport)}.{crowd}.one_by_one", "ms", Worse.Higher,
        $"one after another: the share of a worker of {Few}, times {crowd}", reply => reply.Ms / Few * crowd);
}
