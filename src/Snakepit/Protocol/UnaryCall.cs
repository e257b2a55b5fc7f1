using Google.Protobuf;

namespace Snakepit.Protocol;

/// <summary>A call with one result.</summary>
internal sealed class UnaryCall(string tool) : PendingCall(tool)
{
    private readonly TaskCompletionSource<ByteString> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<ByteString> Result => _result.Task;

    public override void Accept(ByteString result) => _result.TrySetResult(result);

    protected override void Finish(Exception? failure)
    {
        if (failure is OperationCanceledException cancelled)
        {
            _result.TrySetCanceled(cancelled.CancellationToken);
        }
        else if (failure is not null)
        {
            _result.TrySetException(failure);
        }
    }
}
