using System.Collections.Concurrent;

namespace Snakepit.Tests.Functional.Support;

/// <summary>
/// Runs code of a caller on a thread of its own, as a window's thread or an old web framework would: everything that is posted to the
/// thread's synchronization context, or queued to its task scheduler, has to wait until the code has returned. So a library that needs this
/// thread while the code blocks it hangs for ever.
/// </summary>
internal static class CallerThread
{
    /// <summary>Runs the code on a thread with a synchronization context. Returns how often something was posted to the context.</summary>
    public static async Task<int> WithContextAsync(Action code)
    {
        var context = new OneThreadContext();
        await RunAsync(() =>
        {
            SynchronizationContext.SetSynchronizationContext(context);
            code();
        });
        return context.Posts;
    }

    /// <summary>
    /// Runs the code as the only task of a scheduler with one thread. Returns how many other tasks were queued to the scheduler.
    /// </summary>
    public static async Task<int> WithSchedulerAsync(Action code)
    {
        var scheduler = new OneThreadScheduler();
        var task = new Task(code);
        task.Start(scheduler);
        await RunAsync(scheduler.RunFirst);
        await task;
        return scheduler.Waiting;
    }

    /// <summary>Runs the code on a thread of its own, without a context or scheduler.</summary>
    public static Task RunAsync(Action code)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                code();
                done.SetResult();
            }
            catch (Exception exception)
            {
                done.SetException(exception);
            }
        })
        {
            IsBackground = true,
        }.Start();
        return done.Task.InTime();
    }

    private sealed class OneThreadContext : SynchronizationContext
    {
        private int _posts;

        public int Posts => Volatile.Read(ref _posts);

        public override void Post(SendOrPostCallback d, object? state) => Interlocked.Increment(ref _posts);

        public override void Send(SendOrPostCallback d, object? state) => Interlocked.Increment(ref _posts);

        public override SynchronizationContext CreateCopy() => this;
    }

    private sealed class OneThreadScheduler : TaskScheduler
    {
        private readonly ConcurrentQueue<Task> _tasks = new();

        public int Waiting => _tasks.Count;

        public void RunFirst()
        {
            Assert.True(_tasks.TryDequeue(out var first));
            TryExecuteTask(first);
        }

        protected override void QueueTask(Task task) => _tasks.Enqueue(task);

        protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

        protected override IEnumerable<Task> GetScheduledTasks() => _tasks;
    }
}
