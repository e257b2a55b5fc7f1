using Snakepit.Payloads;
using Snakepit.Protocol.V1;
using Snakepit.Telemetry;

namespace Snakepit.Protocol;

/// <summary>The part that handles the frames of the worker.</summary>
internal sealed partial class WorkerConnection
{
    /// <summary>Handles a frame from the worker. Returns the call that the frame completes, if any.</summary>
    private CompletedCall Handle(WorkerFrame frame)
    {
        if (frame.GivenBack is { } givenBack)
        {
            Lent.TakeBack(givenBack.Ids);
        }

        switch (frame.FrameCase)
        {
            case WorkerFrame.FrameOneofCase.Result:
                var result = Borrowed.Borrow(frame.Result.Value, frame.Result.Attachments);
                if (_calls.Remove(frame.Result.Call) is { } succeeded)
                {
                    return Completed(succeeded, result, failure: null, frame);
                }

                result.Release();

                break;
            case WorkerFrame.FrameOneofCase.Chunk:
                var chunk = Borrowed.Borrow(frame.Chunk.Value, frame.Chunk.Attachments);
                if (_calls.Find(frame.Chunk.Call) is StreamingCall stream)
                {
                    stream.Note(frame.Recorded);
                    stream.AddChunk(chunk);
                }
                else
                {
                    chunk.Release();
                }

                break;
            case WorkerFrame.FrameOneofCase.Failure:
                // The creation of the exception may itself throw. The call must then still be in the table, because otherwise it would
                // never be completed.
                if (_calls.Find(frame.Failure.Call) is { } found
                    && frame.Failure.ToException(found.Tool) is var failure
                    && _calls.Remove(found.Id) is { } failed)
                {
                    return Completed(failed, result: default, failure, frame);
                }

                break;
            case WorkerFrame.FrameOneofCase.Pong:
                Requests.Answer(frame.Pong);
                break;
            case WorkerFrame.FrameOneofCase.Tools:
                Requests.Answer(frame.Tools);
                break;
            case WorkerFrame.FrameOneofCase.HostCall:
                BeginHostCall(frame);
                break;
            case WorkerFrame.FrameOneofCase.HostCancel:
                _hostCalls.Cancel(frame.HostCancel.Id);
                break;
            case WorkerFrame.FrameOneofCase.NeedsInterruption:
                if (_calls.Find(frame.NeedsInterruption.Call) is { IsAbandoned: true } cancelled)
                {
                    cancelled.BlocksOthers = frame.NeedsInterruption.BlocksOthers;
                    _supervisor.NeedsInterruption(cancelled);
                }

                break;
            case WorkerFrame.FrameOneofCase.Drained:
                _transport.Complete();
                break;
            default:
                break; // The frame is of a kind that this version does not know. Only the gRPC transport lets such frames through.
        }

        return default;
    }

    private void BeginHostCall(WorkerFrame frame)
    {
        var observed = PoolTelemetry.IsListenedTo ? _calls.Find(frame.HostCall.Call)?.Note(frame.Recorded) : null;
        _hostCalls.Begin(frame.HostCall, Borrowed.Borrow(frame.HostCall.Arguments, frame.HostCall.Attachments), observed);
    }

    private CompletedCall Completed(PendingCall call, Payload result, Exception? failure, WorkerFrame frame)
    {
        call.Note(frame.Recorded);
        _hostCalls.CancelAllOf(call.Id);
        if (!frame.KeepsMemory)
        {
            Lent.TakeBack(call.Id);
        }

        return new CompletedCall(call, result, failure, _supervisor.CallEnded(call, frame.Interrupted));
    }
}
