namespace Snakepit.Benchmarks.Protocol.Slots;

/// <summary>
/// Trains a model in a worker to tell the language of a text, and judges it by texts that it has not learned from. The host keeps the
/// model. It fails if the model is too often wrong. Needs the adapter of <see cref="ArrayToolsSlot"/>.
/// </summary>
[SlotName("model.train")]
internal sealed record TrainModelSlot : Slot<TrainedModelReply>;

/// <summary>A reply that says how long a model was trained, and how good it is.</summary>
internal sealed record TrainedModelReply : Reply
{
    /// <summary>How long the training took, in milliseconds.</summary>
    public double Ms { get => Get(); init => Set(value); }

    /// <summary>The number of texts that the model has not learned from and whose languages it tells.</summary>
    public double Right { get => Get(); init => Set(value); }
}

/// <summary>
/// Has workers make vectors of texts, one text a call. It fails if a vector is not the one that a process without a pool makes. Needs the
/// adapter of <see cref="ArrayToolsSlot"/>.
/// </summary>
/// <param name="Callers">The number of callers that make calls at the same time.</param>
/// <param name="Count">The number of texts, which is the number of calls of all callers together.</param>
[SlotName("model.embed")]
internal sealed record EmbedSlot(int Callers, int Count) : Slot<LoopReply>;

/// <summary>Has one Python process without a pool make the vectors of the same texts, all at once.</summary>
/// <param name="Count">The number of texts.</param>
[SlotName("model.embed.beside")]
internal sealed record EmbedBesideSlot(int Count) : Slot<EmbedBesideReply>;

/// <summary>A reply that contains the number and the rate of texts, and what a text cost.</summary>
internal sealed record EmbedBesideReply : Reply, IRate
{
    public double Rate { get => Get(); init => Set(value); }

    public double Calls { get => Get(); init => Set(value); }

    /// <summary>CPU time of the process, in microseconds per text.</summary>
    public double CpuUs { get => Get(); init => Set(value); }
}

/// <summary>
/// Has workers tell the languages of texts with the model that <see cref="TrainModelSlot"/> has trained. It fails if a language or a vector
/// is another one than just after the training. Its rate counts texts, and its samples are the durations of calls.
/// </summary>
/// <param name="Size">The number of texts in a call.</param>
/// <param name="Callers">The number of callers that make calls at the same time.</param>
/// <param name="Count">The number of calls of all callers together.</param>
[SlotName("model.predict")]
internal sealed record PredictSlot(int Size, int Callers, int Count) : Slot<PredictReply>;

/// <summary>
/// A reply that contains the number and the rate of texts. Its samples are the durations of the calls, in microseconds, the shortest first.
/// </summary>
internal sealed record PredictReply : Reply, IRate
{
    public double Rate { get => Get(); init => Set(value); }

    public double Calls { get => Get(); init => Set(value); }
}
