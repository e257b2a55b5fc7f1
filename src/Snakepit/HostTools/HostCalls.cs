using Snakepit.Protocol.V1;

namespace Snakepit.HostTools;

/// <summary>Runs the host tools that one worker calls, and cancels those whose result is not needed any more.</summary>
/// <param name="toolbox">The host tools.</param>
/// <param name="send">Sends a frame to the worker.</param>
internal sealed class HostCalls(HostToolbox toolbox, Action<HostFrame> send)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, (ulong Call, CancellationTokenSource Cancellation)> _running = [];

    /// <summary>A running call calls a host tool.</summary>
    public void Begin(HostCall call)
    {
        var cancellation = new CancellationTokenSource();
        lock (_gate)
        {
            _running[call.Id] = (call.Call, cancellation);
        }

        // On another thread, because this one has to go on reading frames.
        _ = Task.Run(() => AnswerAsync(call, cancellation));
    }

    /// <summary>The worker does not need the result of this host call any more.</summary>
    public void Cancel(ulong hostCall) => Cancel(entry => entry.Key == hostCall);

    /// <summary>A call has ended, or its caller has given up: the results of its host calls are not needed any more.</summary>
    public void CancelAllOf(ulong call)
    {
        if (_running.Count > 0)
        {
            Cancel(entry => entry.Value.Call == call);
        }
    }

    /// <summary>The worker is gone.</summary>
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
            // On another thread, because it runs callbacks of the application, and this thread may have to go on reading frames.
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
        catch (Exception exception) // of any type: Python gets it as a HostToolError
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
