using Snakepit.Payloads;
using Snakepit.Protocol.V1;
using Snakepit.Telemetry;

namespace Snakepit.HostTools;

/// <summary>
/// Runs the host tools (.NET functions) that one Python worker calls. A host call is one such call, from Python to .NET; it is cancelled
/// when its result is not needed any more.
/// </summary>
/// <param name="toolbox">The host tools that the worker may call.</param>
/// <param name="send">The function that sends an answer to the worker, given the call that has called the host tool.</param>
internal sealed class HostCalls(HostToolbox toolbox, Action<ulong, HostAnswer, Payload> send)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, (ulong Call, ObservedCall? Observed, CancellationTokenSource Cancellation)> _running = [];

    /// <summary>Begins to run the host tool that a tool in the worker has called.</summary>
    /// <param name="call">The host call.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="observed">The call whose tool has called, if somebody listens to it.</param>
    public void Begin(HostCall call, Payload arguments, ObservedCall? observed)
    {
        var cancellation = new CancellationTokenSource();
        lock (_gate)
        {
            _running[call.Id] = (call.Call, observed, cancellation);
        }

        // The host tool runs on another thread, because this thread has to go on reading frames.
        _ = Task.Run(() => AnswerAsync(call, arguments, cancellation));
    }

    /// <summary>Cancels a host call whose result the worker does not need any more.</summary>
    public void Cancel(ulong hostCall) => Cancel(entry => entry.Key == hostCall);

    /// <summary>Cancels all host calls that were made during a call, because the call has ended or is being cancelled.</summary>
    public void CancelAllOf(ulong call)
    {
        if (_running.Count > 0)
        {
            Cancel(entry => entry.Value.Call == call);
        }
    }

    /// <summary>Cancels all host calls, because the worker is gone.</summary>
    public void CancelAll() => Cancel(_ => true);

    private void Cancel(Func<KeyValuePair<ulong, (ulong Call, ObservedCall? Observed, CancellationTokenSource Cancellation)>, bool> which)
    {
        CancellationTokenSource[] cancellation;
        lock (_gate)
        {
            cancellation = [.. _running.Where(which).Select(entry => entry.Value.Cancellation)];
        }

        foreach (var one in cancellation)
        {
            // CancelAsync runs the application's callbacks on the thread pool. This thread may be the one that reads frames, which must not
            // run code of the application.
            _ = one.CancelAsync();
        }
    }

    private async Task AnswerAsync(HostCall call, Payload arguments, CancellationTokenSource cancellation)
    {
        var answer = new HostAnswer { Id = call.Id };
        var result = Payload.Empty;
        try
        {
            result = await RunAsync(call, arguments, cancellation.Token).ConfigureAwait(false);
        }
        catch (Exception exception) // whatever its type is, Python gets a HostToolError
        {
            answer.Error = toolbox.ErrorOf(call.Tool, exception, cancellation.IsCancellationRequested);
        }

        lock (_gate)
        {
            _running.Remove(call.Id);
        }

        try
        {
            send(call.Call, answer, result);
        }
        finally
        {
            result.Release();
        }
    }

    private Task<Payload> RunAsync(HostCall call, Payload arguments, CancellationToken cancellationToken)
    {
        if (PoolTelemetry.IsListenedTo)
        {
            ObservedCall? observed;
            lock (_gate)
            {
                observed = _running.GetValueOrDefault(call.Id).Observed;
            }

            if (observed is not null)
            {
                return RunObservedAsync(call, arguments, observed, cancellationToken);
            }
        }

        return toolbox.RunAsync(call.Tool, arguments, cancellationToken);
    }

    /// <summary>Runs a host tool inside of a span, which ends before the answer is sent.</summary>
    private async Task<Payload> RunObservedAsync(
        HostCall call, Payload arguments, ObservedCall observed, CancellationToken cancellationToken)
    {
        using var span = observed.StartHostTool(call);
        try
        {
            return await toolbox.RunAsync(call.Tool, arguments, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Spans.Fail(span, exception);
            throw;
        }
    }
}
