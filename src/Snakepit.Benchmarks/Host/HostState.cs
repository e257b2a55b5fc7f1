using Snakepit.Benchmarks.References;

namespace Snakepit.Benchmarks.Host;

/// <summary>What a host has running between slots: at most one template, one pool and one bare reference.</summary>
internal sealed class HostState : IAsyncDisposable
{
    private SnakepitPool? _pool;

    /// <summary>The adapter that is measured.</summary>
    public const string Adapter = "snakepit_worker.adapters.showcase";

    /// <summary>The template that warm starts fork from.</summary>
    public SnakepitTemplate? Template { get; set; }

    /// <summary>The fault that is injected; none unless a validation asks for one.</summary>
    public Fault Fault { get; set; } = Fault.None;

    /// <summary>How what is started from now on is reached.</summary>
    public WorkerTransport Transport { get; set; } = WorkerTransport.Grpc;

    /// <summary>The same transport without the pool.</summary>
    public BareStreams? Bare { get; set; }

    /// <summary>The pool.</summary>
    /// <exception cref="InvalidOperationException">None is running.</exception>
    public SnakepitPool Pool => _pool ?? throw new InvalidOperationException("No pool is running: ask for the slot 'start' first.");

    public SnakepitOptions Options(int workers) => Fault.Of(new SnakepitOptions { Adapter = Adapter, Workers = workers, Transport = Transport });

    /// <summary>Keeps a pool that has started.</summary>
    public void Keep(SnakepitPool pool) =>
        _pool = _pool is null ? pool : throw new InvalidOperationException("A pool is running already.");

    /// <summary>Gives the pool up to whoever disposes it.</summary>
    public SnakepitPool Release()
    {
        var pool = Pool;
        _pool = null;
        return pool;
    }

    /// <summary>A ping, with the fault that is injected.</summary>
    public Task PingAsync() => Fault.CallAsync(Pool);

    public async ValueTask DisposeAsync()
    {
        if (_pool is not null)
        {
            await _pool.DisposeAsync();
        }

        if (Bare is not null)
        {
            await Bare.DisposeAsync();
        }

        if (Template is not null)
        {
            await Template.DisposeAsync();
        }
    }
}
