using System.Text.RegularExpressions;

namespace Snakepit.Tests.Functional.Conventions.Documents;

/// <summary>A message that a document quotes is one that somebody can see.</summary>
public sealed partial class QuotedMessages
{
    [Fact]
    public void Every_message_in_a_table_of_messages_stands_in_the_sources()
    {
        var sources = string.Join('\n', RepositoryFiles.All.Where(IsSource).Select(path => File.ReadAllText(Path.Combine(Repository.Root, path))));
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

    private static bool IsSource(string path) => path.StartsWith("src/", StringComparison.Ordinal) && path.EndsWith(".cs", StringComparison.Ordinal)
        || path.StartsWith("priv/python/snakepit_worker/", StringComparison.Ordinal) && path.EndsWith(".py", StringComparison.Ordinal)
        || path.StartsWith("tests/Performance/", StringComparison.Ordinal) && path.EndsWith(".cs", StringComparison.Ordinal);

    // A string that goes on in the next line, in C# or in Python.
    [GeneratedRegex("""
                    "\s*(\+\s*)?[$f]?"
                    """)]
    private static partial Regex Joint();
}
