using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Measurement.Samples;

namespace Snakepit.Benchmarks.Scenarios;

/// <summary>
/// Measures work that users do: vectors of texts, and a small model that is trained on real texts and then used. If it gets worse, the
/// pool has become slower or dearer for tools that compute, and not only for those that do nothing.
/// </summary>
internal sealed class ModelsScenario : Scenario
{
    private const int Workers = 2, Callers = 2 * Workers, EmbedTurns = 6, PredictTurns = 5, TrainTurns = 4, RareTurns = 2;

    // How many workers pay off depends on the number of processors, so this is only told.
    private static readonly int[] OtherWorkers = [1, 4, 8];

    private static readonly EmbedSlot Embed = new(Callers, Count: 80);

    private static readonly Reading<List<TrainedModelReply>>[] OfTraining =
    [
        new("models.train", "ms", Worse.Higher, "20 epochs, streamed, better half of the slots",
            replies => replies.Sample(reply => reply.Ms).LowerHalfMean) { Cause = "training" },

        // Judged values must be positive, so the right answers are counted. If there are too few of them, the slot fails.
        new("models.predict.right", "texts", Worse.Lower, "that the model has not learned from, and whose languages it tells",
            replies => replies.Min(reply => reply.Right)) { Cause = "training" },
    ];

    private static readonly Reading<List<ModelTurn>>[] OfEmbedding =
    [
        new("models.embed.rate", "texts/s", Worse.Lower, $"vectors of texts, {Workers} workers, {Callers} callers",
            turns => turns.ConvertAll(turn => turn.Pool).Rate()) { Cause = "vectors" },
        new("models.embed.gain", "x", Worse.Lower, $"rate of {Workers} workers / of one process without the pool, median of the turns",
            turns => turns.Sample(turn => turn.Pool.Rate / turn.Beside.Rate).Median) { Cause = "vectors" },
        new("models.embed.cpu", "µs/text", Worse.Higher, "CPU of the .NET process and the workers, better half of the slots",
            turns => turns.Sample(turn => turn.CpuUs).LowerHalfMean) { Cause = "the cost of a call" },
        new("models.embed.overhead", "x", Worse.Higher, "the same / CPU of one process without the pool, median of the turns",
            turns => turns.Sample(turn => turn.CpuUs / turn.Beside.CpuUs).Median) { Cause = "the cost of a call" },
    ];

    private static readonly ModelUse[] Uses =
    [
        new("1.p50", new PredictSlot(Size: 1, Callers: 1, Count: 56), "the language of one text"),
        new("8.p50", new PredictSlot(Size: 8, Callers: 1, Count: 14), "the languages of 8 texts"),
        new("64.p50", new PredictSlot(Size: 64, Callers: 1, Count: 3), "the languages of 64 texts"),
        new("64.rate", new PredictSlot(Size: 64, Callers, Count: 8), $"64 texts a call, {Workers} workers, {Callers} callers"),
    ];

    private static readonly Reading<List<LoopReply>>[] OfOtherWorkers =
    [
        .. OtherWorkers.Select(workers => new Reading<List<LoopReply>>(
            $"models.embed.rate.{workers}", "texts/s", Worse.Lower, $"the same, {workers} workers", replies => replies.Rate())),
    ];

    public override string Name => "Models";

    public override string Description => $"vectors of texts, a model that is trained and used, {Workers} workers beside one process";

    public override bool IsSettled => true;

    public override IReadOnlyList<string> Modules => ["numpy"];

    public override IReadOnlyList<Reading> Readings { get; } =
        [.. OfTraining, .. OfEmbedding, .. Uses.SelectMany(use => use.Readings), .. OfOtherWorkers];

    public override async Task MeasureAsync(Round round)
    {
        await round.EachAsync(arm => round.RunAsync(arm, new ArrayToolsSlot()));
        await StartAsync(round, Workers);
        await round.RecordAsync(round.Wants(OfTraining) ? TrainTurns : 1, new TrainModelSlot(), OfTraining);
        foreach (var use in Uses.Where(use => round.Wants(use.Readings)))
        {
            await round.EachAsync(arm => round.RunAsync(arm, use.Slot)); // warms up the host and the workers
        }

        await round.InAnyOrderAsync(
        [
            () => round.Wants(OfEmbedding)
                ? round.RecordAsync(EmbedTurns, arm => ModelTurn.RunAsync(round, arm, Embed), OfEmbedding)
                : Task.CompletedTask,
            .. Uses.Where(use => round.Wants(use.Readings)).Select<ModelUse, Func<Task>>(
                use => () => round.RecordAsync(PredictTurns, use.Slot, use.Readings)),
        ]);
        foreach (var (workers, reading) in OtherWorkers.Zip(OfOtherWorkers).Where(pair => round.IsRare && round.Wants(pair.Second)))
        {
            await round.EachAsync(arm => round.RunAsync(arm, new StopSlot()));
            await StartAsync(round, workers);
            await round.RecordAsync(RareTurns, Embed with { Callers = 2 * workers }, [reading]);
        }
    }

    private static async Task StartAsync(Round round, int workers)
    {
        await round.TogetherAsync(new StartSlot(workers));
        await round.EachAsync(arm => round.RunAsync(arm, Embed with { Callers = 2 * workers })); // warms up the host and the workers
    }
}
