using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Host.Peers;
using Snakepit.Benchmarks.Machines;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Benchmarks.Repository;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Gate;

/// <summary>
/// Tests the peers: other ways to call Python from .NET, with which studies compare the pool. If the Python packages of a peer are not
/// installed, the error must say so.
/// </summary>
public sealed class Peers
{
    public static TheoryData<string> Names => [.. Peer.All.Select(peer => peer.Name)];

    public static TheoryData<string> NamesOfArrays => [.. Peer.OfArrays.Select(peer => peer.Name)];

    /// <summary>Names of peers. Several peers may be run by the same script; of these, only the first is listed.</summary>
    public static TheoryData<string> Scripts => [.. Peer.All.DistinctBy(peer => peer.Command[0]).Select(peer => peer.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_peer_is_measured_and_leaves_no_process_or_the_error_says_what_to_install(string name)
    {
        var (peer, python) = (Peer.All.Single(one => one.Name == name), await ThisMachine.PythonAsync());
        if (await peer.MissingAsync(python) is { } reason)
        {
            Assert.StartsWith($"{name} is not measured: ModuleNotFoundError", reason, StringComparison.Ordinal);
            Assert.Contains(peer.Packages, reason, StringComparison.Ordinal);
            return;
        }

        var arm = await Arm.StartAsync(Side.Candidate, CandidateBuild.Directory, python, settled: false, CancellationToken.None);
        List<int> family;
        await using (arm)
        {
            var closed = new PeerLoopSlot(name, Workers: 2, Callers: 4, Milliseconds: 100);
            Assert.InRange((await arm.RunAsync(closed, CancellationToken.None)).Calls, 1, double.MaxValue);
            var single = await arm.RunAsync(new PeerSingleCallerSlot(name, Workers: 2, Count: 20), CancellationToken.None);
            Assert.Equal(20, single.Samples.Length);
            Assert.All(single.Samples, microseconds => Assert.InRange(microseconds, 1, 20_000_000));
            family = [.. OsProcess.All().Where(pid => OsProcess.Descends(pid, arm.ProcessId))];
            Assert.True(family.Count >= 3, $"only {family.Count} processes"); // the script and two workers
        }

        foreach (var process in family)
        {
            await OsProcess.Gone(process);
        }
    }

    [Theory]
    [MemberData(nameof(NamesOfArrays))]
    public async Task A_peer_sends_arrays_and_leaves_no_process_or_the_error_says_what_to_install(string name)
    {
        var (peer, python) = (Peer.OfArrays.Single(one => one.Name == name), await ThisMachine.PythonAsync());
        if (await peer.MissingAsync(python) is { } reason)
        {
            Assert.StartsWith($"{name} is not measured: ", reason, StringComparison.Ordinal);
            Assert.EndsWith($"On Debian: apt-get install {peer.Packages}", reason, StringComparison.Ordinal);
            return;
        }

        var arm = await Arm.StartAsync(Side.Candidate, CandidateBuild.Directory, python, settled: false, CancellationToken.None);
        List<int> family;
        await using (arm)
        {
            foreach (var bytes in (int[])[10_000, 1_000_000])
            {
                var echoes = await arm.RunAsync(new PeerArraySlot(name, bytes, Count: 5), CancellationToken.None);
                Assert.Equal(5, echoes.Samples.Length);
                Assert.All(echoes.Samples, microseconds => Assert.InRange(microseconds, 1, 20_000_000));
            }

            family = [.. OsProcess.All().Where(pid => OsProcess.Descends(pid, arm.ProcessId))];
        }

        foreach (var process in family)
        {
            await OsProcess.Gone(process);
        }
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task A_peer_ends_when_its_host_is_killed_before_or_after_the_peer_is_ready(string name)
    {
        var (peer, python) = (Peer.All.Single(one => one.Name == name), await ThisMachine.PythonAsync());
        if (await peer.MissingAsync(python) is not null)
        {
            return; // the test above checks the reason
        }

        var closed = new PeerLoopSlot(name, Workers: 2, Callers: 1, Milliseconds: 1);
        for (var isReady = 0; isReady < 2; isReady++)
        {
            var arm = await Arm.StartAsync(Side.Candidate, CandidateBuild.Directory, python, settled: false, CancellationToken.None);
            var running = arm.RunAsync(closed, CancellationToken.None);
            if (isReady == 1)
            {
                await running;
            }

            var least = isReady == 1 ? 3 : 1;
            List<int> family = [];
            await Eventually.True(
                () => (family = [.. OsProcess.All().Where(pid => OsProcess.Descends(pid, arm.ProcessId))]).Count >= least,
                "the script runs");
            arm.Kill();
            await arm.DisposeAsync();
            await Task.WhenAny(running); // the request fails, unless it was answered just before the kill
            foreach (var process in family)
            {
                await OsProcess.Gone(process);
            }
        }
    }

    [Fact]
    public async Task The_error_of_a_missing_module_names_the_packages_that_have_it()
    {
        var peer = Peer.All[0] with { Modules = ["os", "no_such_module"] };
        var reason = await peer.MissingAsync(await ThisMachine.PythonAsync());
        Assert.Equal(
            $"fastapi is not measured: ModuleNotFoundError: No module named 'no_such_module'. On Debian: apt-get install {peer.Packages}",
            reason);
    }
}
