namespace Snakepit.Tests.Functional.Conventions.Documents;

/// <summary>Tests that the page on the architecture lists every folder of the sources, and no other folder.</summary>
public sealed class ArchitecturePage
{
    [Theory]
    [InlineData("src/Snakepit")]
    [InlineData("src/Snakepit.Hosting")]
    [InlineData("src/Snakepit.Measurement")]
    [InlineData("src/Snakepit.Benchmarks")]
    [InlineData("priv/python/snakepit_worker")]
    public void Every_folder_of_a_project_has_a_row_in_its_table(string project)
    {
        var table = Document.Of("docs/architecture.md").Tables.Single(table => table.Heading == project);
        Assert.Equal("room", table.Head[0]);
        var told = table.Rows.SelectMany(row => row[0].Split(", "))
            .Where(name => name.StartsWith('`'))
            .Select(name => name.Trim('`').Split('/')[0]);
        var folders = RepositoryFiles.All.Where(path => path.StartsWith($"{project}/", StringComparison.Ordinal))
            .Select(path => path[(project.Length + 1)..].Split('/'))
            .Where(parts => parts.Length > 1)
            .Select(parts => parts[0])
            .Distinct();
        var (missing, gone) = (folders.Except(told), told.Except(folders));
        Problems.AreNone([.. missing.Select(name => $"{name} has no row"), .. gone.Select(name => $"{name} is no folder of {project}")]);
    }
}
