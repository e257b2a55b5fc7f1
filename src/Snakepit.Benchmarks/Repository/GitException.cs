using Snakepit.Benchmarks.Subprocesses;

namespace Snakepit.Benchmarks.Repository;

/// <summary>
/// Thrown when git itself fails. This is not the same as an answer such as "there is no such commit": after a failure nothing is known
/// about the repository, so advice about commits would lead astray.
/// </summary>
/// <param name="reason">What failed, with the folder and the words of git.</param>
/// <param name="remedy">What the user can do about it.</param>
internal sealed class GitException(string reason, string remedy) : NotComparableException(reason, remedy)
{
    /// <summary>Describes a git command that has failed.</summary>
    /// <param name="root">The folder in which git was started.</param>
    /// <param name="arguments">The arguments of git.</param>
    /// <param name="result">What git printed, and its exit code.</param>
    public static GitException Of(string root, IReadOnlyList<string> arguments, SubprocessResult result) =>
        result.ExitCode == Subprocess.NoSuchProgram
            ? new GitException($"git cannot be started ({result.Errors})", "install git, and see that it is on PATH")
        : result.Errors.Contains("not a git repository", StringComparison.Ordinal)
            ? new GitException(
                $"{root} is not in a git repository, so there is no earlier commit to compare with",
                "use a clone ('git clone'), because a downloaded archive has no history")
        : new GitException(
            $"'git {string.Join(' ', arguments)}' failed in {root} with exit code {result.ExitCode}: {result.Errors}",
            "mend what git reports");
}
