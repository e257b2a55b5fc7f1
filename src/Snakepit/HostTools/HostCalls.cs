using Snakepit.Protocol.V1;

namespace Snakepit.HostTools;

/// <summary>
/// Runs the host tools (.NET functions) that one Python worker calls, and cancels the ones whose result is not needed any more.
/// </summary>
/// <param name="toolbox">The host tools that the worker may call.</param>
/// <param name="send">The function that sends a frame to the worker.</param>
internal sealed class HostCalls(HostToolbox toolbox, Action<HostFrame> send)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, (ulong Call, CancellationTokenSource Cancellation)> _running = [];

    /// <summary>Begins to run a host tool, which a running call of the worker has called.</summary>
    public void Begin(HostCall call)
    {
        var cancellation = new CancellationTokenSource();
        lock (_gate)
        {
            _running[call.Id] = (call.Call, cancellation);
        }

        // The host tool runs on another thread, because this thread has to go on reading frames.
        _ = Task.Run(() => AnswerAsync(call, cancellation));
    }

    /// <summary>Cancels a host call whose result the worker does not need any more.</summary>
    public void Cancel(ulong hostCall) => Cancel(entry => entry.Key == hostCall);

    /// <summary>Cancels all host calls of a call that has ended or that its caller has cancelled.</summary>
    public void CancelAllOf(ulong call)
    {
        if (_running.Count > 0)
        {
            Cancel(entry => entry.Value.Call == call);
        }
    }

    /// <summary>Cancels all host calls, because the worker is gone.</summary>
    public void CancelAll() => Cancel(_ => true);

    private void Cancel(Func<KeyValuePair<ulong, (ulong Call, CancellationTokenSource Cancellation)>, bool> which)
    {
        CancellationTokenSource[] cancellation;
        lock (_gate)
        {
            cancellation = [.. _running.Where(which).Select(entry => entry.Value.Cancellation)];
        }

        foreach (var one in cancellation)
        {
            // The cancellation runs callbacks of the application, so another thread makes it: this thread may have to go on reading frames.
            _ = one.CancelAsync();
        }
    }

    private async Task AnswerAsync(HostCall call, CancellationTokenSource cancellation)
    {
        var answer = new HostAnswer { Id = call.Id };
        try
        {
            answer.Value = await toolbox.RunAsync(call.Tool, call.Arguments, cancellation.Token);
        }
        catch (Exception exception) // Python gets an exception of any type as a HostToolError
        {
            answer.Error = toolbox.ErrorOf(call.Tool, exception, cancellation.IsCancellationRequested);
        }

        lock (_gate)
        {
            _running.Remove(call.Id);
        }

        send(new HostFrame { HostAnswer = answer });
    }
}
