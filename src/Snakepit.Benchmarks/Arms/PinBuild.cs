using System.Formats.Tar;
using System.Globalization;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Subprocesses;
using Snakepit.Processes;

namespace Snakepit.Benchmarks.Arms;

/// <summary>
/// Builds the pinned commits, which are the older commits that the working tree is compared with. Each build is kept under
/// <c>artifacts/pins/COMMIT</c> and used again until the version of the .NET SDK or of Python changes.
/// </summary>
/// <param name="root">The root directory of the repository.</param>
/// <param name="git">Runs git in the repository.</param>
internal sealed class PinBuild(string root, Git git)
{
    private const string Marker = ".built";
    private const string Use = ".used";
    private const string Changed = "changed";
    private const int ShownLines = 8;
    private const int KeptBuilds = 20;
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
        // code. Nor is a build with Python code that another version has compiled, which slows down the start of workers.
        var marker = Path.Combine(directory, Marker);
        var pythonVersion = await CompiledPython.VersionOfAsync(python, cancellationToken);
        if (File.Exists(marker) && Directory.Exists(output)
            && await File.ReadAllTextAsync(marker, cancellationToken) == MarkOf(commit, output, pythonVersion))
        {
            MarkAsUsed(directory);
            return output;
        }

        await RequireAsync(commit);
        Remove(directory);
        RemoveOldest();
        Directory.CreateDirectory(directory);
        try
        {
            progress($"building the pin {commit[..10]}");
            await ExtractAsync(commit, directory, cancellationToken);
            await BuildAsync(commit, directory, python, cancellationToken);
            await File.WriteAllTextAsync(marker, MarkOf(commit, output, pythonVersion), cancellationToken);
            MarkAsUsed(directory);
            return output;
        }
        catch
        {
            Remove(directory);
            throw;
        }
    }

    /// <summary>Builds a commit with changed sources, and returns the directory of the build. It is made anew each time.</summary>
    /// <param name="commit">The full name of the commit.</param>
    /// <param name="change">Changes the sources, whose root it is called with.</param>
    /// <param name="python">The Python interpreter that the build uses.</param>
    /// <param name="cancellationToken">Cancels the build.</param>
    /// <exception cref="NotComparableException">The changed commit does not compile.</exception>
    public async Task<string> BuildChangedAsync(
        string commit, Action<string> change, string python, CancellationToken cancellationToken)
    {
        var directory = Path.Combine(_pins, Changed);
        Remove(directory);
        Directory.CreateDirectory(directory);
        await ExtractAsync(commit, directory, cancellationToken);
        change(directory);
        await BuildAsync(commit, directory, python, cancellationToken);
        return Path.Combine(directory, Output);
    }

    /// <summary>
    /// Returns what the marker of a build says. The checksum tells if something has changed the build, such as a replacement in all files
    /// of the clone, or has removed what Python has compiled: then it is made again.
    /// </summary>
    internal static string MarkOf(string commit, string output, string pythonVersion) =>
        $"{commit} by SDK {CandidateBuild.Sdk} and Python {pythonVersion}\n{FolderChecksum.Of(output)}\n";

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
        await git.ArchiveAsync(commit, archive, cancellationToken);
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
        // because it would keep running after the build. Response files above the pin are not read, and the build runs in the pin's folder,
        // so that the global.json of the pin counts and not one of the folder in which the user is.
        string[] arguments =
        [
            "build", Path.Combine(directory, Project), "-c", "Release", "--nologo", "-v", "quiet", "-nodeReuse:false",
            "-noAutoResponse", "-p:UseSharedCompilation=false", $"-p:SourceRevisionId={commit}",
        ];
        var result = await Subprocess.RunAsync(
            DotnetEnvironment.Muxer,
            arguments,
            cancellationToken,
            environment =>
            {
                DotnetEnvironment.KeepForBuild(environment);
                environment[PythonLocator.Variable] = python;
            },
            directory,
            endsWithThisProcess: true);
        var program = Path.Combine(directory, Output, "Snakepit.Benchmarks.dll");
        if (result.ExitCode == 0 && !File.Exists(program))
        {
            throw new NotComparableException(
                $"'{DotnetEnvironment.Muxer} build' has succeeded and made no {program}, so it is not the program of .NET",
                "unset DOTNET_HOST_PATH, or let it name the program of .NET");
        }

        if (result.ExitCode != 0)
        {
            throw new NotComparableException(
                $"the pinned commit {commit} does not build:\n{ReasonOf(result)}\n",
                "mend what keeps it from building, or move the pin with 'bench pin'");
        }
    }

    /// <summary>Returns the compiler's errors; if there are none, the last lines that the build has printed.</summary>
    private static string ReasonOf(SubprocessResult build)
    {
        var lines = $"{build.Output}\n{build.Errors}".Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var errors = lines.Where(line => line.Contains("error", StringComparison.OrdinalIgnoreCase)).Distinct().Take(ShownLines).ToList();
        return string.Join('\n', errors.Count > 0 ? errors : lines.TakeLast(ShownLines).DefaultIfEmpty($"exit code {build.ExitCode}"));
    }

    /// <summary>
    /// Writes beside a build that it was used after all others. The uses are numbered, because the times of files are set anew by whoever
    /// copies the folder, and a clock may be wrong.
    /// </summary>
    private void MarkAsUsed(string directory) =>
        File.WriteAllText(Path.Combine(directory, Use), $"{All().Select(UseOf).DefaultIfEmpty().Max() + 1}\n");

    /// <summary>Returns the number of the last use of a build; 0 if it is unfinished, or was made before uses were numbered.</summary>
    private static int UseOf(string build) => Path.Combine(build, Use) is var file && File.Exists(file)
        && int.TryParse(File.ReadAllText(file).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private string[] All() => Directory.Exists(_pins) ? Directory.GetDirectories(_pins) : [];

    /// <summary>Removes the builds that have not been used for longest, so that at most <see cref="KeptBuilds"/> are left.</summary>
    private void RemoveOldest()
    {
        foreach (var build in All().OrderByDescending(UseOf).ThenBy(build => build, StringComparer.Ordinal).Skip(KeptBuilds))
        {
            Remove(build);
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
