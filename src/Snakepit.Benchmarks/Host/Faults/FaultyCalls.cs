using System.Diagnostics;
using System.Globalization;
using Snakepit.Benchmarks.Protocol.Slots;

namespace Snakepit.Benchmarks.Host.Faults;

/// <summary>
/// How a host commits a <see cref="Fault"/>. Faults of the caller's side are committed here, faults of the worker's side by the adapter
/// <c>faulty_showcase.py</c>; the product knows nothing of them.
/// </summary>
internal static class FaultyCalls
{
    private static readonly SemaphoreSlim OneAtATime = new(1);

    /// <summary>How many workers are really started where <paramref name="asked"/> are asked for.</summary>
    public static int WorkersOf(this Fault fault, int asked) => fault.Kind == FaultKind.MissingWorker ? asked - 1 : asked;

    /// <summary>The options with an adapter that commits the fault, if it is one of the worker's side.</summary>
    public static SnakepitOptions Of(this Fault fault, SnakepitOptions options) =>
        fault.Kind is FaultKind.Service or FaultKind.Tail or FaultKind.Startup
            ? options with
            {
                Adapter = "faulty_showcase:FaultyShowcase",
                ModulePaths = [Path.Combine(AppContext.BaseDirectory, "adapters")],
                EnvironmentVariables = new Dictionary<string, string>
                {
                    ["SNAKEPIT_FAULT"] = fault.Kind.ToString(),
                    ["SNAKEPIT_FAULT_AMOUNT"] = fault.Amount.ToString(CultureInfo.InvariantCulture),
                },
            }
            : options;

    /// <summary>A ping that commits the fault, if it is one of the caller's side.</summary>
    public static Task PingAsync(this Fault fault, SnakepitPool pool)
    {
        switch (fault.Kind)
        {
            case FaultKind.Serialisation:
                var start = Stopwatch.GetTimestamp();
                while (Stopwatch.GetElapsedTime(start).TotalMicroseconds < fault.Amount)
                {
                    Thread.SpinWait(10);
                }

                break;
            case FaultKind.Allocations:
                GC.KeepAlive(GC.AllocateUninitializedArray<byte>((int)fault.Amount));
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
