using System.Threading.Tasks.Sources;
using Google.Protobuf;

namespace Snakepit.Protocol;

/// <summary>A call that is answered with a single result instead of a stream.</summary>
internal sealed class UnaryCall(string tool) : PendingCall(tool), IValueTaskSource<ByteString>
{
    private ManualResetValueTaskSourceCore<ByteString> _result;

    /// <summary>What the caller awaits, once only: gives the result, or throws the exception that says why the call failed.</summary>
    public ValueTask<ByteString> Result => new(this, _result.Version);

    protected override void NotifyCaller(ByteString? result, Exception? failure, bool inline)
    {
        _result.RunContinuationsAsynchronously = !inline;
        if (failure is null)
        {
            _result.SetResult(result!);
        }
        else
        {
            _result.SetException(failure);
        }
    }

    ByteString IValueTaskSource<ByteString>.GetResult(short token) => _result.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<ByteString>.GetStatus(short token) => _result.GetStatus(token);

    void IValueTaskSource<ByteString>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _result.OnCompleted(continuation, state, token, flags);
}
