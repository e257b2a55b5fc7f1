using Snakepit.Benchmarks.Subprocesses;
using Snakepit.Tests.Functional.Conventions;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Gate;

/// <summary>
/// Tests what happens in a git hook, where variables such as <c>GIT_DIR</c> name the user's repository: git that this project starts must
/// work in the repository that is meant.
/// </summary>
public sealed class GitHooks : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("snakepit-hooks-").FullName;

    private string Clone => Path.Combine(_root, "clone");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Tests_that_commit_in_repositories_of_their_own_leave_the_repository_of_a_pre_push_hook_alone()
    {
        Directory.CreateDirectory(Clone);
        await TestRepository.CommitAsync(Clone, "file", "the user's work");
        await TestRepository.GitAsync(_root, "init", "--quiet", "--bare", "remote");
        await TestRepository.GitAsync(Clone, "remote", "add", "origin", Path.Combine(_root, "remote"));
        var log = Path.Combine(_root, "hook.log");
        await WriteHookAsync(
            $"""
            #!/bin/sh
            export GIT_DIR="$(git rev-parse --absolute-git-dir)" GIT_WORK_TREE="{Clone}"
            export GIT_INDEX_FILE="$GIT_DIR/index"
            exec "{DotnetEnvironment.Muxer}" vstest "{typeof(GitHooks).Assembly.Location}" \
              --TestCaseFilter:"FullyQualifiedName~Gate.PullRequests|FullyQualifiedName~Pins.The_error" > "{log}" 2>&1
            """);
        var before = await StateAsync();

        var pushed = await Subprocess.RunAsync(
            "git", ["-C", Clone, "push", "--quiet", "origin", "main"], CancellationToken.None, environment =>
            {
                DotnetEnvironment.KeepForHost(environment);
                TestRepository.WithoutUserSettings(environment); // whose folder of hooks could be another one
            });

        var told = await File.ReadAllTextAsync(log);
        Assert.True(pushed.ExitCode == 0, $"{pushed.Errors}\n{told}");
        Assert.Contains("Passed:", told, StringComparison.Ordinal);
        Assert.Equal(before, await StateAsync());
    }

    [Fact]
    public async Task Tests_that_commit_need_no_name_and_use_neither_the_key_nor_the_hooks_of_whoever_runs_them()
    {
        var (home, told) = (Directory.CreateDirectory(Path.Combine(_root, "home")).FullName, Path.Combine(_root, "hook.ran"));
        var hook = Path.Combine(home, "pre-commit");
        await File.WriteAllTextAsync(hook, $"#!/bin/sh\necho hook >> '{told}'\n");
        File.SetUnixFileMode(hook, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        await File.WriteAllTextAsync(
            Path.Combine(home, ".gitconfig"), $"[commit]\ngpgsign = true\n[gpg]\nprogram = /bin/false\n[core]\nhooksPath = {home}\n");
        const string Tests = "FullyQualifiedName~Pins.The_error|FullyQualifiedName~PullRequests.A_pull_request_that";
        string[] tests = ["vstest", typeof(GitHooks).Assembly.Location, $"--TestCaseFilter:{Tests}"];

        var result = await Subprocess.RunAsync(DotnetEnvironment.Muxer, tests, CancellationToken.None, environment =>
        {
            DotnetEnvironment.KeepForHost(environment);
            environment["HOME"] = home;
        });

        Assert.True(result.ExitCode == 0, result.Output + result.Errors);
        Assert.False(File.Exists(told));
    }

    [PythonFact]
    public async Task The_linters_look_at_the_files_of_their_own_repository()
    {
        var script = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "eng", "lint.sh"));
        Assert.Contains("unset $(git rev-parse --local-env-vars)", script, StringComparison.Ordinal);
    }

    private async Task WriteHookAsync(string script)
    {
        var hook = Path.Combine(Clone, ".git", "hooks", "pre-push");
        Directory.CreateDirectory(Path.GetDirectoryName(hook)!);
        await File.WriteAllTextAsync(hook, script + "\n");
        File.SetUnixFileMode(hook, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private async Task<string> StateAsync() => string.Join('\n',
    [
        await TestRepository.GitAsync(Clone, "rev-list", "--all"),
        await TestRepository.GitAsync(Clone, "for-each-ref", "refs/heads", "refs/tags"),
        await TestRepository.GitAsync(Clone, "config", "--list", "--local"),
        await TestRepository.GitAsync(Clone, "status", "--porcelain"),
    ]);
}
