using System.Text.RegularExpressions;

namespace Snakepit.Tests.Functional.Conventions.Documents;

/// <summary>Tests that every message that a document quotes exists in the sources.</summary>
public sealed partial class QuotedMessages
{
    private static readonly string[] Places = ["src/", "priv/python/snakepit_worker/", "tests/Performance/"];

    [Fact]
    public void Every_message_in_a_table_of_messages_stands_in_the_sources()
    {
        var sources = string.Join('\n', RepositoryFiles.All.Where(IsSource).Select(RepositoryFiles.Read));
        var texts = Joint().Replace(sources, "");
        var unknown = from document in Document.All
                      from table in document.Tables
                      where table.Head.Contains("message")
                      from cell in table.Column("message")
                      from part in Quotes.PartsOf(cell)
                      where !texts.Contains(part, StringComparison.Ordinal)
                      select $"{document}: \"{part}\"";
        Problems.AreNone(unknown);
    }

    private static bool IsSource(string path) => Path.GetExtension(path) is ".cs" or ".py"
        && Places.Any(place => path.StartsWith(place, StringComparison.Ordinal));

    // Matches the place where a string literal continues in the next line, in C# or in Python.
    [GeneratedRegex("""
                    "\s*(\+\s*)?[$f]?"
                    """)]
    private static partial Regex Joint();
}
