namespace Snakepit.Benchmarks.Protocol.Slots;

/// <summary>
/// Starts a pool from the running template, kills its workers in the middle of calls, one after another, and measures how soon the next
/// call succeeds and how soon all workers are idle again. Fails if the pool has not replaced exactly the workers that were killed.
/// </summary>
/// <param name="Workers">The number of workers.</param>
/// <param name="Kills">
/// The number of workers that are killed; at most as many as the pool has, because a pool delays the replacement of more workers that die
/// soon after their start.
/// </param>
[SlotName("restarts.kills")]
internal sealed record WorkerKillsSlot(int Workers, int Kills) : Slot<RestartTimesReply>;

/// <summary>
/// Starts a pool, kills its template with SIGKILL, with which the workers end too, and measures how soon the next call succeeds and how
/// soon all workers are idle again. Fails if the pool has not replaced exactly its workers, or forks from no other template.
/// </summary>
/// <param name="Workers">The number of workers.</param>
[SlotName("restarts.template")]
internal sealed record TemplateKillSlot(int Workers) : Slot<RestartTimesReply>;

/// <summary>A reply that says how soon a pool works again, as medians if several workers were killed.</summary>
internal sealed record RestartTimesReply : Reply
{
    /// <summary>The time from the kill to the result of the next call that succeeds, in milliseconds.</summary>
    public double NextCallMs { get => Get(); init => Set(value); }

    /// <summary>The time from the kill until all workers were idle again, in milliseconds.</summary>
    public double CompleteMs { get => Get(); init => Set(value); }
}

/// <summary>
/// Starts a pool from the running template, and makes calls of which some end their workers, in a drawn order. Counts the calls that
/// succeed and the workers that are replaced. Fails if any other call is lost, or if another number of workers is replaced.
/// </summary>
/// <param name="Workers">The number of workers, which is also the number of callers.</param>
/// <param name="Calls">The number of calls.</param>
/// <param name="Crashes">The number of calls among them that end their workers.</param>
/// <param name="Seed">The seed of the order.</param>
[SlotName("restarts.schedule")]
internal sealed record CrashScheduleSlot(int Workers, int Calls, int Crashes, int Seed = 0) : Slot<CrashScheduleReply>;

/// <summary>A reply that says what has become of calls and workers when some workers crashed.</summary>
internal sealed record CrashScheduleReply : Reply
{
    /// <summary>The number of calls that have succeeded.</summary>
    public double Completed { get => Get(); init => Set(value); }

    /// <summary>The number of workers that were replaced.</summary>
    public double Restarts { get => Get(); init => Set(value); }
}
