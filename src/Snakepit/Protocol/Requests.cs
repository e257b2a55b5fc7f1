using System.Collections.Concurrent;
using Snakepit.Protocol.V1;

namespace Snakepit.Protocol;

/// <summary>Questions to a worker that are no calls, pings and requests for its tools, and who waits for the answers.</summary>
/// <param name="send">Sends a frame to the worker.</param>
/// <param name="closed">Returns the task that completes when no more frames are read from the worker.</param>
/// <param name="fault">Returns what has ended the reading of frames, if an exception has.</param>
internal sealed class Requests(Action<HostFrame> send, Func<Task> closed, Func<Exception?> fault)
{
    private readonly ConcurrentDictionary<ulong, TaskCompletionSource> _pings = new();
    private readonly ConcurrentQueue<TaskCompletionSource<ToolList>> _toolRequests = new();
    private ulong _lastPing, _lastPong;

    /// <summary>
    /// Sends a ping and completes when the worker has answered it. A worker that runs one call at a time does not answer while a tool runs,
    /// except when the tool waits for a frame from .NET.
    /// </summary>
    /// <exception cref="IOException">The stream ended before the worker answered.</exception>
    public async Task PingAsync(CancellationToken cancellationToken)
    {
        var answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var sequence = Interlocked.Increment(ref _lastPing);
        _pings[sequence] = answered;
        try
        {
            send(new HostFrame { Ping = new Ping { Sequence = sequence } });
            await AnsweredAsync(answered.Task, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _pings.TryRemove(sequence, out _);
        }
    }

    /// <summary>Sends a ping and returns its number, for <see cref="HasAnswered"/>. Does not wait, and starts no timer.</summary>
    public ulong SendPing()
    {
        var sequence = Interlocked.Increment(ref _lastPing);
        send(new HostFrame { Ping = new Ping { Sequence = sequence } });
        return sequence;
    }

    /// <summary>Whether the worker has answered a ping. It answers pings in the order in which they were sent.</summary>
    public bool HasAnswered(ulong ping) => Volatile.Read(ref _lastPong) >= ping;

    /// <summary>Asks the worker for the list of its tools and returns the answer.</summary>
    /// <exception cref="IOException">The stream ended before the worker answered.</exception>
    public async Task<ToolList> ListToolsAsync()
    {
        var answered = new TaskCompletionSource<ToolList>(TaskCreationOptions.RunContinuationsAsynchronously);
        _toolRequests.Enqueue(answered);
        send(new HostFrame { ListTools = new ListTools() });
        await AnsweredAsync(answered.Task, CancellationToken.None).ConfigureAwait(false);
        return await answered.Task.ConfigureAwait(false);
    }

    /// <summary>Completes the ping that the worker has answered, if somebody still waits for it.</summary>
    public void Answer(Pong pong)
    {
        Volatile.Write(ref _lastPong, pong.Sequence);
        if (_pings.TryGetValue(pong.Sequence, out var answered))
        {
            answered.TrySetResult();
        }
    }

    /// <summary>Completes the oldest request for the worker's tools.</summary>
    public void Answer(ToolList tools)
    {
        if (_toolRequests.TryDequeue(out var answered))
        {
            answered.TrySetResult(tools);
        }
    }

    private async Task AnsweredAsync(Task answered, CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAny(answered, closed()).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (answered.IsCompletedSuccessfully)
        {
            return; // the thread pool had no thread to notice the answer in time
        }

        if (!answered.IsCompleted)
        {
            throw new IOException("The worker closed its stream instead of answering.", fault());
        }
    }
}
