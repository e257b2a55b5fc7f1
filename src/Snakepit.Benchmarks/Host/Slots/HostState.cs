using System.Globalization;
using Snakepit.Benchmarks.Host.Bare;
using Snakepit.Benchmarks.Host.Faults;
using Snakepit.Benchmarks.Host.Peers;
using Snakepit.Benchmarks.Protocol;
using Snakepit.Benchmarks.Protocol.Slots;

namespace Snakepit.Benchmarks.Host.Slots;

/// <summary>
/// What a slot leaves running or set for later slots: settings, at most one template, one pool and one set of bare streams (connections
/// without a pool) for each transport, the running peers by name, and what handlers of a single scenario keep.
/// </summary>
internal sealed class HostState : IAsyncDisposable
{
    private readonly Dictionary<WorkerTransport, SnakepitPool> _pools = [];
    private readonly Dictionary<WorkerTransport, SnakepitTemplate> _templates = [];
    private readonly Dictionary<WorkerTransport, BareStreams> _bare = [];
    private readonly Dictionary<string, IPeer> _peers = [];
    private readonly Dictionary<string, IArrayPeer> _arrayPeers = [];
    private readonly Dictionary<Type, object> _others = [];

    /// <summary>The fault that is injected into pools and calls; no fault unless a validation asks for one.</summary>
    public InjectedFault Fault { get; set; } = InjectedFault.None;

    /// <summary>The transport over which workers are started and called.</summary>
    public WorkerTransport Transport { get; set; } = WorkerTransport.Grpc;

    /// <summary>
    /// The CPU time that the adapter uses to prepare itself, in seconds. With 0 the showcase is used, the example adapter that needs no
    /// preparation.
    /// </summary>
    public double PreparationSeconds { get; set; }

    /// <summary>
    /// True if the adapter has the tools that measure arrays. It imports numpy, so it is used only where arrays are measured.
    /// </summary>
    public bool HasArrayTools { get; set; }

    /// <summary>The running pool of the current transport.</summary>
    /// <exception cref="InvalidOperationException">No pool is running over the current transport.</exception>
    public SnakepitPool Pool => Running(_pools, "pool", typeof(StartSlot));

    /// <summary>
    /// The running template of the current transport: a process that has imported the adapter, from which warm starts fork their workers.
    /// </summary>
    /// <exception cref="InvalidOperationException">No template is running over the current transport.</exception>
    public SnakepitTemplate Template => Running(_templates, "template", typeof(TemplateSlot));

    /// <summary>
    /// Returns the options for a pool or template that is about to be started, with the injected fault. A fault that brings its own adapter
    /// takes the place of the one with tools for arrays. Slots that need those tools fail then, and the fault is not lost in silence.
    /// </summary>
    public SnakepitOptions Options(int workers)
    {
        var options = new SnakepitOptions { Adapter = "snakepit_worker.adapters.showcase", Workers = workers, Transport = Transport };
        var own = options with { ModulePaths = [Path.Combine(AppContext.BaseDirectory, "adapters")] };
        if (HasArrayTools)
        {
            return Fault.Of(own with { Adapter = "measured_arrays:MeasuredArrays" });
        }

        return Fault.Of(PreparationSeconds == 0 ? options : own with
        {
            Adapter = "fitted_model:FittedModel",
            EnvironmentVariables = new Dictionary<string, string>
            {
                ["FITTED_MODEL_SECONDS"] = PreparationSeconds.ToString(CultureInfo.InvariantCulture),
            },
            StartTimeout = TimeSpan.FromSeconds(30 + (10 * PreparationSeconds)),
        });
    }

    /// <summary>Keeps a started pool for later slots.</summary>
    public void Keep(SnakepitPool pool) => _pools.Add(Transport, pool);

    /// <summary>Keeps a started template for later slots.</summary>
    public void Keep(SnakepitTemplate template) => _templates.Add(Transport, template);

    /// <summary>Returns what <see cref="Keep{T}"/> has kept; null if it has kept no object of this class.</summary>
    public T? Kept<T>()
        where T : class => (T?)_others.GetValueOrDefault(typeof(T));

    /// <summary>
    /// Keeps an object for later slots, in place of one of the same class. It is disposed together with this state. The class is not named
    /// here, because all scenarios share this file.
    /// </summary>
    public T Keep<T>(T kept)
        where T : class
    {
        _others[typeof(T)] = kept;
        return kept;
    }

    /// <summary>Removes the running pool from this state and returns it. The caller must dispose the pool.</summary>
    public SnakepitPool Release()
    {
        var pool = Pool;
        _pools.Remove(Transport);
        return pool;
    }

    /// <summary>Returns the connections to workers without a pool. The first request starts the workers.</summary>
    public async Task<BareStreams> BareAsync(int workers) =>
        _bare.TryGetValue(Transport, out var bare) ? bare : _bare[Transport] = await BareStreams.StartAsync(Options(workers));

    /// <summary>Returns the peer with a name. The first request for a peer starts it.</summary>
    public async Task<IPeer> PeerAsync(string name, int workers) =>
        _peers.TryGetValue(name, out var peer) ? peer : _peers[name] = await Peer.StartAsync(name, workers);

    /// <summary>Returns the peer with a name, to which arrays are sent. The first request for a peer starts it, with one worker.</summary>
    public async Task<IArrayPeer> ArrayPeerAsync(string name) =>
        _arrayPeers.TryGetValue(name, out var peer) ? peer : _arrayPeers[name] = await Peer.StartForArraysAsync(name);

    /// <summary>Sends a ping through the running pool, with the injected fault.</summary>
    public Task PingAsync() => PingAsync(Pool);

    /// <summary>Sends a ping through a pool, with the injected fault.</summary>
    public Task PingAsync(SnakepitPool pool) => Fault.PingAsync(pool);

    /// <summary>Returns the options that a pool is started with, with the injected fault, which may also take a worker away.</summary>
    public SnakepitOptions WithFault(SnakepitOptions options) => Fault.Of(options with { Workers = Fault.WorkersOf(options.Workers) });

    public async ValueTask DisposeAsync()
    {
        // Pools are disposed before the templates that their workers were forked from.
        IEnumerable<IAsyncDisposable> all =
        [
            .. _pools.Values, .. _bare.Values, .. _peers.Values, .. _arrayPeers.Values, .. _templates.Values,
            .. _others.Values.OfType<IAsyncDisposable>(),
        ];
        foreach (var one in all)
        {
            await one.DisposeAsync();
        }
    }

    private T Running<T>(Dictionary<WorkerTransport, T> all, string what, Type slot)
        where T : class => all.GetValueOrDefault(Transport)
        ?? throw new InvalidOperationException($"No {what} is running over {Transport}: ask for the slot '{Slot.NameOf(slot)}' first.");
}
