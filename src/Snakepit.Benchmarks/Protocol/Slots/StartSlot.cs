using System.Text.Json.Serialization;

namespace Snakepit.Benchmarks.Protocol.Slots;

/// <summary>Starts a pool, and measures from the call until every worker has answered a ping.</summary>
/// <param name="Workers">How many workers.</param>
/// <param name="Kind">Where the workers come from.</param>
[SlotName("start")]
internal sealed record StartSlot(int Workers, StartKind Kind = StartKind.Cold) : Slot<StartReply>;

/// <summary>Where the workers of a started pool come from.</summary>
internal enum StartKind
{
    /// <summary>The pool starts a template first and forks its workers from it.</summary>
    [JsonStringEnumMemberName("cold")]
    Cold,

    /// <summary>Workers are forked from the template that the host has running.</summary>
    [JsonStringEnumMemberName("warm")]
    Warm,
}

/// <summary>
/// How long a start took, what it cost, and where its time went. A phase is the median of the workers; phases of workers overlap.
/// </summary>
internal sealed record StartReply : Reply
{
    /// <summary>Milliseconds of the whole start.</summary>
    public double Ms { get => Get(); init => Set(value); }

    /// <summary>CPU time of host, template and workers, milliseconds.</summary>
    public double CpuMs { get => Get(); init => Set(value); }

    /// <summary>How many processes were started: the template, if there is a new one, and the workers.</summary>
    public double Processes { get => Get(); init => Set(value); }

    /// <summary>The template's interpreter boots.</summary>
    public double InterpreterMs { get => Get(); init => Set(value); }

    /// <summary>The template imports and prepares the adapter.</summary>
    public double PreparationMs { get => Get(); init => Set(value); }

    /// <summary>A worker is forked and connects.</summary>
    public double ForkMs { get => Get(); init => Set(value); }

    /// <summary>A worker opens its socket.</summary>
    public double ListenMs { get => Get(); init => Set(value); }

    /// <summary>The pool connects to a worker and gets its first answer.</summary>
    public double FirstCallMs { get => Get(); init => Set(value); }

    /// <summary>Milliseconds of a step of the start.</summary>
    public double StepMs(StartStep step) => Get(step.ValueName);

    /// <summary>The same reply with the milliseconds of a step.</summary>
    public StartReply WithStep(StartStep step, double milliseconds) => this with { Values = Values.SetItem(step.ValueName, milliseconds) };
}
