using Microsoft.Extensions.Logging;
using Snakepit.Telemetry;
using Snakepit.Threading;

namespace Snakepit.Processes;

/// <summary>
/// Creates worker processes by forking them from a template, and starts a new template after the old template was lost. If a process with
/// the prepared adapter cannot be forked safely, each worker is started in its own interpreter instead.
/// </summary>
internal sealed class ForkSource : IWorkerSource
{
    private readonly ProcessLauncher _launcher;
    private readonly TimeSpan _startTimeout, _terminateTimeout;
    private readonly HeartbeatOptions _heartbeat;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private volatile Generation _current; // replaced under the lock, and read without it
    private bool _disposed;
    private Task? _disposal;

    private ForkSource(SnakepitOptions options, ProcessLauncher launcher)
    {
        _launcher = launcher;
        (_startTimeout, _terminateTimeout) = (options.StartTimeout, options.TerminateTimeout);
        (_heartbeat, _time) = (options.Heartbeat, options.TimeProvider);
        _logger = GuardedLogger.Create(options.LoggerFactory, "Snakepit.Template");
        _current = StartTemplate();
    }

    /// <summary>Starts a template, and returns before it is prepared.</summary>
    /// <exception cref="PythonNotFoundException">The interpreter cannot be executed.</exception>
    public static async Task<ForkSource> StartAsync(SnakepitOptions options, PythonLaunch launch)
    {
        var launcher = new ProcessLauncher(launch, options.LoggerFactory);
        try
        {
            return new ForkSource(options, launcher);
        }
        catch
        {
            await launcher.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public PythonLaunch Launch => _launcher.Launch;

    /// <summary>The process id of the template, which changes when a lost template is replaced.</summary>
    public int TemplateId => _current.Template.Id;

    /// <summary>The statistics of the template; null if the workers are spawned because the adapter cannot be forked.</summary>
    public TemplateStatistics? Template => _current is { IsForking: true } current ? current.Template.Statistics : null;

    /// <summary>Waits until the adapter is prepared.</summary>
    public Task PrepareAsync() => _current.Prepared;

    public int NextWorker() => _launcher.Listener.NextWorker();

    public Task SettleAsync() => _launcher.SettleAsync();

    public async Task<WorkerProcess> LaunchAsync(int worker, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (template, prepared) = Current();
            if (await prepared.WaitAsync(cancellationToken).ConfigureAwait(false) is { } spawning)
            {
                return await spawning.LaunchAsync(worker, cancellationToken).ConfigureAwait(false);
            }

            if (template.TryFork(worker) is { } forked)
            {
                return forked;
            }

            await template.Exited.WaitAsync(cancellationToken).ConfigureAwait(false); // the next iteration starts a new template
        }
    }

    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _disposed = true;
            return new ValueTask(_disposal ??= Detached.RunAsync(() => StopAsync(_current.Template)));
        }
    }

    private Generation Current()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                throw new TemplateDisposedException();
            }

            // A template that was lost, or that could not be prepared, is replaced. Worker starts that wait for the old template still get
            // the exception of the old template.
            if (_current is { IsForking: true, Template.Exited.IsCompleted: true, Prepared.IsCompleted: true })
            {
                _current = StartTemplate();
            }

            return _current;
        }
    }

    private Generation StartTemplate()
    {
        var template = new TemplateProcess(_launcher, _time);
        return new Generation(template, PrepareAsync(template));
    }

    private async Task StopAsync(TemplateProcess template)
    {
        await template.StopAsync(_terminateTimeout).ConfigureAwait(false);
        await _launcher.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>
    /// Completes with null once the template can fork workers, or with a source that spawns workers if forking is not safe.
    /// </summary>
    private async Task<IWorkerSource?> PrepareAsync(TemplateProcess template)
    {
        uint threads;
        try
        {
            threads = await template.Prepared.WaitAsync(_startTimeout, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw await BootError
                .TimedOutAsync(template.Signal, template.Exited, () => template.LastOutput, "The template", _startTimeout)
                .ConfigureAwait(false);
        }

        if (threads > 0)
        {
            _logger.FallsBackToSpawn(threads);
            await template.StopAsync(_terminateTimeout).ConfigureAwait(false);
            return new SpawnSource(_launcher);
        }

        _ = WatchAsync(template);
        return null;
    }

    /// <summary>
    /// Waits for the end of a template and logs it. A template that a signal (such as SIGSTOP) has stopped can neither fork workers nor
    /// report their end. So it is killed after as many heartbeats as a worker may miss, and replaced like a template that was lost.
    /// </summary>
    private async Task WatchAsync(TemplateProcess template)
    {
        for (var missed = 0; !template.Exited.IsCompleted;)
        {
            await template.Exited.EndsWithinAsync(_heartbeat.Interval, _time).ConfigureAwait(false);
            missed = ProcessFacts.IsStopped(template.Id) ? missed + 1 : 0;
            if (missed == _heartbeat.MaxMissed)
            {
                template.Kill(TemplateProcess.KillerOfSuspended); // first, because the application's logger may block
                _logger.TemplateStopped(missed, _heartbeat.Interval);
            }
        }

        var exit = await template.Exited.ConfigureAwait(false);
        if (!_disposed)
        {
            _logger.TemplateLost(exit.ToString());
        }
    }

    /// <summary>One of the templates that follow each other in the life of a pool.</summary>
    /// <param name="Template">The process of the template.</param>
    /// <param name="Prepared">
    /// Completes with null once the template can fork workers, or with a source that spawns workers if forking is not safe.
    /// </param>
    private sealed record Generation(TemplateProcess Template, Task<IWorkerSource?> Prepared)
    {
        /// <summary>False once it is certain that the template cannot be forked, so that workers are spawned instead.</summary>
        public bool IsForking => !Prepared.IsCompletedSuccessfully || Prepared.Result is null;
    }
}
