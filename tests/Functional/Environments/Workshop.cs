using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Environments;

/// <summary>
/// A directory with all that an environment is made of: a requirements file, a folder of wheels, a cache and an adapter. The wheels of what
/// workers need are made of the packages of the interpreter of the tests, so that pip needs no network.
/// </summary>
internal sealed class Workshop : IDisposable
{
    /// <summary>Making an environment takes some seconds, and longer on a loaded machine.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static readonly Lazy<Task<string>> Needed = new(PackNeededAsync);

    private readonly Marker _place = new();

    private Workshop(string python) => Python = python;

    /// <summary>The interpreter that makes environments.</summary>
    public string Python { get; }

    public string Requirements => At("requirements.txt");

    public string Wheels => At("wheels");

    public string Cache => At("cache");

    /// <summary>The environments in the cache, and whatever else is there.</summary>
    public string[] Cached => Directory.Exists(Cache) ? Directory.GetFileSystemEntries(Cache) : [];

    /// <summary>Options of a pool whose environment pip makes of the requirements and the wheels, without the network.</summary>
    public SnakepitOptions Options => new()
    {
        Adapter = "environment_adapter",
        ModulePaths = [At("modules")],
        Workers = 1,
        Transport = WorkerTransport.Direct,
        Environment = Environment,
        EnvironmentVariables = new Dictionary<string, string> { ["TEST_BUILD"] = At("build") },
    };

    public RequirementsEnvironment Environment => PythonEnvironment.FromRequirements(Requirements) with
    {
        PythonPath = Python,
        Offline = true,
        Wheels = Wheels,
        CacheDirectory = Cache,
    };

    public static async Task<Workshop> OpenAsync(string requirements)
    {
        var shop = new Workshop(await TestPython.PathAsync(WorkerTransport.Grpc));
        foreach (var folder in (string[])["wheels", "modules", "build"])
        {
            Directory.CreateDirectory(shop.At(folder));
        }

        foreach (var wheel in Directory.GetFiles(await Needed.Value))
        {
            File.CreateSymbolicLink(Path.Combine(shop.Wheels, Path.GetFileName(wheel)), wheel);
        }

        await File.WriteAllTextAsync(shop.Requirements, requirements);
        await File.WriteAllTextAsync(Path.Combine(shop.At("modules"), "environment_adapter.py"), """
            import importlib
            import sys

            from snakepit_worker import tool

            @tool
            def version_of(module: str) -> str:
                return importlib.import_module(module).VERSION

            @tool
            def interpreter() -> str:
                return sys.executable
            """);
        return shop;
    }

    public string At(string name) => _place.At(name);

    /// <summary>Puts a wheel with one module, which has the attribute VERSION, into the folder of wheels.</summary>
    public void AddWheel(string name, string version)
    {
        var information = $"{name}-{version}.dist-info";
        using var wheel = ZipFile.Open(Path.Combine(Wheels, $"{name}-{version}-py3-none-any.whl"), ZipArchiveMode.Create);
        Write($"{name}.py", $"VERSION = '{version}'\n");
        Write($"{information}/METADATA", $"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n");
        Write($"{information}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n");
        Write($"{information}/RECORD", "");

        void Write(string path, string text)
        {
            using var entry = new StreamWriter(wheel.CreateEntry(path).Open());
            entry.Write(text);
        }
    }

    /// <summary>
    /// Puts the source archive of the package "slow" into the folder of wheels. Its build waits for the file <c>build/go</c>, and fails if
    /// there is a file <c>build/fail</c>; see <c>python/slow_backend.py</c>.
    /// </summary>
    public async Task AddSlowSourceAsync()
    {
        await using var archive = new GZipStream(File.Create(Path.Combine(Wheels, "slow-1.0.tar.gz")), CompressionLevel.Fastest);
        await using var writer = new TarWriter(archive);
        await AddAsync("PKG-INFO", "Metadata-Version: 2.1\nName: slow\nVersion: 1.0\n");
        await AddAsync("pyproject.toml", "[build-system]\nrequires = []\nbuild-backend = 'slow_backend'\nbackend-path = ['.']\n");
        await AddAsync("slow_backend.py", await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "probes", "slow_backend.py")));

        async Task AddAsync(string name, string text) => await writer.WriteEntryAsync(
            new PaxTarEntry(TarEntryType.RegularFile, $"slow-1.0/{name}") { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) });
    }

    /// <summary>Waits until pip builds the package "slow".</summary>
    public Task BuildingAsync() => Eventually.True(() => File.Exists(At("build/building")), "pip builds the package", Patience);

    public void Dispose() => _place.Dispose();

    private static async Task<string> PackNeededAsync()
    {
        var directory = Directory.CreateTempSubdirectory("wheels-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(directory, recursive: true);
        await PackAsync("protobuf", "4.21.12", "google.protobuf", "google._upb");
        await PackAsync("grpcio", "1.51.1", "grpc");
        return directory;

        async Task PackAsync(params string[] arguments)
        {
            var program = Path.Combine(AppContext.BaseDirectory, "probes", "installed_wheel.py");
            var python = await TestPython.PathAsync(WorkerTransport.Grpc);
            using var process = Process.Start(new ProcessStartInfo(python, [program, directory, .. arguments]))!;
            await process.WaitForExitAsync();
            Assert.Equal(0, process.ExitCode);
        }
    }
}
