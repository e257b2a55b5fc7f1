using Snakepit.Payloads;
using Snakepit.Protocol.V1;

namespace Snakepit.Protocol;

/// <summary>Creates the protocol frame that asks a worker to run a call.</summary>
internal static class CallFrame
{
    /// <param name="call">The call, to which the connection has already given an id.</param>
    /// <param name="arguments">The arguments of the call, encoded.</param>
    /// <param name="left">
    /// How much is left of the call's time limit; <see cref="Timeout.InfiniteTimeSpan"/> if the call has no time limit.
    /// </param>
    public static Call Of(PendingCall call, Payload arguments, TimeSpan left)
    {
        var stream = call as StreamingCall;
        return new Call
        {
            Id = call.Id,
            Tool = call.Tool,
            Arguments = arguments.Json,
            Attachments = arguments.AttachmentsFor(call.Id),
            Streaming = stream is not null,
            Credit = (uint)(stream?.Credit ?? 0),
            TimeoutMs = left == Timeout.InfiniteTimeSpan ? 0 : (ulong)Math.Max(1, left.TotalMilliseconds),
            Session = call.Session is { } session ? new Session { Key = session.Key, Home = call.IsHome, Id = session.Id } : null,
            Observation = call.Observed?.Observation,
        };
    }
}
