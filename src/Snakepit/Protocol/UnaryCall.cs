using System.Threading.Tasks.Sources;
using Google.Protobuf;

namespace Snakepit.Protocol;

/// <summary>A call with one result.</summary>
internal sealed class UnaryCall(string tool) : PendingCall(tool), IValueTaskSource<ByteString>
{
    private ManualResetValueTaskSourceCore<ByteString> _told;

    /// <summary>What the caller waits for, once.</summary>
    public ValueTask<ByteString> Result => new(this, _told.Version);

    protected override void Tell(ByteString? result, Exception? failure, bool here)
    {
        _told.RunContinuationsAsynchronously = !here;
        if (failure is null)
        {
            _told.SetResult(result!);
        }
        else
        {
            _told.SetException(failure);
        }
    }

    ByteString IValueTaskSource<ByteString>.GetResult(short token) => _told.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<ByteString>.GetStatus(short token) => _told.GetStatus(token);

    void IValueTaskSource<ByteString>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _told.OnCompleted(continuation, state, token, flags);
}
