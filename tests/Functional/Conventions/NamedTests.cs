using System.Text.RegularExpressions;

namespace Snakepit.Tests.Functional.Conventions;

/// <summary>What the documents promise by the name of a test is kept by a test of that name.</summary>
public sealed partial class NamedTests
{
    [Theory]
    [InlineData("README.md")]
    [InlineData("tests/Functional/Faults.md")]
    public async Task Every_test_that_a_document_names_exists(string document)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Repository.Root, document));
        var named = References().Matches(text).Select(match => (Class: match.Groups["class"].Value, Test: match.Groups["test"].Value)).ToList();
        Assert.True(named.Count > 10, $"only {named.Count} tests are named");
        var missing = named.Where(name => !Exists(name.Class, name.Test)).Select(name => $"{name.Class}.{name.Test}");
        Assert.Empty(missing);
    }

    private static bool Exists(string type, string test) => typeof(NamedTests).Assembly.GetTypes()
        .Any(candidate => candidate.Name.Split('`')[0] == type && (test == "*" || candidate.GetMethod(test)?.IsDefined(typeof(FactAttribute), inherit: true) == true));

    // In a table's last column: `Class.Test_name` or `Class.*`.
    [GeneratedRegex(@"`(?<class>[A-Z]\w+)\.(?<test>\*|[A-Z][a-z0-9]*_\w+)`")]
    private static partial Regex References();
}
