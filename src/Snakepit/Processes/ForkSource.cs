using Microsoft.Extensions.Logging;
using Snakepit.Telemetry;
using Snakepit.Threading;

namespace Snakepit.Processes;

/// <summary>
/// Forks workers from a template, and starts a new template when one was lost. If the adapter cannot be forked, spawns them instead.
/// </summary>
internal sealed class ForkSource : IWorkerSource
{
    private readonly SnakepitOptions _options;
    private readonly ILogger _logger;
    private readonly SourceResources _resources;
    private readonly Lock _gate = new();
    private TemplateProcess _template;
    private Task<IWorkerSource?> _prepared;
    private bool _disposed;
    private Task? _disposal;

    private ForkSource(SourceResources resources)
    {
        (_resources, _options) = (resources, resources.Options);
        _logger = GuardedLogger.Create(_options.LoggerFactory, "Snakepit.Template");
        _template = new TemplateProcess(resources);
        _prepared = PrepareAsync(_template);
    }

    /// <summary>Starts a template; it is not prepared yet.</summary>
    /// <exception cref="PythonNotFoundException">The interpreter cannot be executed.</exception>
    public static async Task<ForkSource> StartAsync(SnakepitOptions options, string interpreter)
    {
        var resources = new SourceResources(options, interpreter);
        try
        {
            return new ForkSource(resources);
        }
        catch
        {
            await resources.DisposeAsync();
            throw;
        }
    }

    public string Interpreter => _resources.Interpreter;

    /// <summary>The template's process; another one after it was lost.</summary>
    public int TemplateId => _template.Id;

    /// <summary>Once it is prepared: when the template was started, its interpreter had booted, and imports and preparation were done.</summary>
    public (long Started, long Connected, long Prepared) TemplateMoments => _template.Moments;

    /// <summary>Waits until the adapter is prepared.</summary>
    public Task PrepareAsync() => _prepared;

    public int NextWorker() => _resources.Listener.NextWorker();

    public Task SettleAsync() => _resources.SettleAsync();

    public async Task<WorkerProcess> LaunchAsync(int worker, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (template, prepared) = Current();
            if (await prepared.WaitAsync(cancellationToken) is { } spawning)
            {
                return await spawning.LaunchAsync(worker, cancellationToken);
            }

            if (template.TryFork(worker) is { } forked)
            {
                return forked;
            }

            await template.Exited.WaitAsync(cancellationToken); // then another one is started
        }
    }

    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _disposed = true;
            return new ValueTask(_disposal ??= StopAsync(_template));
        }
    }

    private (TemplateProcess Template, Task<IWorkerSource?> Prepared) Current()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                throw new TemplateDisposedException();
            }

            // A template that could not be prepared at all is the caller's error; one that was lost later is replaced.
            if (_template.Exited.IsCompleted && _prepared.IsCompleted && (!_prepared.IsCompletedSuccessfully || _prepared.Result is null))
            {
                _template = new TemplateProcess(_resources);
                _prepared = PrepareAsync(_template);
            }

            return (_template, _prepared);
        }
    }

    private async Task StopAsync(TemplateProcess template)
    {
        await Task.Yield(); // leave the lock
        await template.StopAsync(_options.TerminateTimeout);
        await _resources.DisposeAsync();
    }

    /// <summary>Completes with null once the template forks, or with the source that spawns because it cannot.</summary>
    private async Task<IWorkerSource?> PrepareAsync(TemplateProcess template)
    {
        uint threads;
        try
        {
            threads = await template.Prepared.WaitAsync(_options.StartTimeout, _options.TimeProvider);
        }
        catch (TimeoutException)
        {
            throw await BootError.TimedOutAsync(template.Signal, template.Exited, () => template.LastOutput, "The template", _options);
        }

        if (threads > 0)
        {
            _logger.FallsBackToSpawn(threads);
            await template.StopAsync(_options.TerminateTimeout);
            return new SpawnSource(_resources);
        }

        _ = WatchAsync(template);
        return null;
    }

    /// <summary>Waits for a template's end. One that was stopped forks nothing and reports nothing: it is killed, which is noticed like any end.</summary>
    private async Task WatchAsync(TemplateProcess template)
    {
        for (var missed = 0; !template.Exited.IsCompleted;)
        {
            await template.Exited.EndsWithinAsync(_options.Heartbeat.Interval, _options.TimeProvider);
            missed = ProcessFacts.IsStopped(template.Id) ? missed + 1 : 0;
            if (missed == _options.Heartbeat.MaxMissed)
            {
                _logger.TemplateStopped(missed, _options.Heartbeat.Interval);
                template.Signal(Signals.Kill);
            }
        }

        var exit = await template.Exited;
        if (!_disposed)
        {
            _logger.TemplateLost(exit.ToString());
        }
    }
}
