using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Protocol.Slots;

namespace Snakepit.Benchmarks.Validation.Trials;

/// <summary>What a ping costs while all processors are busy.</summary>
internal static class CallCost
{
    private const int Workers = 8;
    private const int Callers = 20;

    /// <summary>CPU time in the host and the workers, which is the time that a ping takes while all processors are busy.</summary>
    public static async Task<double> MicrosecondsAsync(Arm arm, CancellationToken cancellationToken)
    {
        var calls = await CallAsync(arm, cancellationToken);
        return calls.HostCpuUs + calls.WorkerCpuUs;
    }

    /// <summary>Bytes that the host allocates.</summary>
    public static async Task<double> BytesAsync(Arm arm, CancellationToken cancellationToken) =>
        (await CallAsync(arm, cancellationToken)).Bytes;

    private static async Task<LoopReply> CallAsync(Arm arm, CancellationToken cancellationToken)
    {
        await arm.RunAsync(new StartSlot(Workers), cancellationToken);
        await arm.RunAsync(new ClosedLoopSlot(Workers, Milliseconds: 1_000), cancellationToken); // warms up
        return await arm.RunAsync(new ClosedLoopSlot(Callers, Milliseconds: 2_000), cancellationToken);
    }
}
