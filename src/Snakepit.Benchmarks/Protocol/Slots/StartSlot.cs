using System.Text.Json.Serialization;

namespace Snakepit.Benchmarks.Protocol.Slots;

/// <summary>Starts a pool, and measures the time from the request until every worker has answered a ping.</summary>
/// <param name="Workers">The number of workers.</param>
/// <param name="Kind">Whether the pool starts its own template or uses the running one.</param>
[SlotName("start")]
internal sealed record StartSlot(int Workers, StartKind Kind = StartKind.Cold) : Slot<StartReply>;

/// <summary>
/// Where the workers of a started pool are forked from. A template is a process that has imported the adapter; workers are forked from it.
/// </summary>
internal enum StartKind
{
    /// <summary>The pool first starts its own template and then forks its workers from it.</summary>
    [JsonStringEnumMemberName("cold")]
    Cold,

    /// <summary>The pool forks its workers from the template that already runs in the host.</summary>
    [JsonStringEnumMemberName("warm")]
    Warm,
}

/// <summary>
/// A reply that says how long the start of a pool took, what it cost, and where its time went. A phase of workers is the median of all
/// workers, and the phases of different workers overlap.
/// </summary>
internal sealed record StartReply : Reply
{
    /// <summary>Duration of the whole start, in milliseconds.</summary>
    public double Ms { get => Get(); init => Set(value); }

    /// <summary>CPU time of the host, the template and the workers together, in milliseconds.</summary>
    public double CpuMs { get => Get(); init => Set(value); }

    /// <summary>Number of processes that were started: the workers, and the template if the pool started one.</summary>
    public double Processes { get => Get(); init => Set(value); }

    /// <summary>Duration of the boot of the template's Python interpreter, in milliseconds; 0 for a warm start.</summary>
    public double InterpreterMs { get => Get(); init => Set(value); }

    /// <summary>Duration of the import and the preparation of the adapter in the template, in milliseconds; 0 for a warm start.</summary>
    public double PreparationMs { get => Get(); init => Set(value); }

    /// <summary>Time until a worker is forked and has connected to the pool, in milliseconds.</summary>
    public double ForkMs { get => Get(); init => Set(value); }

    /// <summary>Time that a worker needs to open its socket for calls, in milliseconds.</summary>
    public double ListenMs { get => Get(); init => Set(value); }

    /// <summary>Time that the pool needs to connect to a worker and receive its first answer, in milliseconds.</summary>
    public double FirstCallMs { get => Get(); init => Set(value); }

    /// <summary>Returns the duration of a step of the start, in milliseconds.</summary>
    public double StepMs(StartStep step) => Get(step.ValueName);

    /// <summary>Returns a copy of the reply that also has the duration of a step, in milliseconds.</summary>
    public StartReply WithStep(StartStep step, double milliseconds) => this with { Values = Values.SetItem(step.ValueName, milliseconds) };
}
