using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Measurement.Samples;

namespace Snakepit.Benchmarks.Scenarios;

/// <summary>Rates at which vectors of the same texts were made, one just after the other.</summary>
/// <param name="Beside">One Python process without the pool.</param>
/// <param name="One">The pool, with one caller.</param>
/// <param name="All">The pool, with as many callers as the slot has.</param>
internal sealed record ModelTurn(RateReply Beside, RateReply One, RateReply All)
{
    /// <summary>Measures all rates on an arm (a host of one side).</summary>
    public static async Task<ModelTurn> RunAsync(Round round, Arm arm, EmbedSlot slot) => new(
        await round.RunAsync(arm, new EmbedBesideSlot(slot.Count)),
        await round.RunAsync(arm, slot with { Callers = 1 }),
        await round.RunAsync(arm, slot));
}

/// <summary>A use of a trained model, the slot that measures it, and its metric: how long one caller waits, or the rate of several.</summary>
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
