namespace Snakepit.Benchmarks.Protocol.Slots;

/// <summary>The number and the rate of calls, or of the chunks of a stream, that a slot measured.</summary>
internal interface IRate
{
    /// <summary>The number of calls, or chunks, per second.</summary>
    double Rate { get; }

    /// <summary>The number of calls, or chunks.</summary>
    double Calls { get; }
}

/// <summary>A reply that contains the number and the rate of calls.</summary>
internal sealed record RateReply : Reply, IRate
{
    public double Rate { get => Get(); init => Set(value); }

    public double Calls { get => Get(); init => Set(value); }
}

/// <summary>A reply whose samples are the durations of the calls, in microseconds, the shortest first.</summary>
internal sealed record TimesReply : Reply;

/// <summary>A reply that contains the rate of a loop of calls, and what each call cost.</summary>
internal sealed record LoopReply : CostReply, IRate
{
    public double Rate { get => Get(); init => Set(value); }

    public double Calls { get => Get(); init => Set(value); }
}

/// <summary>
/// A reply to an open loop. Its samples are the time from the intended start of each call to its end, in microseconds and in the order of
/// the schedule. It also contains the mean cost of a call, such as its CPU time.
/// </summary>
internal sealed record OpenLoopReply : CostReply
{
    /// <summary>The 99th percentile of the delay with which the load generator itself started calls, in milliseconds.</summary>
    public double LatenessP99Ms { get => Get(); init => Set(value); }
}

/// <summary>A reply that says how soon the loss of a worker was noticed and the worker replaced, as medians of several losses.</summary>
internal sealed record RecoveryReply : Reply
{
    /// <summary>Time from the kill of a worker until its call failed, in milliseconds.</summary>
    public double NoticedMs { get => Get(); init => Set(value); }

    /// <summary>Time from the kill of a worker until all workers, including its replacement, were idle again, in milliseconds.</summary>
    public double ReplacedMs { get => Get(); init => Set(value); }
}
