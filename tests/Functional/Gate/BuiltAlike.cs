using System.Diagnostics;
using System.Globalization;
using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Subprocesses;
using Snakepit.Processes;
using Snakepit.Tests.Functional.Conventions;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Gate;

/// <summary>
/// Tests that both sides are built alike, that a side that was built with other settings is noticed, and that results are attributed to
/// what was built.
/// </summary>
public sealed class BuiltAlike : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("snakepit-built-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void This_build_is_optimised_and_differs_in_nothing_from_itself()
    {
        var settings = BuildSettings.Read(CandidateBuild.Directory);
        Assert.Empty(settings.Unoptimised);
        Assert.Empty(settings.DifferencesFrom(settings));
        Assert.Contains("NET10_0", settings.Values["define of Snakepit"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_setting_in_an_environment_variable_is_seen_in_what_was_built_and_does_not_reach_the_build_of_a_pin()
    {
        var spoilt = await BuildAsync("spoilt", Spoil);
        var pin = await BuildAsync("pin", environment =>
        {
            Spoil(environment);
            DotnetEnvironment.KeepForBuild(environment);
        });
        Assert.Equal(["Snakepit", "Snakepit.Measurement", "Snakepit.Benchmarks"], spoilt.Unoptimised);
        Assert.Empty(pin.Unoptimised);
        Assert.Contains(spoilt.DifferencesFrom(pin), difference => difference.StartsWith("define of Snakepit ", StringComparison.Ordinal));

        static void Spoil(IDictionary<string, string?> environment)
        {
            environment["Optimize"] = "false";
            environment["DefineConstants"] = "SLOW";
        }
    }

    [Fact]
    public void Another_runtime_and_another_version_of_a_package_are_seen_and_a_package_that_only_one_side_has_is_its_code()
    {
        var own = BuildSettings.Read(CandidateBuild.Directory);
        string[] files = ["Snakepit.pdb", "Snakepit.Measurement.pdb", "Snakepit.Benchmarks.pdb"];
        foreach (var file in files)
        {
            File.Copy(Path.Combine(CandidateBuild.Directory, file), Path.Combine(_root, file));
        }

        Copy("Snakepit.Benchmarks.runtimeconfig.json", "\"tfm\"", "\"rollForward\": \"LatestMajor\", \"tfm\"");
        Copy("Snakepit.Benchmarks.deps.json", "\"Google.Protobuf/", "\"Google.Protobuf/9.");
        var differences = BuildSettings.Read(_root).DifferencesFrom(own).ToList();
        Assert.Equal(2, differences.Count);
        Assert.StartsWith("package Google.Protobuf is '9.", differences[0], StringComparison.Ordinal);
        Assert.Equal("rollForward is 'LatestMajor' and not 'not set'", differences[1]);
        Copy("Snakepit.Benchmarks.deps.json", "\"Google.Protobuf/", "\"Other.Protobuf/");
        Assert.Equal("rollForward is 'LatestMajor' and not 'not set'", Assert.Single(BuildSettings.Read(_root).DifferencesFrom(own)));

        void Copy(string name, string old, string changed)
        {
            var text = File.ReadAllText(Path.Combine(CandidateBuild.Directory, name));
            Assert.Contains(old, text, StringComparison.Ordinal);
            File.WriteAllText(Path.Combine(_root, name), text.Replace(old, changed, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Sources_are_found_also_in_a_folder_of_a_larger_repository_that_a_service_has_built()
    {
        await TestRepository.CommitAsync(_root, "README.md", "a larger repository");
        await BuildAsync("library", environment => environment["ContinuousIntegrationBuild"] = "true");
        var (folder, output) = (Path.Combine(_root, "library"), Path.Combine(_root, "library", "out"));
        await File.WriteAllTextAsync(Path.Combine(output, "other-inputs.sha256"), "");
        Directory.CreateDirectory(Path.Combine(output, "python", "snakepit_worker"));
        var built = BuiltSources.Read(output, folder);
        Assert.Empty(built.DifferencesFromTree(folder));
        File.Delete(Path.Combine(folder, "Program.cs"));
        Assert.Equal(["Program.cs"], built.DifferencesFromTree(folder));
    }

    [Fact]
    public void No_build_setting_above_the_clone_reaches_its_projects()
    {
        string[] names = ["Directory.Build.props", "Directory.Build.targets", "Directory.Build.rsp", "Directory.Packages.props"];
        foreach (var name in names)
        {
            Assert.True(File.Exists(Path.Combine(Repository.Root, name)), $"{name} of a folder above the clone would apply to the clone.");
        }
    }

    [Fact]
    public async Task A_pin_is_built_in_its_own_folder_whatever_the_folder_of_the_caller_asks_for()
    {
        await TestRepository.CommitAsync(_root, "src/Snakepit.Benchmarks/Host/Broken.cs", "this is no C#");
        var pin = await TestRepository.CommitAsync(_root, "global.json", """{ "sdk": { "version": "1.2.3" } }""");
        var failed = await Assert.ThrowsAsync<NotComparableException>(
            () => new PinBuild(_root, new Git(_root)).EnsureAsync(pin, "python3", _ => { }, CancellationToken.None));
        Assert.Contains("1.2.3", failed.Message, StringComparison.Ordinal); // the words of 'dotnet', which are not on a line with "error"
    }

    [Fact]
    public async Task A_result_is_attributed_to_the_commit_that_is_checked_out_and_tells_files_that_the_commit_does_not_have()
    {
        var git = new Git(CandidateBuild.RepositoryRoot);
        var built = BuiltSources.Read(CandidateBuild.Directory, CandidateBuild.RepositoryRoot);
        var head = (await git.HeadAsync())!;
        var differing = await built.DifferencesFromAsync(git, head);
        var measured = await MeasuredBuild.OfAsync(built, git);
        Assert.Equal((head, built.Checksum), (measured.Commit, measured.Sources));
        Assert.True(measured.HasLocalChanges || differing.Count == 0);

        var empty = await TestRepository.CommitAsync(_root, "src/Snakepit/SnakepitPool.cs", "// other content\n");
        // The version in the program says another commit than this repository has, as after a build with -p:Version=1.0.0+COMMIT.
        Assert.NotEqual(empty, CandidateBuild.Revision);
        Assert.Equal(new MeasuredBuild(empty, HasLocalChanges: true, built.Checksum), await MeasuredBuild.OfAsync(built, new Git(_root)));
        var missing = await built.DifferencesFromAsync(new Git(_root), empty);
        Assert.Contains("src/Snakepit/SnakepitPool.cs", missing);
        Assert.Contains("src/Snakepit.Measurement/Samples/Sample.cs", missing);
        Assert.Contains("priv/python/snakepit_worker/__init__.py", missing);
        Assert.Contains("protos/snakepit/v1/worker.proto", missing);
        Assert.Contains("src/Snakepit/Snakepit.csproj", missing);
        Assert.Contains("Directory.Packages.props", missing);
        Assert.Contains("src/Snakepit.Benchmarks/Host/adapters/fitted_model.py", missing);
        Assert.Contains("eng/peers/process_pool.py", missing);
        Assert.DoesNotContain(missing, file => file.StartsWith("artifacts/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_result_without_a_repository_names_no_commit()
    {
        var built = BuiltSources.Read(CandidateBuild.Directory, CandidateBuild.RepositoryRoot);
        var unknown = new MeasuredBuild("", HasLocalChanges: true, built.Checksum);
        Assert.Equal(unknown, await MeasuredBuild.OfAsync(built, new Git(Path.Combine(_root, "missing"))));
        Assert.Equal(unknown, await MeasuredBuild.OfAsync(built, new Git(_root)));
    }

    [Fact]
    public void Files_that_have_changed_since_the_build_are_found_whatever_their_timestamps_say()
    {
        var built = BuiltSources.Read(CandidateBuild.Directory, CandidateBuild.RepositoryRoot);
        string[] paths =
        [
            "src/Snakepit/SnakepitPool.cs", "priv/python/snakepit_worker/__main__.py", "protos/snakepit/v1/worker.proto",
            "src/Snakepit/Snakepit.csproj", "Directory.Packages.props",
        ];
        foreach (var path in paths)
        {
            var copy = Path.Combine(_root, path);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(Path.Combine(CandidateBuild.RepositoryRoot, path), copy, overwrite: true);
        }

        Assert.DoesNotContain(built.DifferencesFromTree(_root), path => paths.Contains(path));
        foreach (var path in paths)
        {
            var file = Path.Combine(_root, path);
            var time = File.GetLastWriteTimeUtc(file);
            File.AppendAllText(file, "\n");
            File.SetLastWriteTimeUtc(file, time);
        }

        Assert.Equal(paths.Order(StringComparer.Ordinal), built.DifferencesFromTree(_root).Where(path => paths.Contains(path)));
        built.RequireTree(CandidateBuild.RepositoryRoot);
        var refused = Assert.Throws<NotComparableException>(() => built.RequireTree(_root));
        Assert.Contains("the working tree is not what was built", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_clone_that_is_reached_through_a_link_has_one_path()
    {
        var link = Path.Combine(_root, "link");
        File.CreateSymbolicLink(link, CandidateBuild.RepositoryRoot);
        Assert.Equal(CandidateBuild.RepositoryRoot, PhysicalPath.Of(link));
        Assert.Equal(Path.Combine(CandidateBuild.RepositoryRoot, "src"), PhysicalPath.Of(Path.Combine(link, "src")));
        Assert.Equal(
            Path.Combine(CandidateBuild.RepositoryRoot, "no", "thing.cs"), PhysicalPath.Of(Path.Combine(link, "no", "thing.cs")));
        Assert.Equal("/_/src/a.cs", PhysicalPath.Of("/_/src/a.cs"));
    }

    [Fact]
    public async Task A_program_with_a_lifeline_ends_with_the_process_that_has_started_it_and_so_do_its_children()
    {
        using var marker = new Marker();
        var (program, arguments) = Lifeline.Around("sh", ["-c", $"sleep 600 & echo $! > '{marker.At("child")}'; wait"]);
        using var shell = new Process { StartInfo = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true } };
        shell.Start();
        var file = marker.At("child");
        await Eventually.True(() => File.Exists(file) && File.ReadAllText(file).EndsWith('\n'), "the child runs");
        var child = int.Parse(await File.ReadAllTextAsync(file), CultureInfo.InvariantCulture);
        Assert.True(OsProcess.IsAlive(child));
        shell.StandardInput.Close(); // as the kernel does when the process that has opened it ends
        await shell.WaitForExitAsync().InTime();
        await Eventually.True(() => !OsProcess.IsAlive(child), "the child has ended");
    }

    [Fact]
    public async Task The_end_of_the_program_that_has_started_a_parent_is_noticed()
    {
        using var marker = new Marker();
        var file = marker.At("grandchild");
        await File.WriteAllTextAsync(marker.At("parent"), $"sleep 600 & echo $! > '{file}'; wait");
        using var shell = Process.Start("sh", ["-c", $"sh '{marker.At("parent")}' & wait"]);
        await Eventually.True(() => File.Exists(file) && File.ReadAllText(file).EndsWith('\n'), "the grandchild runs");
        var pid = int.Parse(await File.ReadAllTextAsync(file), CultureInfo.InvariantCulture);
        var parent = OsProcess.ParentOf(pid);
        Assert.Equal(shell.Id, OsProcess.ParentOf(parent));
        var ended = new TaskCompletionSource();
        using (new AncestorWatch(pid, ended.SetResult))
        {
            await Task.Delay(TimeSpan.FromSeconds(2));
            Assert.False(ended.Task.IsCompleted);
            shell.Kill(); // the grandparent
            await ended.Task.InTime();
        }

        Signals.Send(parent, Signals.Kill);
        Signals.Send(pid, Signals.Kill);
    }

    [Fact]
    public async Task A_program_with_a_lifeline_keeps_its_output_and_its_exit_code()
    {
        var result = await Subprocess.RunAsync(
            "sh", ["-c", "echo out; echo err >&2; exit 7"], CancellationToken.None, endsWithThisProcess: true).InTime();
        Assert.Equal((7, "out\n", "err"), (result.ExitCode, result.Output, result.Errors));
    }

    /// <summary>Builds a small program and returns the settings that are seen in it.</summary>
    private async Task<BuildSettings> BuildAsync(string name, Action<IDictionary<string, string?>> environment)
    {
        var directory = Directory.CreateDirectory(Path.Combine(_root, name)).FullName;
        await File.WriteAllTextAsync(Path.Combine(directory, "Program.cs"), "return;");
        await File.WriteAllTextAsync(
            Path.Combine(directory, "Snakepit.Benchmarks.csproj"),
            """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework><OutputType>Exe</OutputType></PropertyGroup>
            </Project>
            """);
        var output = Path.Combine(directory, "out");
        var built = await Subprocess.RunAsync(
            DotnetEnvironment.Muxer,
            ["build", "-c", "Release", "-v", "quiet", "-o", output, "-nodeReuse:false", "-p:UseSharedCompilation=false"],
            CancellationToken.None,
            variables =>
            {
                DotnetEnvironment.KeepForHost(variables);
                environment(variables);
            },
            directory);
        Assert.True(built.ExitCode == 0, built.Output + built.Errors);
        foreach (var other in new[] { "Snakepit", "Snakepit.Measurement" })
        {
            File.Copy(Path.Combine(output, "Snakepit.Benchmarks.pdb"), Path.Combine(output, $"{other}.pdb"));
        }

        return BuildSettings.Read(output);
    }
}
