namespace Snakepit.Scheduling;

/// <summary>
/// Decides when a cancelled call may be interrupted at an arbitrary point of its code, and whether its worker is then replaced. An
/// interruption there may leave anything half done in the worker's process, for example a lock that is never released. So with
/// <see cref="AfterInterruption.ReplaceWorker"/>, no other call may run in that process then or later.
/// </summary>
/// <param name="after">What becomes of a worker in which a call was interrupted.</param>
/// <param name="capacity">The number of calls that each worker runs at the same time.</param>
internal sealed class InterruptionPolicy(AfterInterruption after, int capacity)
{
    /// <summary>Whether a worker in which a call was interrupted is replaced.</summary>
    public bool ReplacesWorker => after == AfterInterruption.ReplaceWorker;

    /// <summary>
    /// Whether every cancelled call may be interrupted at once: because it is alone in its worker, or because the worker is kept anyway.
    /// </summary>
    public bool InterruptsAtOnce => capacity == 1 || !ReplacesWorker;

    /// <summary>Decides whether a cancelled call may be interrupted now.</summary>
    /// <param name="lastCalls">
    /// The number of calls on the call's worker, if the worker takes no more calls; null if the worker takes calls.
    /// </param>
    /// <param name="cancelledCalls">How many of these calls are cancelled. To be counted after <paramref name="lastCalls"/>.</param>
    /// <param name="blocksOthers">Whether the call keeps other calls of the worker from going on.</param>
    public Interruption Decide(int? lastCalls, int cancelledCalls, bool blocksOthers) =>
        InterruptsAtOnce ? Interruption.Allowed
        : lastCalls is null ? Interruption.NotYet
        : cancelledCalls >= lastCalls || blocksOthers ? Interruption.Allowed
        : Interruption.Postponed;
}

/// <summary>Whether a cancelled call may be interrupted at an arbitrary point of its code.</summary>
internal enum Interruption
{
    /// <summary>The worker takes other calls, so the call can end at a safe point only.</summary>
    NotYet,

    /// <summary>The worker takes no more calls, and the call may be interrupted when the worker's other calls have ended.</summary>
    Postponed,

    /// <summary>The call may be interrupted now.</summary>
    Allowed,
}
