using Snakepit.Protocol.V1;

namespace Snakepit.HostTools;

/// <summary>Runs the host tools that the tools of one worker call, and cancels those that nobody waits for any more.</summary>
internal sealed class HostCalls(HostToolbox toolbox, Action<HostFrame> post)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, (ulong Call, CancellationTokenSource GivenUp)> _running = [];

    /// <summary>A running call asks for a host tool.</summary>
    public void Begin(HostCall call)
    {
        var givenUp = new CancellationTokenSource();
        lock (_gate)
        {
            _running[call.Id] = (call.Call, givenUp);
        }

        // The reader of frames goes on reading.
        _ = Task.Run(() => AnswerAsync(call, givenUp));
    }

    /// <summary>The worker does not wait for this host call any more.</summary>
    public void Cancel(ulong hostCall) => Cancel(entry => entry.Key == hostCall);

    /// <summary>A call has ended, or its caller has given up: nobody waits for what it asked.</summary>
    public void CancelAllOf(ulong call)
    {
        if (_running.Count > 0)
        {
            Cancel(entry => entry.Value.Call == call);
        }
    }

    /// <summary>The worker has gone.</summary>
    public void CancelAll() => Cancel(_ => true);

    private void Cancel(Func<KeyValuePair<ulong, (ulong Call, CancellationTokenSource GivenUp)>, bool> which)
    {
        CancellationTokenSource[] givenUp;
        lock (_gate)
        {
            givenUp = [.. _running.Where(which).Select(entry => entry.Value.GivenUp)];
        }

        foreach (var one in givenUp)
        {
            // Not here: a callback of the user's may run, and the caller of this may hold up a worker.
            _ = one.CancelAsync();
        }
    }

    private async Task AnswerAsync(HostCall call, CancellationTokenSource givenUp)
    {
        var answer = new HostAnswer { Id = call.Id };
        try
        {
            answer.Value = await toolbox.RunAsync(call.Tool, call.Arguments, givenUp.Token);
        }
        catch (Exception exception) // whatever a host tool throws is the tool's that called it
        {
            answer.Error = toolbox.ErrorOf(call.Tool, exception, givenUp.IsCancellationRequested);
        }

        lock (_gate)
        {
            _running.Remove(call.Id);
        }

        post(new HostFrame { HostAnswer = answer });
    }
}
