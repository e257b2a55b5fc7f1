using System.Collections.Immutable;

namespace Snakepit.Tests.Functional.Conventions.Documents;

/// <summary>A table of a Markdown document.</summary>
/// <param name="Heading">The heading of the section that contains the table.</param>
/// <param name="Head">The cells of the head row, which are the names of the columns.</param>
/// <param name="Rows">The cells of each row below the head.</param>
internal sealed record Table(string Heading, ImmutableArray<string> Head, IReadOnlyList<ImmutableArray<string>> Rows)
{
    /// <summary>Returns the cells of the column with a given name.</summary>
    public IEnumerable<string> Column(string head) => Rows.Select(row => row[Head.IndexOf(head)]);

    public static IReadOnlyList<Table> In(IReadOnlyList<string> lines)
    {
        var (tables, current, heading) = (new List<Table>(), new List<ImmutableArray<string>>(), "");
        foreach (var line in lines.Append(""))
        {
            if (line.StartsWith('|'))
            {
                current.Add([.. line.Trim().Trim('|').Split('|').Select(cell => cell.Trim())]);
            }
            else if (current.Count > 0)
            {
                tables.Add(new Table(heading, current[0], [.. current.Skip(2)]));
                current.Clear();
            }

            heading = line.StartsWith('#') ? line.TrimStart('#').Trim() : heading;
        }

        return tables;
    }
}
