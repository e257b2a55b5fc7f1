namespace Snakepit.Benchmarks.Subprocesses;

/// <summary>
/// Keeps git's own environment variables from the programs that this program starts. In a git hook, variables such as <c>GIT_DIR</c> and
/// <c>GIT_INDEX_FILE</c> name the user's repository. They take precedence over the folder in which git is started, so git would change the
/// user's repository instead of the one that is meant.
/// </summary>
internal static class GitEnvironment
{
    public static void Remove(IDictionary<string, string?> environment)
    {
        foreach (var name in environment.Keys.Where(name => name.StartsWith("GIT_", StringComparison.Ordinal)).ToList())
        {
            environment.Remove(name);
        }
    }
}
