using Snakepit.Benchmarks.Subprocesses;

namespace Snakepit.Tests.Functional.Gate;

/// <summary>Creates small git repositories for tests.</summary>
internal static class TestRepository
{
    /// <summary>Writes a file, commits it and returns the name of the commit. Creates the repository first if there is none.</summary>
    public static async Task<string> CommitAsync(string root, string path, string content)
    {
        if (!Directory.Exists(Path.Combine(root, ".git")))
        {
            await GitAsync(root, "init", "--quiet", "--initial-branch=main");
            await File.WriteAllTextAsync(Path.Combine(root, ".gitignore"), "artifacts/\n");
        }

        var file = Path.Combine(root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, content);
        await GitAsync(root, "add", "--all");
        await GitAsync(root, "commit", "--quiet", "--allow-empty", "-m", path);
        return await GitAsync(root, "rev-parse", "HEAD");
    }

    /// <summary>
    /// Keeps git from the settings of whoever runs the tests: it would sign commits with their key, run their hooks, and fail if they have
    /// no name.
    /// </summary>
    public static void WithoutUserSettings(IDictionary<string, string?> environment)
    {
        environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        environment["GIT_CONFIG_NOSYSTEM"] = "1";
        environment["GIT_AUTHOR_NAME"] = environment["GIT_COMMITTER_NAME"] = "tests";
        environment["GIT_AUTHOR_EMAIL"] = environment["GIT_COMMITTER_EMAIL"] = "tests@example.org";
    }

    /// <summary>Runs git in a repository and returns what it printed.</summary>
    public static async Task<string> GitAsync(string root, params string[] arguments)
    {
        var result = await Subprocess.RunAsync("git", ["-C", root, .. arguments], CancellationToken.None, WithoutUserSettings);
        Assert.True(result.ExitCode == 0, $"git {string.Join(' ', arguments)}: {result.Errors}");
        return result.Output.Trim();
    }
}
