using System.Collections.Concurrent;
using Google.Protobuf;
using Snakepit.HostTools;
using Snakepit.Processes;
using Snakepit.Protocol.V1;
using Snakepit.Scheduling;
using Snakepit.Threading;

namespace Snakepit.Protocol;

/// <summary>Turns frames into calls and calls into frames, for one worker.</summary>
internal sealed class WorkerConnection : IAsyncDisposable
{
    // A cancellation that came too early, or that the tool swallowed, is repeated this often.
    private static readonly TimeSpan CancelRepeat = TimeSpan.FromMilliseconds(20);

    private readonly ITransport _transport;
    private readonly ControlConnection _control;
    private readonly Func<PendingCall, ISuccessor?> _callEnded;
    private readonly Action<PendingCall> _callAbandoned;
    private readonly TimeProvider _time;
    private readonly HostCalls _hostCalls;
    private readonly RunningCalls _calls;
    private readonly ConcurrentDictionary<ulong, TaskCompletionSource> _pings = new();
    private readonly ConcurrentQueue<TaskCompletionSource<ToolList>> _toolRequests = new();
    private ulong _lastId;

    /// <param name="transport">Its stream, open.</param>
    /// <param name="control">Its control channel.</param>
    /// <param name="callEnded">Told when the worker has answered a call, before the call's caller is; returns who takes its place.</param>
    /// <param name="callAbandoned">Told when a call's caller has given up, or its time is up, before the worker has answered.</param>
    /// <param name="toolbox">What its tools may call.</param>
    /// <param name="time">The clock for deadlines and repeated cancellations.</param>
    public WorkerConnection(
        ITransport transport,
        ControlConnection control,
        Func<PendingCall, ISuccessor?> callEnded,
        Action<PendingCall> callAbandoned,
        HostToolbox toolbox,
        TimeProvider time)
    {
        _transport = transport;
        _control = control;
        _callEnded = callEnded;
        _callAbandoned = callAbandoned;
        _time = time;
        _calls = new RunningCalls(time, call => Abandon(call, new CallTimeoutException(call.Tool, call.Timeout)));
        _hostCalls = new HostCalls(toolbox, transport.Send);
        Closed = ReadAsync();
    }

    /// <summary>Completes, never fails, when no frame can arrive any more: the worker ended the stream, or it broke.</summary>
    public Task Closed { get; }

    /// <summary>Once it is <see cref="Closed"/>: what the worker has sent that makes no sense, if that is why.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>How many frames have gone either way.</summary>
    public long Frames => _transport.Frames;

    /// <summary>Sends a call. It ends when the worker answers, when <paramref name="left"/> is over, or when <see cref="Fail"/> ends everything.</summary>
    public void Begin(PendingCall call, ByteString arguments, TimeSpan left)
    {
        call.Id = Interlocked.Increment(ref _lastId);
        call.Connection = this;
        call.Began = _time.GetTimestamp();
        if (left != Timeout.InfiniteTimeSpan)
        {
            call.Deadline = call.Began + (long)(left.TotalSeconds * _time.TimestampFrequency);
        }

        if (!_calls.Add(call))
        {
            return;
        }

        try
        {
            _transport.Send(new HostFrame { Call = FrameOf(call, arguments, left) });
        }
        catch
        {
            // There is no memory for it: the worker will never hear of this call.
            if (_calls.Remove(call.Id) is { } unsent)
            {
                _callEnded(unsent)?.Begin(here: false);
            }

            throw;
        }
    }

    private static Call FrameOf(PendingCall call, ByteString arguments, TimeSpan left)
    {
        var stream = call as StreamingCall;
        return new Call
        {
            Id = call.Id,
            Tool = call.Tool,
            Arguments = arguments,
            Streaming = stream is not null,
            Credit = (uint)(stream?.Credit ?? 0),
            TimeoutMs = left == Timeout.InfiniteTimeSpan ? 0 : (ulong)Math.Max(1, left.TotalMilliseconds),
            Session = call.Session is { } session ? new Session { Key = session.Key, Home = call.IsHome, Id = session.Id } : null,
        };
    }

    /// <summary>Lets a stream go on.</summary>
    public void Grant(StreamingCall call, int chunks) => _transport.Send(new HostFrame { Credit = new Credit { Call = call.Id, Chunks = (uint)chunks } });

    /// <summary>Ends the wait of a call's caller with <paramref name="reason"/>, and has the worker reclaimed, unless the call has ended.</summary>
    public void Abandon(PendingCall call, Exception reason)
    {
        if (call.Abandon(reason))
        {
            _callAbandoned(call);
        }
    }

    /// <summary>
    /// Interrupts an abandoned call in Python, again and again until the worker answers; false if it has not after <paramref name="grace"/>.
    /// </summary>
    public async Task<bool> CancelAsync(PendingCall call, TimeSpan grace)
    {
        _hostCalls.CancelAllOf(call.Id);
        var start = _time.GetTimestamp();
        while (!call.Ended.IsCompleted)
        {
            if (_time.GetElapsedTime(start) > grace)
            {
                // From here on an answer is too late to free the worker: nobody may be given one that is about to be killed.
                return _calls.Remove(call.Id) is null;
            }

            // On the stream for a tool that waits for credit or for the host; out of band for one that runs.
            _transport.Send(new HostFrame { Cancel = new Cancel { Call = call.Id } });
            _control.SendCancellation(call.Id);
            await call.Ended.EndsWithinAsync(CancelRepeat, _time);
        }

        return true;
    }

    /// <summary>Completes when the worker has answered a ping between two calls.</summary>
    /// <exception cref="IOException">The stream broke first.</exception>
    public async Task PingAsync(CancellationToken cancellationToken)
    {
        var answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var sequence = Interlocked.Increment(ref _lastId);
        _pings[sequence] = answered;
        try
        {
            _transport.Send(new HostFrame { Ping = new Ping { Sequence = sequence } });
            await FirstOfAsync(answered.Task, cancellationToken);
        }
        finally
        {
            _pings.TryRemove(sequence, out _);
        }
    }

    /// <summary>Asks for the worker's tools.</summary>
    /// <exception cref="IOException">The stream broke first.</exception>
    public async Task<ToolList> ListToolsAsync()
    {
        var answered = new TaskCompletionSource<ToolList>(TaskCreationOptions.RunContinuationsAsynchronously);
        _toolRequests.Enqueue(answered);
        _transport.Send(new HostFrame { ListTools = new ListTools() });
        await FirstOfAsync(answered.Task, CancellationToken.None);
        return await answered.Task;
    }

    /// <summary>Lets the worker forget the state of a session.</summary>
    public void EndSession(SessionEntry session) => _transport.Send(new HostFrame { EndSession = new EndSession { Id = session.Id } });

    /// <summary>Asks the worker to finish what it runs and to exit.</summary>
    public void Drain() => _transport.Send(new HostFrame { Drain = new Drain() });

    /// <summary>The worker is lost: every call, and every one that still comes, ends with what <paramref name="lost"/> makes of it.</summary>
    public void Fail(Func<PendingCall, Exception> lost)
    {
        _hostCalls.CancelAll();
        _calls.Fail(lost);
    }

    public async ValueTask DisposeAsync()
    {
        await _transport.DisposeAsync();
        _control.Dispose();
        _calls.Dispose();
        await Closed;
    }

    private async Task FirstOfAsync(Task answered, CancellationToken cancellationToken)
    {
        if (await Task.WhenAny(answered, Closed).WaitAsync(cancellationToken) != answered)
        {
            throw new IOException("The worker ended its stream instead of answering.");
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            await _transport.ReadAsync(Take);
        }
        catch (Exception exception)
        {
            // A frame that makes no sense, or that there is no memory for: its worker is not to be listened to any longer, and so is lost; its
            // callers are told why.
            Fault = exception;
        }
    }

    /// <summary>Serves a frame; returns the answer that its caller does not know yet, if it brings one.</summary>
    private Answer Take(WorkerFrame frame)
    {
        switch (frame.FrameCase)
        {
            case WorkerFrame.FrameOneofCase.Result:
                if (_calls.Remove(frame.Result.Call) is { } succeeded)
                {
                    return Ended(succeeded, frame.Result.Value, failure: null);
                }

                break;
            case WorkerFrame.FrameOneofCase.Chunk:
                (_calls.Find(frame.Chunk.Call) as StreamingCall)?.AddChunk(frame.Chunk.Value);
                break;
            case WorkerFrame.FrameOneofCase.Failure:
                // First what may go wrong: the call must not have been taken out then, for nobody else could end it.
                if (_calls.Find(frame.Failure.Call) is { } found
                    && frame.Failure.ToException(found.Tool) is var failure
                    && _calls.Remove(found.Id) is { } failed)
                {
                    return Ended(failed, result: null, failure);
                }

                break;
            case WorkerFrame.FrameOneofCase.Pong:
                if (_pings.TryGetValue(frame.Pong.Sequence, out var ping))
                {
                    ping.TrySetResult();
                }

                break;
            case WorkerFrame.FrameOneofCase.Tools:
                if (_toolRequests.TryDequeue(out var request))
                {
                    request.TrySetResult(frame.Tools);
                }

                break;
            case WorkerFrame.FrameOneofCase.HostCall:
                _hostCalls.Begin(frame.HostCall);
                break;
            case WorkerFrame.FrameOneofCase.HostCancel:
                _hostCalls.Cancel(frame.HostCancel.Id);
                break;
            case WorkerFrame.FrameOneofCase.Drained:
                _transport.Complete();
                break;
            default:
                break; // a frame of a later protocol: an older host has not asked for it
        }

        return default;
    }

    private Answer Ended(PendingCall call, ByteString? result, Exception? failure)
    {
        _hostCalls.CancelAllOf(call.Id);
        return new Answer(call, result, failure, _callEnded(call));
    }
}
