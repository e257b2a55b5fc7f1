using Snakepit.Benchmarks.Subprocesses;

namespace Snakepit.Benchmarks.Repository;

/// <summary>Runs git commands to find out about commits and files of a repository.</summary>
/// <param name="root">The root folder of the repository.</param>
internal sealed class Git(string root)
{
    // The object name of the tree without files, which is the same in every repository.
    private const string EmptyTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

    /// <summary>Returns the name of the commit that is checked out; empty outside of a repository.</summary>
    public async Task<string> HeadAsync() => await AnswerAsync("rev-parse", "HEAD") ?? "";

    /// <summary>Returns true if the working tree differs from the commit that is checked out.</summary>
    public async Task<bool> IsDirtyAsync() => (await RunAsync(CancellationToken.None, "status", "--porcelain")).Output.Length > 0;

    /// <summary>Returns the full name of a commit; null if there is no such commit.</summary>
    public Task<string?> ResolveAsync(string revision) => AnswerAsync("rev-parse", "--verify", "--quiet", $"{revision}^{{commit}}");

    /// <summary>Returns the full name of a commit.</summary>
    /// <exception cref="NotComparableException">There is no such commit.</exception>
    public async Task<string> RequireAsync(string revision) => await ResolveAsync(revision)
        ?? throw new NotComparableException($"there is no commit '{revision}'", "name one in the history of this clone");

    /// <summary>Returns true if a commit is checked out, or is an ancestor of the commit that is checked out.</summary>
    public async Task<bool> IsInHistoryAsync(string commit) => await AnswerAsync("merge-base", "--is-ancestor", commit, "HEAD") is not null;

    /// <summary>Returns the files of a commit that match pathspecs, as paths relative to the root of the repository.</summary>
    /// <exception cref="NotComparableException">Git cannot list the files.</exception>
    public async Task<IReadOnlyList<string>> FilesAsync(string commit, params string[] pathspecs)
    {
        // A comparison with the empty tree lists every file of the commit. The git commands that are made for listing files, such as
        // ls-tree, take no pathspecs that exclude files.
        string[] command = ["diff-tree", "-r", "-z", "--name-only", EmptyTree, commit, "--", .. pathspecs];
        var listed = await RunAsync(CancellationToken.None, command);
        return listed.ExitCode == 0
            ? listed.Output.Split('\0', StringSplitOptions.RemoveEmptyEntries)
            : throw new NotComparableException($"git cannot list the files of {commit}: {listed.Errors}", "look at the clone");
    }

    /// <summary>Returns true if the clone is shallow, which means that it lacks older commits.</summary>
    public async Task<bool> IsShallowAsync() => await AnswerAsync("rev-parse", "--is-shallow-repository") == "true";

    /// <summary>Returns true if, in the given folders, the working tree has the same files as the commit, and no others.</summary>
    public async Task<bool> HasSourcesOfAsync(string commit, params string[] folders) =>
        (await RunAsync(CancellationToken.None, ["diff", "--quiet", commit, "--", .. folders])).ExitCode == 0
        && (await RunAsync(CancellationToken.None, ["ls-files", "--others", "--exclude-standard", "--", .. folders])).Output.Length == 0;

    /// <summary>Returns the commit at which the current branch left another branch; null if the clone does not have this commit.</summary>
    public Task<string?> MergeBaseAsync(string branch) => AnswerAsync("merge-base", $"origin/{branch}", "HEAD");

    /// <summary>Returns the text of a file in a commit; null if the commit does not have the file.</summary>
    public async Task<string?> FileAsync(string commit, string path)
    {
        var result = await RunAsync(CancellationToken.None, "show", $"{commit}:{path}");
        return result.ExitCode == 0 ? result.Output : null;
    }

    /// <summary>Writes the files of a commit into an archive.</summary>
    public Task<SubprocessResult> ArchiveAsync(string commit, string file, CancellationToken cancellationToken) =>
        RunAsync(cancellationToken, "archive", "--format=tar", "-o", file, commit);

    /// <summary>Returns what a git command prints, without the final line break; null if the command fails.</summary>
    private async Task<string?> AnswerAsync(params string[] arguments)
    {
        var result = await RunAsync(CancellationToken.None, arguments);
        return result.ExitCode == 0 ? result.Output.Trim() : null;
    }

    // Git refuses to work in a repository that belongs to another user, such as a clone that is mounted into a container, unless the
    // repository is declared safe. Declaring it safe adds no risk, because this program builds and runs the code of the repository anyway.
    private Task<SubprocessResult> RunAsync(CancellationToken cancellationToken, params string[] arguments) =>
        Subprocess.RunAsync("git", ["-c", $"safe.directory={root.TrimEnd('/')}", "-C", root, .. arguments], cancellationToken);
}
