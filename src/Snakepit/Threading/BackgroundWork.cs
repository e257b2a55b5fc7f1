namespace Snakepit.Threading;

/// <summary>Work that nobody awaits but disposal: it is cancelled and waited for there, and its faults are logged, never lost.</summary>
internal sealed class BackgroundWork : IAsyncDisposable
{
    private readonly Action<Exception> _onFailure;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private readonly HashSet<Task> _running = [];

    /// <param name="onFailure">Called with every exception that no one awaits.</param>
    public BackgroundWork(Action<Exception> onFailure)
    {
        _onFailure = onFailure;
        Stopping = _stopping.Token;
    }

    /// <summary>Cancelled when disposal begins.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>Begins at once, on this thread.</summary>
    public void Run(Func<Task> work)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _running.Add(done.Task);
        }

        _ = RunAsync(work, done);
    }

    /// <summary>Cancels what runs and waits for it, what it begins meanwhile included.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        while (true)
        {
            Task[] running;
            lock (_gate)
            {
                running = [.. _running];
            }

            if (running.Length == 0)
            {
                _stopping.Dispose();
                return;
            }

            await Task.WhenAll(running);
        }
    }

    private async Task RunAsync(Func<Task> work, TaskCompletionSource done)
    {
        try
        {
            await work();
        }
        catch (Exception exception) when (Stopping.IsCancellationRequested
            && exception is OperationCanceledException or ObjectDisposedException or PoolStartException)
        {
            // Torn off in the middle by the stop.
        }
        catch (Exception exception)
        {
            _onFailure(exception);
        }
        finally
        {
            lock (_gate)
            {
                _running.Remove(done.Task);
            }

            done.SetResult();
        }
    }
}
