using Snakepit.Processes;
using Snakepit.Protocol.V1;
using Snakepit.Scheduling;
using Snakepit.Threading;

namespace Snakepit.Protocol;

/// <summary>Cancels calls of one worker in Python.</summary>
/// <param name="transport">The stream to the worker.</param>
/// <param name="control">The worker's control channel.</param>
/// <param name="calls">The calls that the worker runs.</param>
/// <param name="supervisor">Decides when a call may be interrupted.</param>
/// <param name="time">The clock for the grace and for repeated cancellations.</param>
internal sealed class CallCanceller(
    ITransport transport, ControlConnection control, RunningCalls calls, ICallSupervisor supervisor, TimeProvider time)
{
    // The interval at which a cancellation is repeated until the call ends. A single cancellation may have no effect, because it may arrive
    // before the call that it cancels, or the tool may catch and ignore the exception that the cancellation raises in it.
    internal static readonly TimeSpan CancelRepeat = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// Cancels a call for which no caller waits any more, repeatedly until the worker answers. The call ends at a safe point, or is
    /// interrupted at an arbitrary point when the supervisor allows that.
    /// </summary>
    /// <param name="call">The call to cancel.</param>
    /// <param name="grace">The time that the worker may take. It starts anew while the supervisor postpones the interruption.</param>
    /// <returns>Returns false if the worker has not answered within <paramref name="grace"/>.</returns>
    public async Task<bool> CancelAsync(PendingCall call, TimeSpan grace)
    {
        var start = time.GetTimestamp();
        while (!call.Ended.IsCompleted)
        {
            var interruption = supervisor.MayInterrupt(call);
            if (interruption == Interruption.Postponed)
            {
                start = time.GetTimestamp();
            }
            else if (time.GetElapsedTime(start) > grace)
            {
                // The call is taken out of the table, so that a late answer has no effect. It would otherwise give the call's place on this
                // worker to the next caller, although the worker is going to be killed.
                return calls.Remove(call.Id) is null;
            }

            // The frame Cancel ends a call at a safe point. The control channel interrupts a call at any other point.
            transport.Send(new HostFrame { Cancel = new Cancel { Call = call.Id } });
            if (interruption == Interruption.Allowed)
            {
                control.SendCancellation(call.Id);
            }

            await call.Ended.EndsWithinAsync(CancelRepeat, time).ConfigureAwait(false);
        }

        return true;
    }
}
