using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Protocol.Slots;

namespace Snakepit.Benchmarks.Validation.Trials;

/// <summary>Measures what a call of the tool <c>ping</c> costs while all processors are busy.</summary>
internal static class CallCost
{
    private const int Workers = 8;
    private const int Callers = 20;

    /// <summary>
    /// Returns the CPU time of a call in the host and the workers, in microseconds. While all processors are busy, CPU time limits the rate
    /// of calls.
    /// </summary>
    public static async Task<double> MicrosecondsAsync(Arm arm, CancellationToken cancellationToken)
    {
        var calls = await CallAsync(arm, cancellationToken);
        return calls.HostCpuUs + calls.WorkerCpuUs;
    }

    /// <summary>Returns the number of bytes that the host process allocates for a call.</summary>
    public static async Task<double> BytesAsync(Arm arm, CancellationToken cancellationToken) =>
        (await CallAsync(arm, cancellationToken)).Bytes;

    private static async Task<LoopReply> CallAsync(Arm arm, CancellationToken cancellationToken)
    {
        await arm.RunAsync(new StartSlot(Workers), cancellationToken);
        await arm.RunAsync(new ClosedLoopSlot(Workers, Milliseconds: 1_000), cancellationToken); // warms up
        return await arm.RunAsync(new ClosedLoopSlot(Callers, Milliseconds: 2_000), cancellationToken);
    }
}
