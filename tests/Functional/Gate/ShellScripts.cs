using Snakepit.Benchmarks.Subprocesses;
using Snakepit.Tests.Functional.Conventions;

namespace Snakepit.Tests.Functional.Gate;

/// <summary>Tests that the shell scripts of the repository work in the clone that they are in.</summary>
public sealed class ShellScripts : IDisposable
{
    private const string FindsItsFolder = "BASH_SOURCE";

    private readonly string _root = Directory.CreateTempSubdirectory("snakepit-scripts-").FullName;

    public static TheoryData<string> Scripts => [".ci/run", "eng/lint.sh", "eng/python-env.sh"];

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task A_script_works_in_its_own_clone_whatever_cd_searches(string script)
    {
        var (clone, other) = (Path.Combine(_root, "clone"), Path.Combine(_root, "other"));
        var copy = Path.Combine(clone, script);
        Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
        Directory.CreateDirectory(Path.Combine(other, Path.GetDirectoryName(script)!));
        var lines = await File.ReadAllLinesAsync(Path.Combine(Repository.Root, script));
        var finds = Array.FindIndex(lines, line => line.Contains(FindsItsFolder, StringComparison.Ordinal));
        await File.WriteAllLinesAsync(copy, [.. lines[..(finds + 1)], "echo \"${root:-$PWD}\""]); // the script as far as it finds its clone

        var told = await Subprocess.RunAsync(
            "bash", [script], CancellationToken.None, environment => environment["CDPATH"] = other, directory: clone);

        Assert.Equal((0, $"{clone}\n"), (told.ExitCode, told.Output));
    }
}
