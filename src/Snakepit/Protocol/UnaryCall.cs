using System.Threading.Tasks.Sources;
using Snakepit.Payloads;
using Snakepit.Telemetry;

namespace Snakepit.Protocol;

/// <summary>A call that is answered with a single result instead of a stream.</summary>
internal class UnaryCall(string tool) : PendingCall(tool), IValueTaskSource<Payload>
{
    private ManualResetValueTaskSourceCore<Payload> _result;

    /// <summary>What the caller awaits, once only: gives the result, or throws the exception that says why the call failed.</summary>
    public ValueTask<Payload> Result => new(this, _result.Version);

    protected override void NotifyCaller(Payload result, Exception? failure, bool inline)
    {
        _result.RunContinuationsAsynchronously = !inline;
        if (failure is null)
        {
            _result.SetResult(result);
        }
        else
        {
            _result.SetException(failure);
        }
    }

    Payload IValueTaskSource<Payload>.GetResult(short token) => _result.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<Payload>.GetStatus(short token) => _result.GetStatus(token);

    void IValueTaskSource<Payload>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _result.OnCompleted(continuation, state, token, flags);
}

/// <summary>
/// A call with a single result to which somebody listens. It is a class of its own, so that other calls need no memory for the reference.
/// </summary>
internal sealed class ObservedUnaryCall(string tool, ObservedCall observed) : UnaryCall(tool)
{
    public override ObservedCall Observed => observed;
}
