using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Measurement.Samples;

namespace Snakepit.Benchmarks.Scenarios;

/// <summary>Two ways to make the vectors of the same texts, one just after the other.</summary>
/// <param name="Pool">The pool, with several callers.</param>
/// <param name="Beside">One Python process without the pool.</param>
internal sealed record ModelTurn(LoopReply Pool, EmbedBesideReply Beside)
{
    /// <summary>The CPU time of a text through the pool: of the .NET process and of the workers, in microseconds.</summary>
    public double CpuUs => Pool.HostCpuUs + Pool.WorkerCpuUs;

    /// <summary>Measures both ways on an arm (a host of one side).</summary>
    public static async Task<ModelTurn> RunAsync(Round round, Arm arm, EmbedSlot slot) =>
        new(await round.RunAsync(arm, slot), await round.RunAsync(arm, new EmbedBesideSlot(slot.Count)));
}

/// <summary>A use of a trained model, its slot, and its metric: how long a call of one caller takes, or the rate of several.</summary>
/// <param name="Name">The name of the use, in the name of the metric.</param>
/// <param name="Slot">The slot that uses the model.</param>
/// <param name="What">A description of the use.</param>
internal sealed record ModelUse(string Name, PredictSlot Slot, string What)
{
    /// <summary>The metric of the slot.</summary>
    public Reading<List<PredictReply>>[] Readings { get; } =
    [
        (Slot.Callers == 1
            ? new Reading<List<PredictReply>>($"models.predict.{Name}", "ms", Worse.Higher, $"{What}, median",
                replies => new Sample(replies.SelectMany(reply => reply.Milliseconds())).Median)
            : new Reading<List<PredictReply>>($"models.predict.{Name}", "texts/s", Worse.Lower, What, replies => replies.Rate()))
        with { Cause = "inference" },
    ];
}
