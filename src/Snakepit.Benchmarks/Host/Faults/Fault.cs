using System.Diagnostics;
using System.Globalization;
using Snakepit.Benchmarks.Protocol;

namespace Snakepit.Benchmarks.Host.Faults;

/// <summary>
/// A fault that a validation injects on purpose, into one arm, to see that the gate finds it. Faults are made here and in <c>faulty_showcase.py</c>;
/// the product knows nothing of them.
/// </summary>
/// <param name="Kind">What goes wrong.</param>
/// <param name="Amount">How much, in the kind's unit.</param>
internal sealed record Fault(FaultKind Kind, double Amount)
{
    private static readonly SemaphoreSlim OneAtATime = new(1);

    /// <summary>Nothing goes wrong.</summary>
    public static Fault None { get; } = new(FaultKind.None, 0);

    /// <summary>The request that injects it.</summary>
    public SlotRequest ToRequest() => new(0, "fault") { Kind = Kind.ToString(), Amount = Amount };

    /// <summary>How many workers are really started where <paramref name="asked"/> are asked for.</summary>
    public int WorkersOf(int asked) => Kind == FaultKind.MissingWorker ? asked - 1 : asked;

    /// <summary>Options whose workers have the fault, if it is one of theirs.</summary>
    public SnakepitOptions Of(SnakepitOptions options) => Kind is FaultKind.Service or FaultKind.Tail or FaultKind.Startup
        ? options with
        {
            Adapter = "faulty_showcase:FaultyShowcase",
            ModulePaths = [Path.Combine(AppContext.BaseDirectory, "adapters")],
            EnvironmentVariables = new Dictionary<string, string>
            {
                ["SNAKEPIT_FAULT"] = Kind.ToString(),
                ["SNAKEPIT_FAULT_AMOUNT"] = Amount.ToString(CultureInfo.InvariantCulture),
            },
        }
        : options;

    /// <summary>A ping, with the fault if it is one of the caller's side.</summary>
    public Task CallAsync(SnakepitPool pool)
    {
        switch (Kind)
        {
            case FaultKind.Serialisation:
                var start = Stopwatch.GetTimestamp();
                while (Stopwatch.GetElapsedTime(start).TotalMicroseconds < Amount)
                {
                    Thread.SpinWait(10);
                }

                break;
            case FaultKind.Allocations:
                GC.KeepAlive(GC.AllocateUninitializedArray<byte>((int)Amount));
                break;
            case FaultKind.Lock:
                return LockedAsync(pool);
            default:
                break;
        }

        return pool.ExecuteAsync("ping");
    }

    private static async Task LockedAsync(SnakepitPool pool)
    {
        await OneAtATime.WaitAsync();
        try
        {
            await pool.ExecuteAsync("ping");
        }
        finally
        {
            OneAtATime.Release();
        }
    }
}

/// <summary>What can go wrong on purpose, and the unit of its amount.</summary>
internal enum FaultKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Every ping burns so many microseconds in the worker.</summary>
    Service,

    /// <summary>One ping in a hundred sleeps so many milliseconds in the worker.</summary>
    Tail,

    /// <summary>The adapter's preparation burns so many milliseconds.</summary>
    Startup,

    /// <summary>Every call burns so many microseconds in the caller's process.</summary>
    Serialisation,

    /// <summary>Every call allocates so many bytes more.</summary>
    Allocations,

    /// <summary>All calls take one lock; the amount means nothing.</summary>
    Lock,

    /// <summary>A pool has one worker less than it was asked for; the amount means nothing.</summary>
    MissingWorker,
}
