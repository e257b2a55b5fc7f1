using Snakepit.Benchmarks.Subprocesses;

namespace Snakepit.Benchmarks.Repository;

/// <summary>
/// Runs git commands to find out about commits and files of a repository. Paths are relative to the root folder, which may be a folder of a
/// larger repository. Every method throws a <see cref="GitException"/> if git fails.
/// </summary>
/// <param name="root">The root folder of the sources, in a git repository.</param>
/// <param name="program">The git program.</param>
internal sealed class Git(string root, string program = "git")
{
    // The object name of the tree without files, which is the same in every repository.
    private const string EmptyTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

    // The exit code by which git answers "no", for example to the question whether there is a commit. Other codes are failures.
    private const int No = 1;

    /// <summary>Returns the name of the commit that is checked out; null if nothing has been committed yet.</summary>
    public Task<string?> HeadAsync() => ResolveAsync("HEAD");

    /// <summary>Returns true if the working tree differs from the commit that is checked out.</summary>
    public async Task<bool> IsDirtyAsync() =>
        (await AnswerAsync("status", "--porcelain", "--untracked-files=normal", "--", ".")).Length > 0;

    /// <summary>Returns the full name of a commit; null if there is no such commit.</summary>
    public async Task<string?> ResolveAsync(string revision) =>
        await AnswerOrNoAsync("rev-parse", "--verify", "--quiet", $"{revision}^{{commit}}");

    /// <summary>Returns the full name of a commit.</summary>
    /// <exception cref="NotComparableException">There is no such commit.</exception>
    public async Task<string> RequireAsync(string revision) => await ResolveAsync(revision)
        ?? throw new NotComparableException($"there is no commit '{revision}'", "name one in the history of this clone");

    /// <summary>Returns true if a commit is checked out, or is an ancestor of the commit that is checked out.</summary>
    public async Task<bool> IsInHistoryAsync(string commit) =>
        await AnswerOrNoAsync("merge-base", "--is-ancestor", commit, "HEAD") is not null;

    /// <summary>Returns the files of a commit that match pathspecs.</summary>
    public async Task<IReadOnlyList<string>> FilesAsync(string commit, params string[] pathspecs)
    {
        // A comparison with the empty tree lists every file of the commit. The git commands that are made for listing files, such as
        // ls-tree, take no pathspecs that exclude files.
        string[] command = ["diff-tree", "-r", "-z", "--relative", "--name-only", EmptyTree, commit, "--", .. pathspecs];
        return (await AnswerAsync(command)).Split('\0', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Returns true if the clone is shallow, which means that it lacks older commits.</summary>
    public async Task<bool> IsShallowAsync() => (await AnswerAsync("rev-parse", "--is-shallow-repository")).Trim() == "true";

    /// <summary>Returns true if, in the given folders, the working tree has the same files as the commit, and no others.</summary>
    public async Task<bool> HasSourcesOfAsync(string commit, params string[] folders) =>
        await AnswerOrNoAsync(["diff", "--quiet", commit, "--", .. folders]) is not null
        && (await AnswerAsync(["ls-files", "--others", "--exclude-standard", "--", .. folders])).Length == 0;

    /// <summary>
    /// Returns the commit at which the current branch left a branch of the remote repository; null if the clone does not have this commit.
    /// </summary>
    public async Task<string?> MergeBaseAsync(string branch) =>
        // In full, because a tag or a local branch may have the short name origin/main too, and git would prefer it.
        await ResolveAsync($"refs/remotes/origin/{branch}") is { } tip
        ? await AnswerOrNoAsync("merge-base", tip, "HEAD")
        : null;

    /// <summary>Returns the text of a file in a commit; null if the commit does not have the file.</summary>
    public async Task<string?> FileAsync(string commit, string path) =>
        (await AnswerAsync("ls-tree", "-z", "--name-only", commit, "--", path)).Length > 0
            ? await AnswerAsync("show", $"{commit}:./{path}")
            : null;

    /// <summary>
    /// Returns true if neither the commit that is checked out nor one before it has had a file. Returns false in a shallow clone, which
    /// cannot tell.
    /// </summary>
    public async Task<bool> HasNeverHadAsync(string path) =>
        !await IsShallowAsync() && (await AnswerAsync("log", "-1", "--full-history", "--format=%H", "--", path)).Length == 0;

    /// <summary>Writes the files of a commit into an archive: all of them, or those at the given paths.</summary>
    public async Task ArchiveAsync(string commit, string file, CancellationToken cancellationToken, params string[] paths) =>
        // Git runs in another folder, and a temporary file has a relative path if TMPDIR has.
        await AnswerAsync(["archive", "--format=tar", "-o", Path.GetFullPath(file), commit, .. paths], cancellationToken);

    /// <summary>Returns what a git command prints, without the final line break; null if git answers "no".</summary>
    private async Task<string?> AnswerOrNoAsync(params string[] arguments)
    {
        var result = await RunAsync(arguments, CancellationToken.None);
        return result.ExitCode switch
        {
            0 => result.Output.Trim(),
            No => null,
            _ => throw GitException.Of(root, arguments, result),
        };
    }

    private Task<string> AnswerAsync(params string[] arguments) => AnswerAsync(arguments, CancellationToken.None);

    private async Task<string> AnswerAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var result = await RunAsync(arguments, cancellationToken);
        return result.ExitCode == 0 ? result.Output : throw GitException.Of(root, arguments, result);
    }

    // Git refuses to work in a repository that belongs to another user, such as a clone that is mounted into a container, unless the
    // repository is declared safe. Declaring all safe adds no risk, because this program builds and runs the code of the repository anyway.
    // The root alone would not be enough: git compares the path without symbolic links. Commits are read as they are, without the
    // replacements that a clone may have (git replace), and without the attributes of the user, which can leave files out of archives.
    private Task<SubprocessResult> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        string[] settings = ["--no-replace-objects", "-c", "safe.directory=*", "-c", "core.attributesFile=/dev/null"];
        return Subprocess.RunAsync(program, [.. settings, "-C", root, .. arguments], cancellationToken);
    }
}
