using System.Text.RegularExpressions;
using Snakepit.Tests.Functional.Conventions.Documents;

namespace Snakepit.Tests.Functional.Conventions;

/// <summary>Tests that every test that a document names, such as in the table of guarantees, exists.</summary>
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

    [Fact]
    public void Every_promise_in_the_guarantees_names_a_test()
    {
        var promises = Assert.Single(Document.Of("docs/guarantees.md").Tables, table => table.Head[^1] == "test");
        Assert.True(promises.Rows.Count > 10, $"only {promises.Rows.Count} promises are left");
        Assert.All(promises.Column("test"), cell => Assert.Matches(References(), cell));
    }

    [Fact]
    public void The_list_of_known_faults_names_tests() => Assert.True(NamedIn(Document.Of("tests/Functional/Faults.md")).Count() > 10);

    private static IEnumerable<(string Class, string Test)> NamedIn(Document document) =>
        References().Matches(document.Prose).Select(match => (match.Groups["class"].Value, match.Groups["test"].Value));

    private static bool Exists(string type, string test) => typeof(NamedTests).Assembly.GetTypes()
        .Where(candidate => candidate.Name.Split('`')[0] == type)
        .Any(candidate => test == "*" || candidate.GetMethod(test)?.IsDefined(typeof(FactAttribute), inherit: true) == true);

    // Matches `Class.Test_name` or `Class.*` in a document.
    [GeneratedRegex(@"`(?<class>[A-Z]\w+)\.(?<test>\*|[A-Z][a-z0-9]*_\w+)`")]
    private static partial Regex References();
}
