using Snakepit.Processes;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Workers;

/// <summary>Tests who removes the socket directory of a program that was killed, and that no other directory is removed.</summary>
public sealed class AbandonedSockets
{
    private const UnixFileMode OnlyOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    [PythonFact]
    public async Task The_template_of_a_program_that_was_killed_removes_its_directory()
    {
        using var files = new Marker();
        var temporary = Directory.CreateDirectory(files.At("tmp")).FullName;
        using var host = HostProcess.Start(
            WorkerStart.Fork, "hang", files.At("killed"), environment => environment["TMPDIR"] = temporary);
        await files.WrittenAsync("killed.0");
        await files.WrittenAsync("killed.1");
        Assert.Single(Directories());

        await host.KillAsync();
        await Eventually.True(() => Directories().Length == 0, "the directory of the sockets is gone", within: TimeSpan.FromSeconds(5));

        string[] Directories() => Directory.GetDirectories(temporary, "snakepit-*");
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task A_start_removes_the_directories_of_programs_that_were_killed_and_no_others(WorkerStart start)
    {
        using var files = new Marker();
        var temporary = Directory.CreateDirectory(files.At("tmp")).FullName;
        string[] Directories() => Directory.GetDirectories(temporary, "snakepit-*");
        using var killed = Host("killed");
        var abandoned = Assert.Single(await HangingAsync("killed"));
        // Whoever kills a program may kill its template at the same time, which then cannot remove the directory.
        Snakepit.Processes.Signals.Send(killed.Id, OsProcess.SigStop);
        Array.ForEach([.. OsProcess.All().Where(pid => OsProcess.Descends(pid, killed.Id))], OsProcess.Kill);
        await killed.KillAsync();
        Assert.Equal([abandoned], Directories());

        using var living = Host("living");
        var used = Assert.Single(await HangingAsync("living"));
        Assert.NotEqual(abandoned, used);
        using var next = Host("next");
        Assert.Contains(used, await HangingAsync("next"));
        Assert.Equal(2, Directories().Length);

        HostProcess Host(string name) =>
            HostProcess.Start(start, "hang", files.At(name), environment => environment["TMPDIR"] = temporary);

        async Task<string[]> HangingAsync(string name)
        {
            await files.WrittenAsync($"{name}.0");
            await files.WrittenAsync($"{name}.1");
            return Directories();
        }
    }

    [Fact]
    public void Only_a_directory_that_is_certainly_abandoned_is_removed()
    {
        using var files = new Marker();
        var temporary = Directory.CreateDirectory(files.At("tmp")).FullName;
        using var owned = new SocketDirectory();
        var abandoned = Make("snakepit-abandoned", SocketDirectory.LockName, "control.sock", "1.sock");
        var kept = new[]
        {
            Make("snakepit-without-lock", "control.sock"),
            Make("snakepit-with-more", SocketDirectory.LockName, "control.sock", "report.txt"),
            Make("other-name", SocketDirectory.LockName),
            Make("snakepit-open-to-all", SocketDirectory.LockName),
            Make("snakepit-in-use", SocketDirectory.LockName),
        };
        File.SetUnixFileMode(Path.Combine(temporary, "snakepit-open-to-all"), OnlyOwner | UnixFileMode.OtherRead);
        Directory.CreateSymbolicLink(Path.Combine(temporary, "snakepit-link"), Make("elsewhere", SocketDirectory.LockName, "1.sock"));
        using var held = File.OpenHandle(
            Path.Combine(temporary, "snakepit-in-use", SocketDirectory.LockName), share: FileShare.ReadWrite | FileShare.Delete);
        Assert.True(FileFacts.TryLock(held));

        AbandonedDirectories.Remove(temporary);
        AbandonedDirectories.Remove(Path.GetTempPath());

        Assert.False(Directory.Exists(abandoned));
        Assert.All(kept, directory => Assert.NotEmpty(Directory.GetFiles(directory)));
        Assert.Equal(2, Directory.GetFiles(Path.Combine(temporary, "elsewhere")).Length);
        Assert.True(Directory.Exists(owned.Path));

        string Make(string name, params string[] contents)
        {
            var directory = Directory.CreateDirectory(Path.Combine(temporary, name), OnlyOwner).FullName;
            foreach (var file in contents)
            {
                File.WriteAllText(Path.Combine(directory, file), "");
            }

            return directory;
        }
    }

    [Fact]
    public async Task Programs_that_start_at_the_same_time_do_not_remove_each_others_directories()
    {
        using var files = new Marker();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var round = 0; round < 50; round++)
            {
                using var directory = new SocketDirectory();
                AbandonedDirectories.Remove(Path.GetTempPath());
                Assert.True(File.Exists(Path.Combine(directory.Path, SocketDirectory.LockName)));
                Directory.Delete(directory.Path, recursive: true);
                directory.Restore();
                AbandonedDirectories.Remove(Path.GetTempPath());
                Assert.True(File.Exists(Path.Combine(directory.Path, SocketDirectory.LockName)));
            }
        }))).InTime();
    }
}
