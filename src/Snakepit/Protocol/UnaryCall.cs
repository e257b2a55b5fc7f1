using System.Threading.Tasks.Sources;
using Google.Protobuf;

namespace Snakepit.Protocol;

/// <summary>A call with one result.</summary>
internal sealed class UnaryCall(string tool) : PendingCall(tool), IValueTaskSource<ByteString>
{
    private ManualResetValueTaskSourceCore<ByteString> _result;

    /// <summary>What the caller awaits, once: the result, or the reason why there is none.</summary>
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
