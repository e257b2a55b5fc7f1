using System.Formats.Tar;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Subprocesses;
using Snakepit.Processes;

namespace Snakepit.Benchmarks.Arms;

/// <summary>
/// Builds the pinned commits, which are the older commits that the working tree is compared with. Each build is kept under
/// <c>artifacts/pins/COMMIT</c> and used again until the version of the .NET SDK changes.
/// </summary>
/// <param name="root">The root directory of the repository.</param>
/// <param name="git">Runs git in the repository.</param>
internal sealed class PinBuild(string root, Git git)
{
    private const string Marker = ".built";
    private const string Project = "src/Snakepit.Benchmarks/Snakepit.Benchmarks.csproj";
    private const string Output = "artifacts/bin/Snakepit.Benchmarks/release";

    // Every commit that can serve as a pin has this folder. Older commits do not have a host program.
    private const string HostFolder = "src/Snakepit.Benchmarks/Host";

    // MSBuild and the compiler look for settings in parent directories, and pins are built inside the working tree. These empty files,
    // above the sources of the pins, keep the settings of the working tree from being applied to a pin.
    private static readonly IReadOnlyDictionary<string, string> EmptySettings = new Dictionary<string, string>
    {
        ["Directory.Build.props"] = "<Project />",
        ["Directory.Build.targets"] = "<Project />",
        ["Directory.Packages.props"] = "<Project />",
        [".editorconfig"] = "root = true\n",
    };

    private readonly string _pins = Path.Combine(root, "artifacts", "pins");

    /// <summary>Returns the directory of the build of a commit. Builds the commit first unless that has been done.</summary>
    /// <param name="commit">The full name of the commit, 40 hexadecimal digits.</param>
    /// <param name="python">
    /// The Python interpreter that the build uses. Without it the build would make a Python environment of its own.
    /// </param>
    /// <param name="progress">Receives a line of text when a build begins.</param>
    /// <param name="cancellationToken">Cancels the build and removes its unfinished files.</param>
    /// <exception cref="NotComparableException">
    /// The commit is not in this clone, is older than the host program, or does not compile.
    /// </exception>
    public async Task<string> EnsureAsync(string commit, string python, Action<string> progress, CancellationToken cancellationToken)
    {
        var directory = Path.Combine(_pins, commit);
        var output = Path.Combine(directory, Output);

        // A build by another version of the SDK is not used, because another compiler could turn the same sources into slower or faster
        // code.
        var (marker, built) = (Path.Combine(directory, Marker), $"{commit} by SDK {CandidateBuild.Sdk}\n");
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
            ? new NotComparableException(
                $"this clone is shallow and does not have the pinned commit {commit}",
                "git fetch --unshallow (in GitHub Actions: actions/checkout with fetch-depth: 0)")
            : new NotComparableException(
                $"the pinned commit {commit} is not in the history of this clone, perhaps because it was rebased or squashed",
                "bench pin COMMIT with one that is");
    }

    private async Task ExtractAsync(string commit, string directory, CancellationToken cancellationToken)
    {
        foreach (var (name, content) in EmptySettings)
        {
            await File.WriteAllTextAsync(Path.Combine(_pins, name), content, cancellationToken);
        }

        var archive = Path.Combine(directory, "source.tar");
        var result = await git.ArchiveAsync(commit, archive, cancellationToken);
        if (result.ExitCode != 0)
        {
            throw new NotComparableException($"git could not export the pinned commit {commit}: {result.Errors}", "see what git says");
        }

        await TarFile.ExtractToDirectoryAsync(archive, directory, overwriteFiles: false, cancellationToken);
        File.Delete(archive);
        if (!Directory.Exists(Path.Combine(directory, HostFolder)))
        {
            throw new NotComparableException($"the pinned commit {commit} is older than 'bench host'", "bench pin COMMIT with a newer one");
        }
    }

    private static async Task BuildAsync(string commit, string directory, string python, CancellationToken cancellationToken)
    {
        // SourceRevisionId is set because the build would otherwise record the commit of the working tree. The build server is turned off
        // because it would keep running after the build.
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
            var errors = result.Output.Split('\n').Where(line => line.Contains("error", StringComparison.Ordinal)).Distinct().Take(5);
            throw new NotComparableException(
                $"the pinned commit {commit} does not build:\n{string.Join('\n', errors)}\n",
                "mend what keeps it from building, or move the pin with 'bench pin'");
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
