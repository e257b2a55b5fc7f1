using System.Collections.Concurrent;
using System.Diagnostics;
using Snakepit.Benchmarks.Host.Meters;
using Snakepit.Benchmarks.Host.Models;
using Snakepit.Benchmarks.Protocol;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Measurement.Load;

namespace Snakepit.Benchmarks.Host.Slots;

/// <summary>Runs the slots that make vectors of texts, and that train and use a model. Each fails if a result is wrong.</summary>
internal static class ModelHandlers
{
    public static async Task<TrainedModelReply> TrainAsync(HostState state, TrainModelSlot slot)
    {
        var model = await LanguageModel.TrainAsync(state.Pool, await CorpusOfAsync(state));
        state.Keep(model);
        return new TrainedModelReply { Ms = model.TrainedIn.TotalMilliseconds, Right = model.Right };
    }

    public static async Task<LoopReply> EmbedAsync(HostState state, EmbedSlot slot)
    {
        var (corpus, workers, next) = (await CorpusOfAsync(state), LoadHandlers.WorkersOf(state.Pool), -1);
        var before = ProcessCost.Before(workers, state.Pool);
        var result = await ClosedLoop.RunAsync(slot.Callers, slot.Count, async () =>
        {
            var text = corpus.TextAt(Interlocked.Increment(ref next));
            corpus.RequireVector(text, await state.Pool.ExecuteAsync<float[]>("create_embedding", new { text }));
        });
        var cost = ProcessCost.After(workers, state.Pool);
        LoadHandlers.ThrowIfAny(result.Errors, result.FirstError);
        return cost.PerCallSince<LoopReply>(before, result.Calls) with { Rate = result.Rate, Calls = result.Calls };
    }

    public static async Task<EmbedBesideReply> EmbedBesideAsync(HostState state, EmbedBesideSlot slot)
    {
        var (seconds, cpu) = await (await CorpusOfAsync(state)).EmbedBesideAsync(slot.Count);
        return new EmbedBesideReply { Rate = slot.Count / seconds, Calls = slot.Count, CpuUs = cpu * 1e6 / slot.Count };
    }

    public static async Task<PredictReply> PredictAsync(HostState state, PredictSlot slot)
    {
        var (model, next, times) = (ModelOf(state), -1, new ConcurrentQueue<double>());
        var result = await ClosedLoop.RunAsync(slot.Callers, slot.Count, async () =>
        {
            var batch = model.BatchOf(Interlocked.Increment(ref next), slot.Size);
            var start = Stopwatch.GetTimestamp();
            var came = await state.Pool.ExecuteAsync<LanguageModel.Predictions>("predict_batch_with_embeddings", batch);
            times.Enqueue(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            model.RequireRight(batch, came);
        });
        LoadHandlers.ThrowIfAny(result.Errors, result.FirstError);
        return new PredictReply
        {
            Rate = result.Rate * slot.Size,
            Calls = result.Calls * slot.Size,
            Samples = SingleCaller.Microseconds(times.Order()),
        };
    }

    /// <summary>
    /// Returns the sample texts. The first request gets them from a worker, and starts the process that makes their vectors without a pool.
    /// </summary>
    private static async Task<Corpus> CorpusOfAsync(HostState state) =>
        state.Kept<Corpus>() ?? state.Keep(await Corpus.LoadAsync(state.Pool));

    private static LanguageModel ModelOf(HostState state) => state.Kept<LanguageModel>()
        ?? throw new InvalidOperationException($"No model was trained: ask for the slot '{Slot.NameOf(typeof(TrainModelSlot))}' first.");
}
