using System.Security.Cryptography;
using System.Text;
using Snakepit.Benchmarks.Subprocesses;

namespace Snakepit.Benchmarks.Repository;

/// <summary>What git knows of the repository.</summary>
/// <param name="root">Its root.</param>
internal sealed class Git(string root)
{
    // Git knows the tree without a file in every repository.
    private const string EmptyTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

    /// <summary>The commit of the working tree; empty outside of git.</summary>
    public async Task<string> HeadAsync()
    {
        var result = await RunAsync(CancellationToken.None, "rev-parse", "HEAD");
        return result.ExitCode == 0 ? result.Output.Trim() : "";
    }

    /// <summary>True if the working tree differs from its commit.</summary>
    public async Task<bool> IsDirtyAsync() => (await RunAsync(CancellationToken.None, "status", "--porcelain")).Output.Length > 0;

    /// <summary>The full name of a commit; null if there is none of that name.</summary>
    public async Task<string?> ResolveAsync(string revision)
    {
        var result = await RunAsync(CancellationToken.None, "rev-parse", "--verify", "--quiet", $"{revision}^{{commit}}");
        return result.ExitCode == 0 ? result.Output.Trim() : null;
    }

    /// <summary>True if a commit is the working tree's own or one before it.</summary>
    public async Task<bool> IsInHistoryAsync(string commit) => (await RunAsync(CancellationToken.None, "merge-base", "--is-ancestor", commit, "HEAD")).ExitCode == 0;

    /// <summary>One word for the content of folders and files as a commit has them.</summary>
    /// <param name="commit">The commit.</param>
    /// <param name="paths">Git's pathspecs: what begins with <c>:(exclude)</c> is left out.</param>
    public async Task<string> ContentAsync(string commit, params string[] paths)
    {
        var entries = await RunAsync(CancellationToken.None, ["diff-tree", "-r", EmptyTree, commit, "--", .. paths]);
        return entries.ExitCode == 0
            ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(entries.Output)))
            : throw new NotComparableException($"git cannot list the files of {commit}: {entries.Errors.Trim()}", "look at the clone");
    }

    /// <summary>True if the clone has no full history.</summary>
    public async Task<bool> IsShallowAsync() => (await RunAsync(CancellationToken.None, "rev-parse", "--is-shallow-repository")).Output.Trim() == "true";

    /// <summary>True if the working tree's files in those folders are the commit's.</summary>
    public async Task<bool> HasSourcesOfAsync(string commit, params string[] folders) =>
        (await RunAsync(CancellationToken.None, ["diff", "--quiet", commit, "--", .. folders])).ExitCode == 0
        && (await RunAsync(CancellationToken.None, ["ls-files", "--others", "--exclude-standard", "--", .. folders])).Output.Length == 0;

    /// <summary>The commit from which a pull request to that branch parted.</summary>
    public async Task<string?> MergeBaseAsync(string branch)
    {
        var result = await RunAsync(CancellationToken.None, "merge-base", $"origin/{branch}", "HEAD");
        return result.ExitCode == 0 ? result.Output.Trim() : null;
    }

    /// <summary>A file as it was in a commit; null if it did not exist.</summary>
    public async Task<string?> FileAsync(string commit, string path)
    {
        var result = await RunAsync(CancellationToken.None, "show", $"{commit}:{path}");
        return result.ExitCode == 0 ? result.Output : null;
    }

    /// <summary>Writes the files of a commit into an archive.</summary>
    public Task<SubprocessResult> ArchiveAsync(string commit, string file, CancellationToken cancellationToken) =>
        RunAsync(cancellationToken, "archive", "--format=tar", "-o", file, commit);

    // The clone may belong to another user, as one does that is mounted into a container; what is in it is built and run all the same.
    private Task<SubprocessResult> RunAsync(CancellationToken cancellationToken, params string[] arguments) =>
        Subprocess.RunAsync("git", ["-c", $"safe.directory={root.TrimEnd('/')}", "-C", root, .. arguments], cancellationToken);
}
