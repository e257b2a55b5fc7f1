using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Environments;

/// <summary>Tests environments that the real pip makes from a requirements file.</summary>
public sealed class MadeEnvironments
{
    [PythonFact]
    public async Task Two_pools_of_a_program_have_environments_of_their_own_and_a_second_start_finds_them_ready()
    {
        using var shop = await Workshop.OpenAsync("greeting==1.0\n");
        shop.AddWheel("greeting", "1.0");
        shop.AddWheel("greeting", "2.0");
        await File.WriteAllTextAsync(shop.At("other.txt"), "greeting==2.0\n");
        var second = shop.Options with { Environment = shop.Environment with { Requirements = shop.At("other.txt") } };
        var logs = new RecordedLog();

        await using (var one = await StartAsync(shop.Options with { LoggerFactory = logs }))
        await using (var two = await StartAsync(second))
        {
            Assert.Equal("1.0", await VersionAsync(one, "greeting"));
            Assert.Equal("2.0", await VersionAsync(two, "greeting"));
            Assert.StartsWith(shop.Cache, await one.ExecuteAsync<string>("interpreter").InTime(), StringComparison.Ordinal);
        }

        Assert.Equal([23, 24], EventsOf(logs));
        Assert.Equal(2, shop.Cached.Length); // no lock is left
        Assert.All(shop.Cached, made => Assert.False(Directory.Exists(Path.Combine(made, "tmp"))));

        logs = new RecordedLog();
        await using var again = await StartAsync(shop.Options with { LoggerFactory = logs });
        Assert.Equal("1.0", await VersionAsync(again, "greeting"));
        Assert.Empty(EventsOf(logs));
    }

    [PythonFact]
    public async Task An_environment_has_what_the_grpc_transport_needs_and_what_included_files_list()
    {
        using var shop = await Workshop.OpenAsync("-r more/base.txt  # shared by all pools\n-c more/pins.txt\n");
        shop.AddWheel("greeting", "1.0");
        shop.AddWheel("greeting", "2.0");
        Directory.CreateDirectory(shop.At("more"));
        await File.WriteAllTextAsync(shop.At("more/base.txt"), "greeting\n");
        await File.WriteAllTextAsync(shop.At("more/pins.txt"), "greeting<2\n");
        var options = shop.Options with { Transport = WorkerTransport.Grpc };
        await using (var pool = await StartAsync(options))
        {
            Assert.Equal("1.0", await VersionAsync(pool, "greeting"));
        }

        await File.WriteAllTextAsync(shop.At("more/pins.txt"), "greeting>1\n");
        await using var changed = await StartAsync(options);
        Assert.Equal("2.0", await VersionAsync(changed, "greeting"));
    }

    [PythonFact]
    public async Task An_environment_sees_the_packages_of_its_interpreter_only_if_it_is_told_to()
    {
        using var shop = await Workshop.OpenAsync("greeting\n");
        shop.AddWheel("greeting", "1.0");
        var seen = new Dictionary<bool, string>();
        foreach (var system in (bool[])[false, true])
        {
            await using var pool = await StartAsync(shop.Options with
            {
                Environment = shop.Environment with { SystemSitePackages = system },
            });
            var interpreter = await pool.ExecuteAsync<string>("interpreter").InTime();
            seen[system] = await File.ReadAllTextAsync(Path.Combine(Path.GetDirectoryName(interpreter)!, "../pyvenv.cfg"));
        }

        Assert.Contains("include-system-site-packages = false", seen[false], StringComparison.Ordinal);
        Assert.Contains("include-system-site-packages = true", seen[true], StringComparison.Ordinal);
    }

    [PythonFact]
    public async Task Offline_pip_asks_no_index_whatever_its_own_settings_say()
    {
        using var index = new SilentIndex();
        using var shop = await Workshop.OpenAsync("greeting\nslow\n");
        shop.AddWheel("greeting", "1.0");
        await shop.AddSlowSourceAsync();
        await File.WriteAllTextAsync(shop.At("build/go"), "");
        await File.WriteAllTextAsync(shop.At("pip.conf"), $"[global]\nextra-index-url = {index.Url}\nfind-links = {index.Url}\n");
        var variables = new Dictionary<string, string>(shop.Options.EnvironmentVariables)
        {
            ["PIP_INDEX_URL"] = index.Url,
            ["PIP_FIND_LINKS"] = index.Url,
            ["PIP_CONFIG_FILE"] = shop.At("pip.conf"),
        };
        await using var pool = await StartAsync(shop.Options with { EnvironmentVariables = variables });
        Assert.Equal("1.0", await VersionAsync(pool, "greeting"));
        Assert.False(index.WasAsked);
    }

    [PythonFact]
    public async Task A_requirement_that_cannot_be_satisfied_is_told_with_the_command_and_what_pip_says()
    {
        using var shop = await Workshop.OpenAsync("nowhere==9.0\n");
        var failed = await Assert.ThrowsAsync<PythonEnvironmentException>(() => StartAsync(shop.Options));
        Assert.Equal(shop.Requirements, failed.Requirements);
        Assert.Contains(failed.Output, line => line.Contains("No matching distribution found for nowhere==9.0", StringComparison.Ordinal));
        Assert.Contains("pip has ended with exit code 1.", failed.Message, StringComparison.Ordinal);
        Assert.Contains($"-r {shop.Requirements}", failed.Command, StringComparison.Ordinal);
        Assert.Contains("No matching distribution", failed.Message, StringComparison.Ordinal);
        Assert.False(failed.IsTransient);
        Assert.Empty(shop.Cached);
    }

    [PythonFact]
    public async Task A_package_that_does_not_build_is_told_with_what_its_build_has_printed()
    {
        using var shop = await Workshop.OpenAsync("slow\n");
        await shop.AddSlowSourceAsync();
        await File.WriteAllTextAsync(shop.At("build/fail"), "");
        var failed = await Assert.ThrowsAsync<PythonEnvironmentException>(() => StartAsync(shop.Options));
        Assert.Contains("the compiler is missing", failed.Message, StringComparison.Ordinal);
        Assert.Empty(shop.Cached);
    }

    [PythonFact]
    public async Task An_index_that_never_answers_ends_the_start_when_the_time_is_up_and_nothing_is_left()
    {
        using var index = new SilentIndex();
        using var shop = await Workshop.OpenAsync($"--index-url {index.Url}\ngreeting\n");
        var (trace, time) = (new ProcessTrace(), new FakeTimeProvider());
        var environment = shop.Environment with { Offline = false, Wheels = null, Timeout = TimeSpan.FromMinutes(5) };
        var start = StartAsync(trace.Tag(shop.Options with { Environment = environment, TimeProvider = time }));
        await index.AskedAsync();
        time.Advance(TimeSpan.FromMinutes(5));

        var failed = await Assert.ThrowsAsync<PythonEnvironmentException>(() => start);
        Assert.Contains(
            "It was not ready within RequirementsEnvironment.Timeout (300 s). An index", failed.Message, StringComparison.Ordinal);
        Assert.Contains(failed.Output, line => line.Contains("Looking in indexes", StringComparison.Ordinal));
        Assert.True(failed.IsTransient);
        Assert.Empty(shop.Cached);
        trace.AssertNothingIsLeft();
    }

    [PythonFact]
    public async Task A_start_that_is_cancelled_ends_pip_with_all_that_it_has_started_and_leaves_nothing()
    {
        using var shop = await Workshop.OpenAsync("slow\n");
        await shop.AddSlowSourceAsync();
        var trace = new ProcessTrace();
        using var cancel = new CancellationTokenSource();
        var start = SnakepitPool.StartAsync(trace.Tag(shop.Options), cancel.Token);
        await shop.BuildingAsync();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => start.WaitAsync(Workshop.Patience));
        Assert.Empty(shop.Cached);
        trace.AssertNothingIsLeft();
    }

    [PythonFact]
    public async Task Starts_that_need_the_same_environment_wait_until_one_has_made_it()
    {
        using var shop = await Workshop.OpenAsync("slow\n");
        await shop.AddSlowSourceAsync();
        RecordedLog[] logs = [new(), new(), new()];
        var starts = Array.ConvertAll(logs, log => StartAsync(shop.Options with { LoggerFactory = log }));
        await shop.BuildingAsync();
        await Eventually.True(() => logs.Count(log => EventsOf(log).Contains(25)) == 2, "two starts wait", Workshop.Patience);
        await File.WriteAllTextAsync(shop.At("build/go"), "");
        foreach (var start in starts)
        {
            await using var pool = await start;
        }

        Assert.Single(logs, log => EventsOf(log).SequenceEqual([23, 24]));
        Assert.Single(shop.Cached);
    }

    private static async Task<SnakepitPool> StartAsync(SnakepitOptions options) =>
        await SnakepitPool.StartAsync(options).WaitAsync(Workshop.Patience);

    private static Task<string> VersionAsync(SnakepitPool pool, string module) =>
        pool.ExecuteAsync<string>("version_of", new { module }).InTime();

    private static int[] EventsOf(RecordedLog log) =>
        [.. log.Records.Select(record => record.Id.Id).Where(id => id is >= 23 and <= 25)];

    /// <summary>An index of packages that accepts connections and never answers.</summary>
    private sealed class SilentIndex : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        public SilentIndex() => _listener.Start();

        public string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/simple";

        public bool WasAsked => _listener.Pending();

        public Task AskedAsync() => Eventually.True(() => WasAsked, "pip asks the index", Workshop.Patience);

        public void Dispose() => _listener.Dispose();
    }
}
