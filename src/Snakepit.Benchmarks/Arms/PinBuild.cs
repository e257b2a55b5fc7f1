using System.Formats.Tar;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Subprocesses;
using Snakepit.Processes;

namespace Snakepit.Benchmarks.Arms;

/// <summary>Builds of pinned revisions, beside the working tree, each made once with each SDK: <c>artifacts/pins/COMMIT</c>.</summary>
/// <param name="root">The repository.</param>
/// <param name="git">What git knows of it.</param>
internal sealed class PinBuild(string root, Git git)
{
    private const string Marker = ".built";
    private const string Project = "src/Snakepit.Benchmarks/Snakepit.Benchmarks.csproj";
    private const string Output = "artifacts/bin/Snakepit.Benchmarks/release";

    // A pin's files must not find the working tree's settings above their own.
    private static readonly IReadOnlyDictionary<string, string> Stops = new Dictionary<string, string>
    {
        ["Directory.Build.props"] = "<Project />",
        ["Directory.Build.targets"] = "<Project />",
        ["Directory.Packages.props"] = "<Project />",
        [".editorconfig"] = "root = true\n",
    };

    private readonly string _pins = Path.Combine(root, "artifacts", "pins");

    /// <summary>The directory of a commit's build; makes it if it is not there.</summary>
    /// <param name="commit">40 hexadecimal digits.</param>
    /// <param name="python">The interpreter that the build checks for, instead of making an environment of its own.</param>
    /// <param name="progress">Told what is going on.</param>
    /// <param name="cancellationToken">Gives the build up; nothing half-made is left.</param>
    /// <exception cref="NotComparableException">The commit is not there, has no host or does not build.</exception>
    public async Task<string> EnsureAsync(string commit, string python, Action<string> progress, CancellationToken cancellationToken)
    {
        var directory = Path.Combine(_pins, commit);
        var output = Path.Combine(directory, Output);
        var (marker, built) = (Path.Combine(directory, Marker), $"{commit} by SDK {CandidateBuild.Sdk}\n"); // another one than has built this program would build something else
        if (File.Exists(marker) && await File.ReadAllTextAsync(marker, cancellationToken) == built)
        {
            return output;
        }

        await RequireAsync(commit);
        Remove(directory);
        Directory.CreateDirectory(directory);
        try
        {
            progress($"building the pin {commit[..10]}");
            await ExtractAsync(commit, directory, cancellationToken);
            await BuildAsync(commit, directory, python, cancellationToken);
            await File.WriteAllTextAsync(marker, built, cancellationToken);
            return output;
        }
        catch
        {
            Remove(directory);
            throw;
        }
    }

    private async Task RequireAsync(string commit)
    {
        if (await git.ResolveAsync(commit) is not null)
        {
            return;
        }

        throw await git.IsShallowAsync()
            ? new NotComparableException($"this clone is shallow and does not have the pinned commit {commit}", "git fetch --unshallow (in GitHub Actions: actions/checkout with fetch-depth: 0)")
            : new NotComparableException(
                $"the pinned commit {commit} is not in the history of this clone, perhaps because it was rebased or squashed", "bench pin COMMIT with one that is");
    }

    private async Task ExtractAsync(string commit, string directory, CancellationToken cancellationToken)
    {
        foreach (var (name, content) in Stops)
        {
            await File.WriteAllTextAsync(Path.Combine(_pins, name), content, cancellationToken);
        }

        var archive = Path.Combine(directory, "source.tar");
        var result = await git.ArchiveAsync(commit, archive, cancellationToken);
        if (result.ExitCode != 0)
        {
            throw new NotComparableException($"git could not give out the pinned commit {commit}: {result.Errors}", "see what git says");
        }

        await TarFile.ExtractToDirectoryAsync(archive, directory, overwriteFiles: false, cancellationToken);
        File.Delete(archive);
        if (!Directory.Exists(Path.Combine(directory, "src/Snakepit.Benchmarks/Host")))
        {
            throw new NotComparableException($"the pinned commit {commit} is older than 'bench host'", "bench pin COMMIT with a newer one");
        }
    }

    private static async Task BuildAsync(string commit, string directory, string python, CancellationToken cancellationToken)
    {
        // Its own revision, because git would tell the working tree's; no build server, which would outlive the build.
        string[] arguments =
        [
            "build", Path.Combine(directory, Project), "-c", "Release", "--nologo", "-v", "quiet", "-nodeReuse:false",
            "-p:UseSharedCompilation=false", $"-p:SourceRevisionId={commit}",
        ];
        var result = await Subprocess.RunAsync(DotnetEnvironment.Muxer, arguments, cancellationToken, environment =>
        {
            DotnetEnvironment.Clean(environment);
            environment[PythonLocator.Variable] = python;
        });
        if (result.ExitCode != 0)
        {
            var said = string.Join('\n', result.Output.Split('\n').Where(line => line.Contains("error", StringComparison.Ordinal)).Distinct().Take(5));
            throw new NotComparableException($"the pinned commit {commit} does not build:\n{said}\n", "mend what keeps it from building, or move the pin with 'bench pin'");
        }
    }

    private static void Remove(string directory)
    {
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
