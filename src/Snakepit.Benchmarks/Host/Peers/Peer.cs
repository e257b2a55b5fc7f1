using System.Collections.Immutable;
using Snakepit.Benchmarks.Subprocesses;

namespace Snakepit.Benchmarks.Host.Peers;

/// <summary>
/// A kind of peer. A peer is another way to call Python from .NET, such as a web service, which the pool is compared with.
/// </summary>
/// <param name="Name">The name of the peer in requests and in the names of metrics.</param>
/// <param name="Description">A description of the peer in a few words, for reports.</param>
/// <param name="Command">
/// The script in <c>eng/peers</c> that runs the peer, followed by the arguments of the script. The number of workers is added as the last
/// argument.
/// </param>
/// <param name="Modules">The Python modules that the peer imports.</param>
/// <param name="Packages">The Debian packages that contain these modules.</param>
internal sealed record Peer(
    string Name, string Description, ImmutableArray<string> Command, ImmutableArray<string> Modules, string Packages)
{
    private const string WebPackages = "python3-fastapi python3-uvicorn python3-uvloop python3-httptools gunicorn";

    private static readonly ImmutableArray<string> WebModules = ["gunicorn", "uvicorn.workers", "uvloop", "httptools"];

    /// <summary>Python code that raises an exception where the peer cannot run, if its modules alone do not tell.</summary>
    private string? Check { get; init; }

    /// <summary>The kinds of peers that answer pings.</summary>
    public static IReadOnlyList<Peer> All { get; } =
    [
        new Peer(
            "fastapi", "FastAPI, uvicorn's workers under gunicorn, HTTP", ["http_server.py", "fastapi_app"], [.. WebModules, "fastapi"],
            WebPackages),
        new Peer("asgi", "bare ASGI, uvicorn's workers under gunicorn, HTTP", ["http_server.py", "asgi_app"], WebModules, WebPackages),
        new Peer("grpcio", "unary gRPC by hand, a process a worker", ["grpcio_server.py"], ["grpc"], "python3-grpcio"),
        new Peer(
            "process_pool", "concurrent.futures.ProcessPoolExecutor, called by threads of Python", ["process_pool.py"],
            ["concurrent.futures"], "python3"),
    ];

    /// <summary>The kinds of peers to which arrays are sent.</summary>
    public static IReadOnlyList<Peer> OfArrays { get; } =
    [
        new Peer(
            "asgi_raw", "bare ASGI, uvicorn's worker under gunicorn, raw bytes over HTTP on a Unix socket",
            ["http_server.py", "asgi_arrays_app", "unix"], WebModules, WebPackages),
        new Peer(
            "process_pool_numpy", "concurrent.futures.ProcessPoolExecutor with arrays of numpy, called from Python", ["process_pool.py"],
            ["numpy"], "python3-numpy"),
        new Peer(
            "pythonnet", "Python in the .NET process (pythonnet), arrays copied into numpy's and back", [], ["numpy"],
            "python3-numpy libpython3.11")
        {
            Check = $"import numpy, ctypes; ctypes.CDLL({PythonnetPeer.LibraryCode})",
        },
    ];

    /// <summary>Starts a peer, and returns when all its workers are ready.</summary>
    /// <exception cref="InvalidOperationException">
    /// The peer did not start. If its script has ended, the message contains what the script printed.
    /// </exception>
    public static async Task<IPeer> StartAsync(string name, int workers)
    {
        var peer = All.Single(one => one.Name == name);
        var process = await PeerProcess.StartAsync(peer.Command, workers);
        return name switch
        {
            "grpcio" => new UnaryPeer(process),
            "process_pool" => new ProcessPoolPeer(process),
            _ => new HttpPeer(process),
        };
    }

    /// <summary>Starts a peer to which arrays are sent, with one worker, because it has one caller.</summary>
    /// <exception cref="InvalidOperationException">The peer did not start.</exception>
    public static async Task<IArrayPeer> StartForArraysAsync(string name)
    {
        var peer = OfArrays.Single(one => one.Name == name);
        return name switch
        {
            "pythonnet" => await PythonnetPeer.StartAsync(),
            "process_pool_numpy" => new ProcessPoolPeer(await PeerProcess.StartAsync(peer.Command, workers: 1)),
            _ => new RawBytesPeer(await PeerProcess.StartAsync(peer.Command, workers: 1)),
        };
    }

    /// <summary>
    /// Returns a message that says which module of this peer a Python interpreter lacks and which packages to install; null if the
    /// interpreter has all modules.
    /// </summary>
    public async Task<string?> MissingAsync(string python)
    {
        var code = Check ?? $"import {string.Join(", ", Modules)}";
        var imports = await Subprocess.RunAsync(python, ["-c", code], CancellationToken.None);
        return imports.ExitCode == 0
            ? null
            : $"{Name} is not measured: {imports.Errors.Split('\n')[^1]}. On Debian: apt-get install {Packages}";
    }
}
