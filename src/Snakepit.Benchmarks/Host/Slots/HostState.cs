using System.Globalization;
using Snakepit.Benchmarks.Host.Bare;
using Snakepit.Benchmarks.Host.Faults;
using Snakepit.Benchmarks.Host.Peers;

namespace Snakepit.Benchmarks.Host.Slots;

/// <summary>What a host has running between slots: of each transport at most one template, one pool and one bare reference, and peers by name.</summary>
internal sealed class HostState : IAsyncDisposable
{
    private readonly Dictionary<WorkerTransport, SnakepitPool> _pools = [];
    private readonly Dictionary<WorkerTransport, SnakepitTemplate> _templates = [];
    private readonly Dictionary<WorkerTransport, BareStreams> _bare = [];
    private readonly Dictionary<string, IPeer> _peers = [];

    /// <summary>The fault that is injected; none unless a validation asks for one.</summary>
    public Fault Fault { get; set; } = Fault.None;

    /// <summary>How what is started or used from now on is reached.</summary>
    public WorkerTransport Transport { get; set; } = WorkerTransport.Grpc;

    /// <summary>How many seconds of CPU time the adapter's preparation works; 0 for the showcase, which needs none.</summary>
    public double Preparation { get; set; }

    /// <summary>The pool.</summary>
    /// <exception cref="InvalidOperationException">None is running.</exception>
    public SnakepitPool Pool => _pools.GetValueOrDefault(Transport) ?? throw new InvalidOperationException($"No pool is running over {Transport}: ask for the slot 'start' first.");

    /// <summary>The template that warm starts fork from.</summary>
    /// <exception cref="InvalidOperationException">None is running.</exception>
    public SnakepitTemplate Template => _templates.GetValueOrDefault(Transport) ?? throw new InvalidOperationException($"No template is running over {Transport}: ask for the slot 'template' first.");

    public SnakepitOptions Options(int workers)
    {
        var options = new SnakepitOptions { Adapter = "snakepit_worker.adapters.showcase", Workers = workers, Transport = Transport };
        return Preparation == 0 ? Fault.Of(options) : options with
        {
            Adapter = "fitted_model:FittedModel",
            ModulePaths = [Path.Combine(AppContext.BaseDirectory, "adapters")],
            EnvironmentVariables = new Dictionary<string, string> { ["FITTED_MODEL_SECONDS"] = Preparation.ToString(CultureInfo.InvariantCulture) },
            StartTimeout = TimeSpan.FromSeconds(30 + (10 * Preparation)),
        };
    }

    /// <summary>Keeps a pool that has started.</summary>
    public void Keep(SnakepitPool pool) => _pools.Add(Transport, pool);

    /// <summary>Keeps a template that has started.</summary>
    public void Keep(SnakepitTemplate template) => _templates.Add(Transport, template);

    /// <summary>Gives the pool up to whoever disposes it.</summary>
    public SnakepitPool Release()
    {
        var pool = Pool;
        _pools.Remove(Transport);
        return pool;
    }

    /// <summary>The same transport without the pool; started when it is asked for first.</summary>
    public async Task<BareStreams> BareAsync(int workers) =>
        _bare.TryGetValue(Transport, out var bare) ? bare : _bare[Transport] = await BareStreams.StartAsync(Options(workers));

    /// <summary>What somebody might use instead of a pool; started when it is asked for first.</summary>
    public async Task<IPeer> PeerAsync(string name, int workers) =>
        _peers.TryGetValue(name, out var peer) ? peer : _peers[name] = await Peer.StartAsync(name, workers);

    /// <summary>A ping, with the fault that is injected.</summary>
    public Task PingAsync() => Fault.CallAsync(Pool);

    public async ValueTask DisposeAsync()
    {
        IAsyncDisposable[] all = [.. _pools.Values, .. _bare.Values, .. _peers.Values, .. _templates.Values]; // pools before the templates they forked from
        foreach (var one in all)
        {
            await one.DisposeAsync();
        }
    }
}
