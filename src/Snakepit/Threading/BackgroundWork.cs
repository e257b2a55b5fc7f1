namespace Snakepit.Threading;

/// <summary>
/// Runs tasks in the background. Disposal cancels the tasks and waits for them. Exceptions of the tasks are reported to a callback, because
/// no code awaits the tasks.
/// </summary>
internal sealed class BackgroundWork : IAsyncDisposable
{
    private readonly Action<Exception> _onFailure;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private readonly HashSet<Task> _running = [];

    /// <param name="onFailure">Called with every exception of a task, except those by which disposal ends a task.</param>
    public BackgroundWork(Action<Exception> onFailure)
    {
        _onFailure = onFailure;
        Stopping = _stopping.Token;
    }

    /// <summary>The token that is cancelled when disposal begins.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>
    /// Starts a task on the thread pool. The calling thread does not run any of its code, because that thread may have frames to read, or
    /// may belong to the application: a synchronization context or an <see cref="AsyncLocal{T}"/> of a caller must not reach the task.
    /// </summary>
    public void Run(Func<Task> work)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _running.Add(done.Task);
        }

        ThreadPool.UnsafeQueueUserWorkItem(
            static start => _ = start.Owner.RunAsync(start.Work, start.Done), (Owner: this, Work: work, Done: done), preferLocal: false);
    }

    /// <summary>Cancels all tasks and waits for them, and for the tasks that they start meanwhile.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
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

            await Task.WhenAll(running).ConfigureAwait(false);
        }
    }

    private async Task RunAsync(Func<Task> work, TaskCompletionSource done)
    {
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (Exception exception) when (Stopping.IsCancellationRequested
            && exception is OperationCanceledException or ObjectDisposedException or PoolStartException)
        {
            // Disposal has interrupted the task.
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
