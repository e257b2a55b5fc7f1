using Snakepit.Benchmarks.Gate;
using Snakepit.Benchmarks.Repository;

namespace Snakepit.Tests.Functional.Gate;

/// <summary>Tests that a failure of git is told as such, and not as a missing commit, and that unusual repositories work.</summary>
public sealed class GitFailures : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("snakepit-git-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Without_git_the_error_says_that_git_is_missing()
    {
        var failed = await Assert.ThrowsAsync<GitException>(() => new Git(_root, "no-such-git").ResolveAsync("HEAD"));
        Assert.Contains("git cannot be started", failed.Message, StringComparison.Ordinal);
        Assert.Contains("install git", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Outside_of_a_repository_the_error_says_to_use_a_clone()
    {
        var git = new Git(_root);
        foreach (var ask in new Func<Task>[]
        {
            () => git.HeadAsync(), () => git.ResolveAsync("main"), () => git.MergeBaseAsync("main"), () => git.FileAsync("main", "file"),
            () => git.IsInHistoryAsync("main"), () => git.IsDirtyAsync(),
        })
        {
            var failed = await Assert.ThrowsAsync<GitException>(ask);
            Assert.Contains($"{_root} is not in a git repository", failed.Message, StringComparison.Ordinal);
            Assert.Contains("git clone", failed.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_damaged_repository_is_not_taken_for_a_missing_commit()
    {
        var commit = await TestRepository.CommitAsync(_root, "file", "content");
        File.WriteAllText(Path.Combine(_root, ".git", "config"), "[core\n");
        var failed = await Assert.ThrowsAsync<GitException>(() => new Git(_root).ResolveAsync(commit));
        Assert.Contains("failed in", failed.Message, StringComparison.Ordinal);
        Assert.Contains("config", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_commit_or_a_file_that_does_not_exist_is_an_answer_and_not_a_failure()
    {
        var commit = await TestRepository.CommitAsync(_root, "file", "content");
        var git = new Git(_root);
        Assert.Null(await git.ResolveAsync(new string('a', 40)));
        Assert.Null(await git.ResolveAsync("nowhere"));
        Assert.Null(await git.MergeBaseAsync("nowhere"));
        Assert.Null(await git.FileAsync(commit, "missing"));
        Assert.Equal("content", await git.FileAsync(commit, "file"));
    }

    [SkippableFact]
    public async Task A_repository_of_another_user_behind_a_symbolic_link_works()
    {
        Skip.IfNot(Environment.IsPrivilegedProcess, "only root can give a folder to another user");
        var real = Directory.CreateDirectory(Path.Combine(_root, "real")).FullName;
        var commit = await TestRepository.CommitAsync(real, "file", "content");
        await Benchmarks.Subprocesses.Subprocess.RunAsync("chown", ["-R", "65534:65534", real], CancellationToken.None);
        var link = Path.Combine(_root, "link");
        File.CreateSymbolicLink(link, real);
        Assert.Equal(commit, await new Git(link).HeadAsync());
    }

    [Fact]
    public async Task In_a_folder_of_a_larger_repository_a_pull_request_is_judged_by_the_policy_of_its_merge_base()
    {
        var project = Path.Combine(_root, "tools", "snakepit");
        foreach (var file in new[] { "policy.json", "Startup.verified.json" })
        {
            var text = await File.ReadAllTextAsync(Path.Combine(Workspace.Current.BaselineDirectory, file));
            await TestRepository.CommitAsync(_root, $"tools/snakepit/baselines/{file}", text);
        }

        await TestRepository.GitAsync(_root, "update-ref", "refs/remotes/origin/main", "HEAD");
        var workspace = new Workspace(project, "main");
        var policy = await File.ReadAllTextAsync(workspace.PolicyPath);
        var lenient = policy.Replace("\"edge\": 1.15", "\"edge\": 1.19", StringComparison.Ordinal);
        await File.WriteAllTextAsync(workspace.PolicyPath, lenient);

        var criteria = await Criteria.LoadAsync(workspace, "Startup");

        Assert.Equal(1.15, criteria.Policy.Rules["time"].Tolerance);
        Assert.Contains("The policy changed", Assert.Single(criteria.Notes), StringComparison.Ordinal);
    }
}
