using Snakepit.Benchmarks.Repository;

namespace Snakepit.Tests.Functional.Gate;

/// <summary>
/// Tests that sources are noticed which the working tree or the commit has besides those that were built: a result would be attributed to
/// them although they were not measured.
/// </summary>
public sealed class AddedSources : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("snakepit-added-").FullName;
    private readonly BuiltSources _built = BuiltSources.Read(CandidateBuild.Directory, CandidateBuild.RepositoryRoot);

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("src/Snakepit/Added.cs", true)]
    [InlineData("src/Snakepit.Measurement/Files/Added.cs", true)]
    [InlineData("src/Snakepit.Benchmarks/Host/Slots/Added.cs", true)]
    [InlineData("src/Snakepit.Benchmarks/Host/adapters/added.py", true)]
    [InlineData("src/Snakepit/Snakepit.csproj.user", true)]
    [InlineData("priv/python/snakepit_worker/roles/added.py", true)]
    [InlineData("protos/snakepit/v1/added.proto", true)]
    [InlineData("eng/Added.targets", true)]
    [InlineData("Directory.Solution.props", true)]
    [InlineData("src/Snakepit/obj/Added.cs", false)]
    [InlineData("src/Snakepit/added.txt", false)]
    [InlineData("src/Snakepit.Hosting/Added.cs", false)]
    [InlineData("tests/Functional/Added.cs", false)]
    [InlineData("added.py", false)]
    public async Task A_file_that_was_added_since_the_build_is_found_in_the_tree_and_in_a_commit(string path, bool isSource)
    {
        var commit = await TestRepository.CommitAsync(_root, path, "// not built\n");
        Assert.Equal(isSource, _built.DifferencesFromTree(_root).Contains(path));
        Assert.Equal(isSource, (await _built.DifferencesFromAsync(new Git(_root), commit)).Contains(path));
        if (isSource)
        {
            var refused = Assert.Throws<NotComparableException>(() => _built.RequireTree(_root));
            Assert.Contains("have changed or were added since", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_sources_of_this_repository_are_all_among_those_that_were_built()
    {
        Assert.True(SourceFiles.In(CandidateBuild.RepositoryRoot).Count() > 400);
        Assert.Empty(_built.DifferencesFromTree(CandidateBuild.RepositoryRoot));
    }

    [Fact]
    public async Task The_files_of_a_commit_are_read_whatever_the_attributes_of_the_user_and_the_current_folder()
    {
        var commit = await TestRepository.CommitAsync(_root, "src/Snakepit/Kept.cs", "// kept\n");
        var attributes = Path.Combine(_root, "artifacts", "attributes");
        Directory.CreateDirectory(Path.GetDirectoryName(attributes)!);
        await File.WriteAllTextAsync(attributes, "*.cs export-ignore\n");
        await TestRepository.GitAsync(_root, "config", "core.attributesFile", attributes);
        var git = new Git(_root);
        Assert.Contains("src/Snakepit/Kept.cs", await _built.DifferencesFromAsync(git, commit));

        var archive = Path.Combine(_root, "artifacts", "archive.tar");
        await git.ArchiveAsync(commit, Path.GetRelativePath(Environment.CurrentDirectory, archive), CancellationToken.None);
        Assert.Contains("// kept", await File.ReadAllTextAsync(archive), StringComparison.Ordinal);
    }
}
