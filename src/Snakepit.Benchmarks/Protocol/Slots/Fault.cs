namespace Snakepit.Benchmarks.Protocol.Slots;

/// <summary>
/// A fault that a validation injects into the candidate to see that the gate finds it. As a slot it injects the fault into everything that the host
/// starts and calls from then on.
/// </summary>
/// <param name="Kind">What goes wrong.</param>
/// <param name="Amount">How much, in the unit of the kind.</param>
[SlotName("fault")]
internal sealed record Fault(FaultKind Kind, double Amount = 0) : Slot<EmptyReply>
{
    /// <summary>Nothing goes wrong.</summary>
    public static Fault None { get; } = new(FaultKind.None);
}

/// <summary>What can go wrong on purpose, and the unit of its amount.</summary>
internal enum FaultKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Every ping uses that many microseconds of CPU time in the worker.</summary>
    Service,

    /// <summary>One ping in a hundred sleeps that many milliseconds in the worker.</summary>
    Tail,

    /// <summary>The adapter's preparation uses that many milliseconds of CPU time.</summary>
    Startup,

    /// <summary>Every call uses that many microseconds of CPU time in the caller's process.</summary>
    Serialisation,

    /// <summary>Every call allocates that many bytes more.</summary>
    Allocations,

    /// <summary>All calls take the same lock. The amount means nothing.</summary>
    Lock,

    /// <summary>A pool is started with one worker less than was asked for. The amount means nothing.</summary>
    MissingWorker,
}
