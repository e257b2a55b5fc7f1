using System.Text.RegularExpressions;
using Snakepit.Tests.Functional.Conventions.Documents;

namespace Snakepit.Tests.Functional.Conventions;

/// <summary>A promise that a document makes by the name of a test is kept by a test of that name.</summary>
public sealed partial class NamedTests
{
    [Fact]
    public void Every_test_that_a_document_names_exists()
    {
        var missing = from document in Document.All
                      from name in NamedIn(document)
                      where !Exists(name.Class, name.Test)
                      select $"{document}: {name.Class}.{name.Test}";
        Problems.AreNone(missing);
    }

    [Theory]
    [InlineData("docs/guarantees.md")]
    [InlineData("tests/Functional/Faults.md")]
    public void Every_row_of_a_table_of_promises_names_a_test(string path)
    {
        var table = Assert.Single(Document.Of(path).Tables, table => table.Head[^1] == "test");
        Assert.True(table.Rows.Count > 10, $"only {table.Rows.Count} promises are left");
        Assert.All(table.Column("test"), cell => Assert.Matches(References(), cell));
    }

    private static IEnumerable<(string Class, string Test)> NamedIn(Document document) =>
        References().Matches(document.Prose).Select(match => (match.Groups["class"].Value, match.Groups["test"].Value));

    private static bool Exists(string type, string test) => typeof(NamedTests).Assembly.GetTypes()
        .Where(candidate => candidate.Name.Split('`')[0] == type)
        .Any(candidate => test == "*" || candidate.GetMethod(test)?.IsDefined(typeof(FactAttribute), inherit: true) == true);

    // `Class.Test_name` or `Class.*`.
    [GeneratedRegex(@"`(?<class>[A-Z]\w+)\.(?<test>\*|[A-Z][a-z0-9]*_\w+)`")]
    private static partial Regex References();
}
