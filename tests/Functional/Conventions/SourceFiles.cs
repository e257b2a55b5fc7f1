namespace Snakepit.Tests.Functional.Conventions;

/// <summary>Tests that source files are short and their lines are not too long.</summary>
public sealed class SourceFiles
{
    private const int MostLines = 300;
    private const int MedianLines = 70;
    private const int MostColumns = 140;

    private static readonly string[] SourceEndings =
        [".cs", ".csproj", ".js", ".mjs", ".props", ".proto", ".py", ".pyi", ".sh", ".targets", ".yml"];

    [Theory]
    [InlineData("src", "*.cs")]
    [InlineData("priv/python/snakepit_worker", "*.py")]
    public void Files_are_short(string folder, string pattern)
    {
        var lengths = Files(folder).Where(path => Path.GetExtension(path) == Path.GetExtension(pattern))
            .ToDictionary(path => path, path => File.ReadLines(Path.Combine(Repository.Root, path)).Count());
        Assert.True(lengths.Count > 20, $"{folder} has only {lengths.Count} files.");
        RequireNone(lengths.Where(file => file.Value > MostLines)
            .Select(file => $"{file.Key} has {file.Value} lines, more than {MostLines}."));
        var median = lengths.Values.Order().ElementAt(lengths.Count / 2);
        Assert.True(median < MedianLines, $"Half of the files in {folder} have {median} lines or more, not less than {MedianLines}.");
    }

    [Fact]
    public void No_line_of_source_is_wider_than_the_editor_settings_allow()
    {
        var files = new[] { "src", "priv", "protos", "samples", "tests", "eng", ".github", ".ci" }.SelectMany(Files)
            .Where(path => SourceEndings.Contains(Path.GetExtension(path)) || path.StartsWith(".ci/", StringComparison.Ordinal))
            .ToList();
        Assert.True(files.Count > 300, $"Only {files.Count} files were found.");
        RequireNone(files.SelectMany(path => File.ReadLines(Path.Combine(Repository.Root, path))
            .Select((line, index) => (line, index))
            .Where(found => found.line.Length > MostColumns)
            .Select(found => $"{path}:{found.index + 1} has {found.line.Length} columns, more than {MostColumns}.")));
    }

    private static void RequireNone(IEnumerable<string> faults)
    {
        var found = faults.ToList();
        Assert.True(found.Count == 0, string.Join("\n", found));
    }

    private static IEnumerable<string> Files(string folder) => Directory
        .EnumerateFiles(Path.Combine(Repository.Root, folder), "*", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(Repository.Root, path))
        .Where(path => !path.Contains("/__pycache__/", StringComparison.Ordinal));
}
