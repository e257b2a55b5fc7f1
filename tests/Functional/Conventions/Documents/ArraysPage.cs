using Snakepit.Tests.Functional.Execution;

namespace Snakepit.Tests.Functional.Conventions.Documents;

/// <summary>Tests that the page on arrays has the tables of types that <see cref="ProvenTypes{T}"/> proves row by row.</summary>
public sealed class ArraysPage
{
    private const string Page = "docs/arrays.md";

    [Fact]
    public void Its_tables_of_types_are_those_whose_rows_are_proven()
    {
        var text = RepositoryFiles.Read(Page);
        string[] proven = [ArrayTypes.ArgumentTable, ArrayTypes.ResultTable];
        Problems.AreNone(proven.Where(table => !text.Contains($"\n\n{table}\n", StringComparison.Ordinal))
            .Select(table => $"{Page} must have this table, which is written from {nameof(ArrayTypes)}:\n\n{table}"));
        Assert.Equal(proven.Length, Document.Of(Page).Tables.Count(table => table.Heading == "Types"));
    }
}
