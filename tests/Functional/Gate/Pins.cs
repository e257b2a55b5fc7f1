using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Commands;
using Snakepit.Benchmarks.Repository;

namespace Snakepit.Tests.Functional.Gate;

/// <summary>
/// Tests pins (commits to compare with) that cannot be built. Each error must say what to do, and no unfinished build may be left.
/// </summary>
public sealed class Pins : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("snakepit-pins-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task The_error_for_a_pin_outside_of_the_history_says_how_to_move_the_pin()
    {
        await CommitAsync("file", "content");
        var missing = await Assert.ThrowsAsync<NotComparableException>(() => EnsureAsync(new string('a', 40)));
        Assert.Contains("is not in the history", missing.Message, StringComparison.Ordinal);
        Assert.Contains("bench pin", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_error_in_a_shallow_clone_says_how_to_get_the_history()
    {
        var pin = await CommitAsync("file", "one");
        await CommitAsync("file", "two");
        var clone = Path.Combine(_root, "clone");
        await RunAsync("clone", "--depth", "1", $"file://{_root}", clone);
        var build = new PinBuild(clone, new Git(clone));
        var shallow = await Assert.ThrowsAsync<NotComparableException>(
            () => build.EnsureAsync(pin, "python3", _ => { }, CancellationToken.None));
        Assert.Contains("shallow", shallow.Message, StringComparison.Ordinal);
        Assert.Contains("git fetch --unshallow", shallow.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fewer_rounds_than_an_accepted_ratio_needs_cannot_be_asked_for() =>
        Assert.Equal(PinCommand.FewestRounds, Workspace.Current.LoadPolicy().InterimLooks.Rounds[^1]);

    [Fact]
    public async Task A_pin_from_before_there_was_a_host_is_reported_and_no_build_is_left()
    {
        var pin = await CommitAsync("file", "content");
        var tooOld = await Assert.ThrowsAsync<NotComparableException>(() => EnsureAsync(pin));
        Assert.Contains("older than 'bench host'", tooOld.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateDirectories(Path.Combine(_root, "artifacts", "pins")));
    }

    [Fact]
    public async Task A_pin_that_does_not_compile_is_reported_with_the_compilers_error_and_no_build_is_left()
    {
        await CommitAsync("src/Snakepit.Benchmarks/Host/Broken.cs", "this is no C#");
        var pin = await CommitAsync(
            "src/Snakepit.Benchmarks/Snakepit.Benchmarks.csproj",
            "<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>");
        var broken = await Assert.ThrowsAsync<NotComparableException>(() => EnsureAsync(pin));
        Assert.Contains("does not build", broken.Message, StringComparison.Ordinal);
        Assert.Contains("Broken.cs", broken.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateDirectories(Path.Combine(_root, "artifacts", "pins")));
    }

    [Fact]
    public async Task A_build_is_used_again_unless_another_version_of_the_sdk_made_it()
    {
        await CommitAsync("file", "content");
        var (commit, marker, output) = await BuiltAsync();
        Assert.Equal(output, await EnsureAsync(commit));
        var mark = await File.ReadAllTextAsync(marker);
        await File.WriteAllTextAsync(marker, mark.Replace(CandidateBuild.Sdk, "9.0.100", StringComparison.Ordinal));
        await Assert.ThrowsAsync<NotComparableException>(() => EnsureAsync(commit)); // it is built anew, which fails: no such commit
    }

    [Fact]
    public async Task A_build_in_which_something_has_changed_a_file_is_not_used()
    {
        await CommitAsync("file", "content");
        var (commit, _, output) = await BuiltAsync();
        await File.AppendAllTextAsync(Path.Combine(output, "module.py"), "slower\n");
        await Assert.ThrowsAsync<NotComparableException>(() => EnsureAsync(commit));
    }

    [Fact]
    public async Task A_build_whose_compiled_python_was_removed_or_is_of_another_version_is_not_used()
    {
        await CommitAsync("file", "content");
        var (commit, marker, output) = await BuiltAsync();
        var compiled = Path.Combine(output, "module.pyc");
        File.Delete(compiled); // as with: find . -name '*.pyc' -delete
        await Assert.ThrowsAsync<NotComparableException>(() => EnsureAsync(commit));
        (commit, marker, output) = await BuiltAsync();
        Assert.Equal(output, await EnsureAsync(commit));
        await File.WriteAllTextAsync(marker, PinBuild.MarkOf(commit, output, "3.11.0 of another day"));
        await Assert.ThrowsAsync<NotComparableException>(() => EnsureAsync(commit));
    }

    [Fact]
    public async Task The_builds_that_were_used_last_are_kept_whatever_the_times_of_their_files_say()
    {
        var pin = await CommitAsync("file", "content"); // without a host, so that only the pruning before its build is seen
        var pins = Path.Combine(_root, "artifacts", "pins");
        for (var use = 1; use <= 22; use++)
        {
            var build = Directory.CreateDirectory(Path.Combine(pins, $"{use:D40}")).FullName;
            var (marker, file) = (Path.Combine(build, ".built"), Path.Combine(build, ".used"));
            await File.WriteAllTextAsync(marker, "");
            await File.WriteAllTextAsync(file, $"{use}\n");
            File.SetLastWriteTimeUtc(marker, DateTime.UnixEpoch.AddDays(100 - use)); // as if the first had been used last
            File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch.AddDays(100 - use));
        }

        var (commit, _, _) = await BuiltAsync();
        await EnsureAsync(commit);
        Assert.Equal("23\n", await File.ReadAllTextAsync(Path.Combine(pins, commit, ".used")));
        await Assert.ThrowsAsync<NotComparableException>(() => EnsureAsync(pin));
        string[] kept = [.. Enumerable.Range(4, 19).Select(use => $"{use:D40}"), commit];
        Assert.Equal(kept, Directory.EnumerateDirectories(pins).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_interrupted_build_is_removed()
    {
        var pin = await CommitAsync("src/Snakepit.Benchmarks/Host/File.cs", "");
        using var giveUp = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            new PinBuild(_root, new Git(_root)).EnsureAsync(pin, "python3", _ => giveUp.Cancel(), giveUp.Token));
        Assert.Empty(Directory.EnumerateDirectories(Path.Combine(_root, "artifacts", "pins")));
    }

    /// <summary>Makes what looks like the build of a commit.</summary>
    private async Task<(string Commit, string Marker, string Output)> BuiltAsync()
    {
        var commit = new string('b', 40);
        var directory = Path.Combine(_root, "artifacts", "pins", commit);
        var output = Directory.CreateDirectory(Path.Combine(directory, "artifacts", "bin", "Snakepit.Benchmarks", "release")).FullName;
        await File.WriteAllTextAsync(Path.Combine(output, "module.py"), "as it was built\n");
        await File.WriteAllTextAsync(Path.Combine(output, "module.pyc"), "compiled by Python\n");
        var marker = Path.Combine(directory, ".built");
        var version = await CompiledPython.VersionOfAsync("python3", CancellationToken.None);
        await File.WriteAllTextAsync(marker, PinBuild.MarkOf(commit, output, version));
        return (commit, marker, output);
    }

    private Task<string> EnsureAsync(string pin) =>
        new PinBuild(_root, new Git(_root)).EnsureAsync(pin, "python3", _ => { }, CancellationToken.None);

    private Task<string> CommitAsync(string path, string content) => TestRepository.CommitAsync(_root, path, content);

    private Task<string> RunAsync(params string[] arguments) => TestRepository.GitAsync(_root, arguments);
}
