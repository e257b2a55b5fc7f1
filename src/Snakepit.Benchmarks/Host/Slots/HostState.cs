using System.Globalization;
using Snakepit.Benchmarks.Host.Bare;
using Snakepit.Benchmarks.Host.Faults;
using Snakepit.Benchmarks.Host.Peers;
using Snakepit.Benchmarks.Protocol;
using Snakepit.Benchmarks.Protocol.Slots;

namespace Snakepit.Benchmarks.Host.Slots;

/// <summary>
/// What slots leave for later slots: settings, at most one template, one pool and one set of bare streams for each transport, and peers by
/// name.
/// </summary>
internal sealed class HostState : IAsyncDisposable
{
    private readonly Dictionary<WorkerTransport, SnakepitPool> _pools = [];
    private readonly Dictionary<WorkerTransport, SnakepitTemplate> _templates = [];
    private readonly Dictionary<WorkerTransport, BareStreams> _bare = [];
    private readonly Dictionary<string, IPeer> _peers = [];

    /// <summary>The fault that is committed; none unless a validation asks for one.</summary>
    public InjectedFault Fault { get; set; } = InjectedFault.None;

    /// <summary>The transport over which workers are started and called.</summary>
    public WorkerTransport Transport { get; set; } = WorkerTransport.Grpc;

    /// <summary>How many seconds of CPU time the adapter uses to prepare itself; 0 for the showcase, which needs none.</summary>
    public double PreparationSeconds { get; set; }

    /// <summary>The pool that is running.</summary>
    /// <exception cref="InvalidOperationException">None is running.</exception>
    public SnakepitPool Pool => Running(_pools, "pool", typeof(StartSlot));

    /// <summary>The template that warm starts fork from.</summary>
    /// <exception cref="InvalidOperationException">None is running.</exception>
    public SnakepitTemplate Template => Running(_templates, "template", typeof(TemplateSlot));

    /// <summary>The options of a pool that is to be started.</summary>
    public SnakepitOptions Options(int workers)
    {
        var options = new SnakepitOptions { Adapter = "snakepit_worker.adapters.showcase", Workers = workers, Transport = Transport };
        return PreparationSeconds == 0 ? Fault.Of(options) : options with
        {
            Adapter = "fitted_model:FittedModel",
            ModulePaths = [Path.Combine(AppContext.BaseDirectory, "adapters")],
            EnvironmentVariables = new Dictionary<string, string>
            {
                ["FITTED_MODEL_SECONDS"] = PreparationSeconds.ToString(CultureInfo.InvariantCulture),
            },
            StartTimeout = TimeSpan.FromSeconds(30 + (10 * PreparationSeconds)),
        };
    }

    /// <summary>Keeps a pool that has started.</summary>
    public void Keep(SnakepitPool pool) => _pools.Add(Transport, pool);

    /// <summary>Keeps a template that has started.</summary>
    public void Keep(SnakepitTemplate template) => _templates.Add(Transport, template);

    /// <summary>Hands the pool to the caller, who disposes it.</summary>
    public SnakepitPool Release()
    {
        var pool = Pool;
        _pools.Remove(Transport);
        return pool;
    }

    /// <summary>The streams to workers without a pool; they are started when they are first asked for.</summary>
    public async Task<BareStreams> BareAsync(int workers) =>
        _bare.TryGetValue(Transport, out var bare) ? bare : _bare[Transport] = await BareStreams.StartAsync(Options(workers));

    /// <summary>The peer of that name; it is started when it is first asked for.</summary>
    public async Task<IPeer> PeerAsync(string name, int workers) =>
        _peers.TryGetValue(name, out var peer) ? peer : _peers[name] = await Peer.StartAsync(name, workers);

    /// <summary>A ping through the pool, with the fault.</summary>
    public Task PingAsync() => Fault.PingAsync(Pool);

    public async ValueTask DisposeAsync()
    {
        // Pools are disposed before the templates that their workers were forked from.
        foreach (var one in (IEnumerable<IAsyncDisposable>)[.. _pools.Values, .. _bare.Values, .. _peers.Values, .. _templates.Values])
        {
            await one.DisposeAsync();
        }
    }

    private T Running<T>(Dictionary<WorkerTransport, T> all, string what, Type slot)
        where T : class => all.GetValueOrDefault(Transport)
        ?? throw new InvalidOperationException($"No {what} is running over {Transport}: ask for the slot '{Slot.NameOf(slot)}' first.");
}
