using System.Security.Cryptography;
using System.Text;
using Snakepit.Benchmarks.Subprocesses;

namespace Snakepit.Benchmarks.Repository;

/// <summary>Questions to git about a repository.</summary>
/// <param name="root">The root folder of the repository.</param>
internal sealed class Git(string root)
{
    // The name of the tree without files, which is the same in every repository.
    private const string EmptyTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

    /// <summary>The commit that is checked out; empty outside of a repository.</summary>
    public async Task<string> HeadAsync() => await AnswerAsync("rev-parse", "HEAD") ?? "";

    /// <summary>True if the working tree differs from the commit that is checked out.</summary>
    public async Task<bool> IsDirtyAsync() => (await RunAsync(CancellationToken.None, "status", "--porcelain")).Output.Length > 0;

    /// <summary>The full name of a commit; null if there is none of that name.</summary>
    public Task<string?> ResolveAsync(string revision) => AnswerAsync("rev-parse", "--verify", "--quiet", $"{revision}^{{commit}}");

    /// <summary>The full name of a commit.</summary>
    /// <exception cref="NotComparableException">There is none of that name.</exception>
    public async Task<string> RequireAsync(string revision) => await ResolveAsync(revision)
        ?? throw new NotComparableException($"there is no commit '{revision}'", "name one in the history of this clone");

    /// <summary>True if a commit is the one that is checked out, or an ancestor of it.</summary>
    public async Task<bool> IsInHistoryAsync(string commit) => await AnswerAsync("merge-base", "--is-ancestor", commit, "HEAD") is not null;

    /// <summary>A hash of the names and contents of files in a commit.</summary>
    /// <param name="commit">The commit.</param>
    /// <param name="paths">Git's pathspecs; one that begins with <c>:(exclude)</c> leaves files out.</param>
    /// <exception cref="NotComparableException">Git cannot list the files.</exception>
    public async Task<string> HashAsync(string commit, params string[] paths)
    {
        // Compared with the empty tree, every file is a difference; the list has the hash of each content.
        var entries = await RunAsync(CancellationToken.None, ["diff-tree", "-r", EmptyTree, commit, "--", .. paths]);
        return entries.ExitCode == 0
            ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(entries.Output)))
            : throw new NotComparableException($"git cannot list the files of {commit}: {entries.Errors}", "look at the clone");
    }

    /// <summary>True if the clone lacks older commits.</summary>
    public async Task<bool> IsShallowAsync() => await AnswerAsync("rev-parse", "--is-shallow-repository") == "true";

    /// <summary>True if the working tree's files in those folders are those of the commit, and there are no others.</summary>
    public async Task<bool> HasSourcesOfAsync(string commit, params string[] folders) =>
        (await RunAsync(CancellationToken.None, ["diff", "--quiet", commit, "--", .. folders])).ExitCode == 0
        && (await RunAsync(CancellationToken.None, ["ls-files", "--others", "--exclude-standard", "--", .. folders])).Output.Length == 0;

    /// <summary>The commit at which the current branch left another one; null if the clone does not have it.</summary>
    public Task<string?> MergeBaseAsync(string branch) => AnswerAsync("merge-base", $"origin/{branch}", "HEAD");

    /// <summary>The text of a file in a commit; null if the commit does not have the file.</summary>
    public async Task<string?> FileAsync(string commit, string path)
    {
        var result = await RunAsync(CancellationToken.None, "show", $"{commit}:{path}");
        return result.ExitCode == 0 ? result.Output : null;
    }

    /// <summary>Writes the files of a commit into an archive.</summary>
    public Task<SubprocessResult> ArchiveAsync(string commit, string file, CancellationToken cancellationToken) =>
        RunAsync(cancellationToken, "archive", "--format=tar", "-o", file, commit);

    /// <summary>What git prints, without the line break; null if it fails.</summary>
    private async Task<string?> AnswerAsync(params string[] arguments)
    {
        var result = await RunAsync(CancellationToken.None, arguments);
        return result.ExitCode == 0 ? result.Output.Trim() : null;
    }

    // Git refuses repositories of other users, as a clone is that was mounted into a container, unless they are declared safe. This program
    // builds and runs the code in them anyway.
    private Task<SubprocessResult> RunAsync(CancellationToken cancellationToken, params string[] arguments) =>
        Subprocess.RunAsync("git", ["-c", $"safe.directory={root.TrimEnd('/')}", "-C", root, .. arguments], cancellationToken);
}
